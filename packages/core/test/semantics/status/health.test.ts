import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { importPaths } from "../../../src/ingest/import.ts";
import { openStore } from "../../../src/open-store.ts";
import { type StoreHealth, storeHealth } from "../../../src/semantics/status/health.ts";
import { recordings, writeEmptyDatabase } from "../../support/telemetry.ts";

let folder = "";
afterEach(() => rm(folder, { recursive: true, force: true }));

const FAR = 4_000_000_000_000_000n;

async function healthOf(
  files: readonly string[],
  text = "",
  [since, now]: readonly [bigint, bigint] = [0n, FAR],
): Promise<StoreHealth> {
  folder = await mkdtemp(join(tmpdir(), "cctelemetry-"));
  const more = join(folder, "more.jsonl");
  await writeFile(more, text);
  await writeEmptyDatabase(join(folder, "t.duckdb"));
  const store = await openStore(join(folder, "t.duckdb"));
  try {
    await importPaths(store, [...files.map((name) => join(recordings, name)), more]);
    return await storeHealth(store, since, now);
  } finally {
    await store.close();
  }
}

const events = (session: string, names: readonly string[], service = "claude-code"): string => {
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const logRecords = names.map((name, index) => ({
    timeUnixNano: `179000000000000000${index}`,
    body: { stringValue: `claude_code.${name}` },
    attributes: [text("event.name", name), text("session.id", session)],
  }));
  const resource = { attributes: [text("service.name", service)] };
  return `${JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] })}\n`;
};

test("undisturbed telemetry has nothing to report but its version", async () => {
  const health = await healthOf(["L-json-tools.jsonl"]);
  expect(health).toMatchObject({
    silentSessions: 0,
    otherServices: [],
    rejectedLines: 0,
    causes: [],
    repeats: { requests: 0, records: 0, differsIn: [] },
  });
  expect(health.versions.map(({ version }) => version)).toEqual(["2.1.329"]);
  expect(health.lastTime).toBeGreaterThan(1_700_000_000_000_000);
});

test("the defects of old versions are reported with their versions and a session", async () => {
  const { causes, versions } = await healthOf(["O-json-err.jsonl", "V-2.1.20.jsonl"]);
  expect(versions.map(({ version }) => version).sort()).toEqual(["2.0.76", "2.1.20"]);
  const empty = causes.find(({ cause }) => cause === "requests without usage");
  expect(empty).toMatchObject({
    versions: ["2.0.76"],
    session: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test("sessions with tools and no request, and other services, are reported", async () => {
  const { silentSessions, otherServices } = await healthOf(
    [],
    events("silent", ["user_prompt", "tool_result"]) +
      events("failed", ["tool_result", "api_error"]) +
      events("asked", ["user_prompt"]) +
      events("theirs", ["anything"], "next-server"),
  );
  expect({ silentSessions, otherServices }).toEqual({
    silentSessions: 1,
    otherServices: ["next-server"],
  });
});

test("marks of stages are no telemetry", async () => {
  const health = await healthOf([], events("s", ["stage_mark"], "cctelemetry"), [0n, 1n]);
  expect(health).toMatchObject({ lastTime: undefined, otherServices: [] });
});

test("records of the future are not the latest", async () => {
  const text = events("s", ["user_prompt"]);
  const { lastTime } = await healthOf([], text, [0n, 1_000_000_000_000_000n]);
  expect(lastTime).toBeUndefined();
});

test("what lies before the time that is asked for is left out", async () => {
  const { versions, causes, lastTime } = await healthOf(["O-json-err.jsonl"], "", [FAR, FAR]);
  expect({ versions, causes }).toEqual({ versions: [], causes: [] });
  expect(lastTime).toBeGreaterThan(0);
});
