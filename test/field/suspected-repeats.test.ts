import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { importPaths, openStore } from "@cctelemetry/core";
import { expect, onTestFinished, test } from "vitest";
import { type Event, line, type Point, request } from "../../packages/core/test/support/otlp.ts";
import { writeEmptyDatabase } from "../../packages/core/test/support/telemetry.ts";
import { testFolder } from "../support/cli.ts";

const at = "2026-11-10T09:00:00.000Z";
const gateway = { "deployment.environment": "prod" };

/** What coverage says of records. */
async function coverageOf(...records: readonly (Event | Point)[]): Promise<unknown> {
  const folder = await testFolder();
  const file = join(folder, "telemetry.jsonl");
  await writeFile(file, records.map((each) => `${line(each)}\n`).join(""));
  await writeEmptyDatabase(join(folder, "telemetry.duckdb"));
  const store = await openStore(join(folder, "telemetry.duckdb"));
  onTestFinished(() => store.close());
  await importPaths(store, [file]);
  return store.reading((session) =>
    session.rows(
      "SELECT requests, repeated_requests, suspected_repeats, agrees, likely_cause FROM coverage",
    ),
  );
}

const tokens = (resource: Record<string, string>): Point => ({
  at,
  metric: "token.usage",
  value: 13,
  attributes: { "session.id": "s1", type: "input", model: "claude-opus-5-5" },
  resource,
});

test("requests without an id by two routes both count, and are suspected", async () => {
  expect(await coverageOf(request(at), request(at, {}, gateway))).toEqual([
    {
      requests: 2n,
      repeated_requests: 0n,
      suspected_repeats: 1n,
      agrees: false,
      likely_cause: "suspected repeats",
    },
  ]);
});

test("points by two routes are suspected, with events and without", async () => {
  const found = { suspected_repeats: 1n, agrees: false, likely_cause: "suspected repeats" };
  const points = [tokens({}), tokens(gateway)];
  expect(await coverageOf(...points)).toEqual([expect.objectContaining(found)]);
  const one = request(at, { request_id: "req_1" });
  expect(await coverageOf(one, ...points)).toEqual([expect.objectContaining(found)]);
});

test("a request by two routes with its metrics by one agrees", async () => {
  const ids = { request_id: "req_1" };
  const cost: Point = { ...tokens({}), metric: "cost.usage", value: 0.01 };
  const records = [request(at, ids), request(at, ids, gateway), tokens({}), cost];
  expect(await coverageOf(...records)).toEqual([
    {
      requests: 1n,
      repeated_requests: 1n,
      suspected_repeats: 0n,
      agrees: true,
      likely_cause: null,
    },
  ]);
});

test("two requests that differ are not suspected, whatever their resource", async () => {
  const other = request(at, { output_tokens: 2 }, gateway);
  expect(await coverageOf(request(at), other)).toEqual([
    expect.objectContaining({ requests: 2n, suspected_repeats: 0n, likely_cause: "no metrics" }),
  ]);
});
