import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStore, reports, runReport, watchTelemetry } from "@cctelemetry/core";
import { afterAll, expect, test } from "vitest";
import { readHostMessage } from "../../src/host/protocol.ts";
import {
  cell,
  liveMessage,
  queryTable,
  reportDescription,
  reportTable,
} from "../../src/host/wire.ts";
import { starters } from "../../src/page/data/statements.ts";

const folder = mkdtempSync(join(tmpdir(), "cctelemetry-wire-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const recording = fileURLToPath(
  new URL("../../../../fixtures/telemetry/L-workflow.jsonl", import.meta.url),
);

/** What arrives at the other side. */
function sent(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message));
}

test("the answers of every report and of the live state are messages", async () => {
  const store = await openStore(join(folder, "wire.duckdb"));
  const now = () => Date.parse("2026-11-21T01:55:45Z");
  const watch = watchTelemetry(store, [recording], { timeZone: "UTC", now });
  await watch.ready;
  const live = liveMessage(watch.state());
  expect(readHostMessage(sent(live))).toEqual(live);
  expect(live.today.cost_usd).toBe(0.13882777);
  for (const report of Object.values(reports)) {
    const given = report.required?.includes("session") ? { session: "efccdab8" } : {};
    const result = await store.reading((session) =>
      runReport(session, report, given, { now, timeZone: () => "UTC" }),
    );
    const table = reportTable(7, result);
    expect(readHostMessage(sent(table)), report.name).toEqual(table);
    expect(table.rows.length, report.name).toBe(result.rows.length);
  }
  for (const { title, sql } of starters) {
    const { rows } = await store.reading((session) => session.table(sql));
    expect(rows.length, title).toBeGreaterThan(0);
  }
  await watch.close();
  await store.close();
});

test("the welcome with every report is a message", () => {
  const descriptions = Object.values(reports).map(reportDescription);
  const welcome = {
    kind: "welcome",
    state: null,
    timeZone: "UTC",
    pinned: null,
    reports: descriptions,
  };
  expect(readHostMessage(sent(welcome))).toEqual(welcome);
});

test("values lose nothing on their way", () => {
  expect(cell(9_007_199_254_740_993n)).toBe("9007199254740993");
  expect(cell(12n)).toBe(12);
  expect(cell(Number.NaN)).toBe("NaN");
  expect(cell({ kind: "time", micros: 1_795_255_200_123_456n })).toBe(
    "2026-11-21T10:00:00.123456Z",
  );
  expect(cell(["a", { b: 1n }])).toBe('["a",{"b":1}]');
  expect(queryTable(1, [{ name: "a", type: "INTEGER" }], [[1], [2]], true)).toMatchObject({
    rows: [[1], [2]],
    more: true,
  });
});
