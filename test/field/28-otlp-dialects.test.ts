import { expect, test } from "vitest";
import { caseFile, withImported } from "../support/field-case.ts";

const FOLDER = "28-otlp-dialects";
const SESSION = "11111111-aaaa-4bbb-8ccc-000000000028";

test.each(["legacy", "snake", "nores", "protojson", "dupkey", "unknown"])(
  "%s: the request is read",
  (name) =>
    withImported([caseFile(FOLDER, `${name}.jsonl`)], async ({ rows }) => {
      const found = await rows(
        `SELECT session_id, count(*) AS requests, CAST(sum(cost_usd) AS DOUBLE) AS cost_usd
         FROM api_requests GROUP BY session_id`,
      );
      expect(found).toEqual([{ session_id: SESSION, requests: 1n, cost_usd: 0.0123 }]);
      const rejected = await rows("SELECT reason, detail FROM rejected_lines");
      const expected = {
        reason: "invalid-record",
        detail: "newTop is not a signal this version knows",
      };
      expect(rejected).toEqual(name === "unknown" ? [expected] : []);
    }),
);

test("base64 ids and names of enums are the record that hexadecimal ids and numbers are", () =>
  withImported([caseFile(FOLDER, "protojson.jsonl")], async ({ rows }) => {
    const [span] = await rows("SELECT trace_id, span_id, span_kind, status_code FROM spans");
    expect(span).toEqual({
      trace_id: "0af7651916cd43dd8448eb211c80319c",
      span_id: "b7ad6b7169203331",
      span_kind: "internal",
      status_code: "ok",
    });
    const logs = await rows("SELECT trace_id, span_id, severity_number FROM log_records");
    expect(logs).toEqual([{ ...logIds, severity_number: 9 }]);
  }));

test("one record in two dialects is one record", () =>
  withImported(
    ["legacy", "snake"].map((name) => caseFile(FOLDER, `${name}.jsonl`)),
    async ({ rows, summaries }) => {
      expect(await rows("SELECT count(*) AS records FROM log_records")).toEqual([{ records: 1n }]);
      expect(summaries).toHaveLength(2);
    },
  ));

const logIds = { trace_id: "0af7651916cd43dd8448eb211c80319c", span_id: "b7ad6b7169203331" };
