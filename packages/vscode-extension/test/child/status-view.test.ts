import { mkdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type TelemetryWatch, watchTelemetry } from "@cctelemetry/core";
import * as v from "valibot";
import { expect, onTestFinished, test } from "vitest";
import { line, request } from "../../../core/test/support/otlp.ts";
import { writeEmptyDatabase } from "../../../core/test/support/telemetry.ts";
import { statusViewOf } from "../../src/child/status-view.ts";
import { activeSession } from "../../src/host/status/active-session.ts";
import { statusViewSchema } from "../../src/status-view.ts";

const NOW = Date.parse("2026-11-21T12:00:00.000Z");
const AT = "2026-11-21T11:59:00.000Z";

async function watching(folder: string, ...lines: readonly string[]): Promise<TelemetryWatch> {
  const base = await mkdtemp(join(tmpdir(), "cctelemetry-view-"));
  const place = join(base, folder);
  mkdirSync(place, { recursive: true });
  const file = join(place, "telemetry.jsonl");
  await writeFile(file, lines.map((each) => `${each}\n`).join(""));
  await writeEmptyDatabase(join(base, "t.duckdb"));
  const store = await openStore(join(base, "t.duckdb"));
  const watch = watchTelemetry(store, [file], { timeZone: "UTC", now: () => NOW });
  onTestFinished(async () => {
    await watch.close();
    await store.close();
    await rm(base, { recursive: true, force: true });
  });
  await watch.ready;
  return watch;
}

const options = {
  configured: true,
  paths: [],
  pinned: null,
  receiver: { state: "off", text: "" },
} as const;

/** As it arrives in the extension host. */
function arrived(watch: TelemetryWatch, pinned: string | null = null) {
  const sent = JSON.parse(JSON.stringify(statusViewOf(watch.state(), { ...options, pinned })));
  return v.parse(statusViewSchema, sent);
}

test("a path is that of the file, whatever characters are in it", async () => {
  const watch = await watching("a\u202eb\u200b é", line(request(AT)));
  const [file] = arrived(watch).files;
  expect(file?.path).toBe(watch.state().files[0]?.path);
  expect(file?.path).toContain("a\u202eb\u200b é");
});

test("sessions with long, alike or odd ids are kept apart and can be pinned", async () => {
  const long = "x".repeat(1500);
  const ids = [`${long}1`, `${long}2`, "a\u202eb", "a\\u202eb"];
  const lines = ids.map((id, at) => line(request(AT, { "session.id": id, cost_usd: at + 1 })));
  const watch = await watching("plain", ...lines);
  for (const [at, id] of ids.entries()) {
    const active = activeSession(arrived(watch, id), id, 300_000);
    expect(active).toMatchObject({ kind: "pinned", session: { session_id: id, cost_usd: at + 1 } });
  }
});

test("an id beyond any bound costs its session the place, not the others", async () => {
  const huge = line(request(AT, { "session.id": "y".repeat(100_000) }));
  const watch = await watching("plain", huge, line(request(AT, { "session.id": "s1" })));
  expect(arrived(watch).sessions.map(({ session_id }) => session_id)).toEqual(["s1"]);
});

test("requests without a cost leave it unknown, and their number is reported", async () => {
  const unpriced = request(AT, { "session.id": "s2" });
  const { cost_usd: _none, ...left } = unpriced.attributes ?? {};
  const watch = await watching(
    "plain",
    line(request(AT, { "session.id": "s1", cost_usd: 100_000 })),
    line({ ...unpriced, attributes: left }),
  );
  const { sessions, today } = arrived(watch);
  expect(today).toMatchObject({ cost_usd: 100_000, unpriced_requests: 1, requests: 2 });
  expect(sessions.find(({ session_id }) => session_id === "s2")).toMatchObject({
    cost_usd: null,
    unpriced_requests: 1,
    usd_per_minute: null,
    models: [{ cost_usd: null, unpriced_requests: 1 }],
  });
});
