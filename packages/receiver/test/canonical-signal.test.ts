import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { canonicalPieces } from "../src/canonical/canonical.ts";
import type { Signal } from "../src/export-request.ts";
import { logs, metrics, textOf, written } from "./support/canonical.ts";

const fixtures = fileURLToPath(new URL("../../../fixtures/", import.meta.url));

describe("a body that came to another signal's path", () => {
  const bodies: Readonly<Record<Signal, string>> = {
    logs: logs('{"body":{"stringValue":"x"}}'),
    metrics: metrics('{"name":"n","sum":{"dataPoints":[{"asInt":"1"}]}}'),
    traces: '{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"s"}]}]}]}',
  };
  const all = Object.keys(bodies) as Signal[];
  const ways = all.flatMap((sentAs) => all.map((signal) => [sentAs, signal] as const));

  test.each(ways)("%s: %s is written as what it is", async (sentAs, signal) => {
    const body = bodies[signal];
    const line = written(signal, "json", body);
    expect(line).toMatch(/^\{"resource/);
    expect(written(sentAs, "json", body)).toBe(line);
    expect(textOf(await canonicalPieces(sentAs, "json", Buffer.from(body)))).toBe(line);
    const snake = body.replaceAll(/[A-Z](?=[a-z]+":\[)/g, (each) => `_${each.toLowerCase()}`);
    expect(written(sentAs, "json", snake)).toBe(line);
  });

  test.each(
    all.flatMap((sentAs) => ["logs", "metrics"].map((signal) => [sentAs, signal] as const)),
  )("in protobuf %s: %s", async (sentAs, signal) => {
    const folder = join(fixtures, "receiver/L-proto-tools");
    const name = readdirSync(folder).find((each) => each.endsWith(`${signal}.pb`)) ?? "";
    const body = readFileSync(join(folder, name));
    const line = written(signal as Signal, "protobuf", body);
    expect(line).toMatch(/^\{"resource/);
    expect(written(sentAs, "protobuf", body)).toBe(line);
    expect(textOf(await canonicalPieces(sentAs, "protobuf", body))).toBe(line);
  });

  test("one of several signals is a line for each", async () => {
    const body = `{${all.map((signal) => bodies[signal].slice(1, -1)).join(",")}}`;
    const lines = (first: Signal) =>
      [first, ...all.filter((each) => each !== first)].map((each) =>
        written(each, "json", bodies[each]),
      );
    for (const sentAs of all) {
      expect(written(sentAs, "json", body).split("\n")).toEqual(lines(sentAs));
      const pieces = textOf(await canonicalPieces(sentAs, "json", Buffer.from(body)));
      expect(pieces.split("\n")).toEqual(lines(sentAs));
    }
  });
});

test.each([
  ['{"foo":1}', 'none of resourceLogs, resourceMetrics, resourceSpans, but "foo"'],
  ['{"resourcelogs":[{}]}', 'but "resourcelogs"'],
  ['{"resourceLogs":[],"future":[1]}', 'nothing is known by "future"'],
  ['{"resourceLogs":[{"scopedLogs":[{}]}]}', '"scopedLogs"'],
  ['{"resourceLogs":[{"scopeLogs":[{"log":[{}]}]}]}', 'by "log"'],
  [
    '{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"n","counter":{"a":1}}]}]}]}',
    '"counter"',
  ],
])("content without a record is refused, not thrown away: %s", async (body, reason) => {
  expect(written("logs", "json", body)).toContain(reason);
  expect(textOf(await canonicalPieces("logs", "json", Buffer.from(body)))).toContain(reason);
});
