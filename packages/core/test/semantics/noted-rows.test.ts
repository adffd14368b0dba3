import { expect, onTestFinished, test } from "vitest";
import { importPaths } from "../../src/ingest/import.ts";
import { fileOf, type Point, request } from "../support/otlp.ts";
import { storeOf } from "../support/telemetry.ts";

const at = (minute: number): string => `2026-11-20T10:0${minute}:00.000Z`;
const point = (minute: number, attributes: Point["attributes"]): Point => ({
  at: at(minute),
  metric: "token.usage",
  value: 5,
  attributes: { type: "input", ...attributes },
});

// Each file is a batch: what it adds must be what a look at all rows would find.
test.each([
  ["base.request_days", "base.request_days_since(0)"],
  ["base.routes", "base.routes_since(0, 0)"],
])("%s holds what its rows say after every batch, each once", async (table, all) => {
  const first = await fileOf(request(at(0)), point(0, { "session.id": "s1" }));
  const { store, remove } = await storeOf(first);
  onTestFinished(remove);
  const batches = [
    [request(at(1)), point(1, { "session.id": "s1" })],
    [request("2026-11-21T10:00:00.000Z"), request(at(2), { "session.id": "s2", "user.id": "u" })],
    [point(2, { "session.id": "s3" }), point(3, {})],
    [request(at(4), {}, { team: "a" }), point(4, { "session.id": "s1" })],
  ];
  for (const batch of batches) {
    const path = await fileOf(...batch);
    for (const _ of [1, 2]) await importPaths(store, [path]);
    const rows = await store.reading((session) =>
      session.rows(
        `SELECT
           (SELECT count(*) FROM ${table}) AS noted,
           (SELECT count(*) FROM ${all}) AS found,
           (SELECT count(*) FROM (FROM ${all} EXCEPT FROM ${table})) AS lacking`,
      ),
    );
    expect(rows[0]?.["noted"]).toBe(rows[0]?.["found"]);
    expect(rows[0]?.["lacking"]).toBe(0n);
  }
});
