import { expect, test } from "vitest";
import { imported, query, run, testFolder } from "../support/cli.ts";
import { caseFile } from "../support/field-case.ts";

test("requests without a time of their own are on the day of event.timestamp", async () => {
  const database = await imported(await testFolder(), [caseFile("02-only-event-timestamp")]);
  const times = await query(
    database,
    `SELECT strftime(timezone('UTC', time), '%Y-%m-%d %H:%M') AS time, time_unix_nano,
       observed_time_unix_nano AS observed, event_timestamp = time AS is_event
     FROM log_records ORDER BY time`,
  );
  expect(times).toEqual([
    { time: "2026-11-10 09:00", time_unix_nano: 0, observed: null, is_event: true },
    { time: "2026-11-10 09:01", time_unix_nano: 0, observed: OBSERVED, is_event: true },
    { time: "2026-11-10 09:02", time_unix_nano: 0, observed: null, is_event: true },
  ]);
  const bounds = ["--since", "2026-11-10", "--until", "2026-11-11"];
  const daily = await run(["report", "daily", ...bounds, "--json", "--db", database]);
  expect(daily.code).toBe(0);
  const rows = JSON.parse(daily.stdout) as readonly Record<string, unknown>[];
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ requests: 3 });
  expect(Number(rows[0]?.["cost_usd"])).toBeCloseTo(0.0369, 9);
});

const OBSERVED = "1794301260000000000";
