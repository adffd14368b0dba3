import { expect, test } from "vitest";
import { requestCost } from "../../src/model/request-cost.ts";
import { fileOf, request } from "../support/otlp.ts";
import { storeOf } from "../support/telemetry.ts";

const MOST = 10n ** 18n - 1n;

test.each([
  ["sent alone", 23_100_000n, undefined, 23_100_000n],
  ["sent and millionths", 23_100_001n, 23_100n, 23_100_001n],
  ["nothing sent for it", 0n, 7n, 0n],
  ["less than nothing", -500_000_000n, undefined, -500_000_000n],
  ["millionths alone", undefined, 23_100n, 23_100_000n],
  ["negative millionths", undefined, -7n, -7_000n],
  ["$100,000 in millionths", undefined, 100_000_000_001n, 100_000_000_001_000n],
  ["the most", undefined, 999_999_999_999_999n, MOST - 999n],
  ["beyond it", undefined, 10n ** 15n, undefined],
  ["beyond it, negative", undefined, -(10n ** 15n), undefined],
  ["beyond 64 bits", undefined, 2n ** 63n - 1n, undefined],
  ["neither", undefined, undefined, undefined],
])("a request with %s", (_, sent, micros, cost) => {
  expect(requestCost(sent, micros)).toBe(cost);
});

test("is decided for each row by what that row was sent", async () => {
  const sent = [
    { cost_usd: 0.1 + 0.2 },
    { cost_usd: "100000.123456789" },
    { cost_usd: "free", cost_usd_micros: 5 },
    { cost_usd: Number.NaN, cost_usd_micros: -7 },
    { cost_usd: "free" },
    { cost_usd: 1e9, cost_usd_micros: 8 },
    { cost_usd: 2, cost_usd_micros: 8 },
  ];
  const events = sent.map((attributes, at) => request(`2026-11-01T10:00:0${at}Z`, attributes));
  const db = await storeOf(await fileOf(...events));
  const rows = await db.store.reading((session) =>
    session.rows(`SELECT CAST(cost_nano_usd AS VARCHAR) AS cost, cost_from_micros AS from_micros
      FROM base.api_request_logs ORDER BY time`),
  );
  await db.remove();
  expect(rows.map(({ cost, from_micros: fromMicros }) => [cost, fromMicros])).toEqual([
    ["300000000", null],
    ["100000123456789", null],
    ["5000", true],
    ["-7000", true],
    [null, null],
    ["8000", true],
    ["2000000000", null],
  ]);
});
