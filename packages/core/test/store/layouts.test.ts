import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";
import { importPaths } from "../../src/ingest/import.ts";
import { recordTables } from "../../src/model/columns.ts";
import { openStore } from "../../src/open-store.ts";
import { reports } from "../../src/reports/registry.ts";
import { runReport } from "../../src/reports/run.ts";
import type { Store } from "../../src/store/store.ts";
import { recordings, storeOf } from "../support/telemetry.ts";
import { buildStoreChild, newFolder } from "./store-process.ts";

const fixtures = fileURLToPath(new URL("../../../../fixtures/store/", import.meta.url));

/** The older layouts of which there is a database. */
const layouts = [1, 2] as const;
type Layout = (typeof layouts)[number];

/** A database that a cctelemetry of an older layout has made of the telemetry of that name. */
async function oldDatabase(layout: Layout = 1): Promise<string> {
  const path = join(await newFolder(), "old.duckdb");
  writeFileSync(path, gunzipSync(readFileSync(join(fixtures, `layout-${layout}.duckdb.gz`))));
  return path;
}

/** The telemetry it was made of. */
async function oldTelemetry(layout: Layout = 1): Promise<string> {
  const path = join(await newFolder(), "old.jsonl");
  writeFileSync(path, gunzipSync(readFileSync(join(fixtures, `layout-${layout}.jsonl.gz`))));
  return path;
}

/** The engine itself says what version stands in a file. */
async function versionIn(path: string): Promise<unknown> {
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  const rows = await connection.runAndReadAll("SELECT schema_version FROM base.meta");
  connection.closeSync();
  instance.closeSync();
  return rows.getRows()[0]?.[0];
}

/** What is read of some times of events today, and was kept as an attribute by layout 1. */
const readBetter = "event_lag_us, attributes";

/** Tables of what is derived from records. */
const derivedTables = ["evidence", "routes", "request_days"];

/** All rows of all record tables and of what is derived from them, whatever their order. */
function contentOf(store: Store): Promise<unknown> {
  return store.reading(async (session) => {
    const content: Record<string, unknown> = {};
    for (const name of Object.keys(recordTables)) {
      const columns = name.endsWith("logs") ? `* EXCLUDE (${readBetter})` : "*";
      content[name] = await session.table(`SELECT ${columns} FROM base.${name} ORDER BY record_id`);
    }
    for (const name of derivedTables) {
      content[name] = await session.table(`FROM base.${name} ORDER BY ALL`);
    }
    return content;
  });
}

/** What some reports say; all of them read what is compared as content. */
function reportsOf(store: Store): Promise<unknown> {
  const { sessions, models, coverage } = reports;
  return store.reading(async (session) => {
    const said: unknown[] = [];
    for (const report of [sessions, models, coverage]) {
      said.push(await runReport(session, report, { tz: "UTC" }));
    }
    return said;
  });
}

describe.each(layouts)("a database of layout %i", (layout) => {
  test("becomes what this version makes of the same telemetry", async () => {
    const path = await oldDatabase(layout);
    const notices: string[] = [];
    const store = await openStore(path, { onNotice: (notice) => notices.push(notice) });
    const fresh = await storeOf(await oldTelemetry(layout));
    expect(await contentOf(store)).toEqual(await contentOf(fresh.store));
    expect(await reportsOf(store)).toEqual(await reportsOf(fresh.store));
    expect(notices).toEqual([
      `The database ${path} was brought to layout 3; older versions of cctelemetry do not open it any more.`,
    ]);
    await store.close();
    await fresh.remove();
  });

  test("is done with the second time", async () => {
    const path = await oldDatabase(layout);
    const first = await openStore(path);
    await first.reading(() => Promise.resolve());
    await first.close();
    const before = readFileSync(path);
    const notices: string[] = [];
    const second = await openStore(path, { onNotice: (notice) => notices.push(notice) });
    await second.reading(() => Promise.resolve());
    await second.close();
    expect(notices).toEqual([]);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("knows what was read before", async () => {
    const path = await oldDatabase(layout);
    const store = await openStore(path);
    const { totals } = await importPaths(store, [await oldTelemetry(layout)]);
    await store.close();
    expect(totals).toMatchObject({ logRecords: 0, points: 0, spans: 0 });
  });
});

test("another program's request becomes an event as any other", async () => {
  const path = await oldDatabase();
  const store = await openStore(path);
  const fresh = await storeOf(await oldTelemetry());
  const asked = `SELECT event_name, body, session_id, all_attributes::JSON AS attributes
    FROM base.logs WHERE service_name = 'opencode'`;
  const [moved] = await store.reading((session) => session.rows(asked));
  const [stored] = await fresh.store.reading((session) => session.rows(asked));
  expect(moved).toMatchObject({ event_name: "api_request", body: "opencode.api_request" });
  expect(JSON.parse(String(moved?.["attributes"]))).toEqual(
    JSON.parse(String(stored?.["attributes"])),
  );
  const sessions = await store.reading((session) =>
    session.rows("FROM api_requests WHERE session_id = 's-other'"),
  );
  expect(sessions).toEqual([]);
  await store.close();
  await fresh.remove();
});

test.each(["bulk", "small"] as const)(
  "who writes (%s) brings it to this layout, too",
  async (writes) => {
    const path = await oldDatabase();
    const store = await openStore(path, { writes });
    const { totals } = await importPaths(store, [join(recordings, "V-2.1.112.jsonl")]);
    const rows = await store.reading((session) =>
      session.rows("SELECT DISTINCT source_kind FROM base.api_request_logs ORDER BY ALL"),
    );
    await store.close();
    expect(totals.logRecords).toBeGreaterThan(0);
    expect(rows.map((row) => row["source_kind"])).toEqual([
      "auxiliary",
      "main",
      "subagent",
      "unknown",
    ]);
    expect(await versionIn(path)).toBe(3);
  },
);

test("a process killed on the way leaves layout 1, and the next brings it to this one", async () => {
  const path = await oldDatabase();
  const child = spawn(process.execPath, [await buildStoreChild(), "upgrade", path]);
  await new Promise<void>((filled, failed) => {
    child.stdout.once("data", () => filled());
    child.once("error", failed);
    child.once("exit", (code) => failed(new Error(`ended with ${code}`)));
  });
  const gone = new Promise((done) => child.once("close", done));
  child.kill("SIGKILL");
  await gone;
  expect(await versionIn(path)).toBe(1);
  const store = await openStore(path);
  const [row] = await store.reading((session) =>
    session.rows("SELECT count(source_kind)::INT AS filled FROM base.api_request_logs"),
  );
  await store.close();
  expect(row?.["filled"]).toBeGreaterThan(0);
  expect(await versionIn(path)).toBe(3);
});
