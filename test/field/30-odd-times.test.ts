import { expect, test } from "vitest";
import { run } from "../support/cli.ts";
import { caseFile, withImported } from "../support/field-case.ts";
import { importField } from "../support/field-import.ts";

const FILE = caseFile("30-odd-times");

test("times in seconds and milliseconds and times that are none: all requests, no year 1970 or 2554", () =>
  withImported([FILE, FILE], async ({ rows }) => {
    const [sums] = await rows(
      "SELECT count(*) AS requests, CAST(sum(cost_usd) AS DOUBLE) AS cost_usd FROM api_requests",
    );
    expect(sums).toEqual({ requests: 6n, cost_usd: 0.0738 });
    const times = await rows(
      `SELECT strftime(timezone('UTC', time), '%Y-%m-%d') AS day,
         CAST(time_unix_nano AS VARCHAR) AS sent, CAST(observed_time_unix_nano AS VARCHAR) AS observed
       FROM log_records ORDER BY session_id`,
    );
    const sent = [
      "1794301200000000000",
      "4070908800000000000",
      "18446744073709551615",
      "1762765200000",
      "1762765200",
      "1000000",
    ];
    const days = [
      "2026-11-10",
      "2099-01-01",
      "2026-11-10",
      "2025-11-10",
      "2025-11-10",
      "2026-11-10",
    ];
    expect(times).toEqual(sent.map((time, at) => ({ day: days[at], sent: time, observed: time })));
  }));

test("status and doctor name the record of 2099", async () => {
  const { database } = await importField([FILE]);
  const note = "1 record later than now (cctelemetry doctor says what to do)";
  expect((await run(["status", "--db", database])).stdout).toMatch(
    /^odd times +1 record later than now/m,
  );
  expect((await run(["status", "--json", "--db", database])).stderr).toContain(note);
  const { stdout } = await run(["doctor", "--db", database]);
  expect(stdout).toContain("1 record says it was made later than now");
});
