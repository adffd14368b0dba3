import { expect, test } from "vitest";
import { caseFile, withImported } from "../support/field-case.ts";

test("a request is one wherever its event is named", () =>
  withImported([caseFile("07-event-name-forms")], async ({ rows }) => {
    const [sums] = await rows(
      "SELECT count(*) AS requests, CAST(sum(cost_usd) AS DOUBLE) AS cost_usd FROM api_requests",
    );
    expect(sums).toEqual({ requests: 6n, cost_usd: 0.0738 });
    const names = await rows("SELECT DISTINCT event_name FROM log_records");
    expect(names).toEqual([{ event_name: "api_request" }]);
    // What was sent stays where it was sent.
    const fields = await rows(
      `SELECT count(*) FILTER (body IS NULL) AS without_body,
         count(*) FILTER (other_fields->>'eventName' = 'claude_code.api_request') AS by_field
       FROM log_records`,
    );
    expect(fields).toEqual([{ without_body: 2n, by_field: 1n }]);
  }));
