import { expect, test } from "vitest";
import type { PlainRow } from "../support/batch-rows.ts";
import { ImportingDecoder } from "../support/decode.ts";

const decoder = new ImportingDecoder();

/** The rows of one record in a scope. */
function read(record: string, scope: string): PlainRow[] {
  const scoped = `{"scope":{"name":"${scope}"},"logRecords":[${record}]}`;
  const line = `{"resourceLogs":[{"resource":{},"scopeLogs":[${scoped}]}]}`;
  expect(decoder.block(Buffer.from(line))).toEqual([]);
  return decoder.take();
}

test.each<readonly [string, object]>([
  ['{"eventName":"claude_code.user_prompt"}', { event_name: "user_prompt", table: "other_logs" }],
  ['{"eventName":"api_request"}', { event_name: "api_request", table: "api_request_logs" }],
  [
    '{"eventName":"api_request","body":{"stringValue":"claude_code.user_prompt"}}',
    { event_name: "user_prompt", table: "other_logs" },
  ],
  [
    '{"eventName":"api_request","attributes":[{"key":"event.name","value":{"stringValue":"api_error"}}]}',
    { event_name: "api_error", table: "other_logs" },
  ],
  [
    '{"body":{"stringValue":"claude_code.api_request"}}',
    { event_name: "api_request", table: "api_request_logs" },
  ],
  ['{"body":{"stringValue":"api_request"}}', { event_name: "api_request" }],
  ['{"body":{"stringValue":"user_prompt"}}', { event_name: "user_prompt" }],
  [
    '{"attributes":[{"key":"event.name","value":{"stringValue":"claude_code.api_request"}}],"body":{"stringValue":""}}',
    { event_name: "api_request", table: "api_request_logs" },
  ],
])("the event of %s", (record, expected) => {
  const rows = read(record, "com.anthropic.claude_code.events");
  expect(rows[0]).toMatchObject(expected);
});

test("a body in plain words of another scope names no event", () => {
  const rows = read('{"body":{"stringValue":"started"}}', "other");
  expect(rows[0]?.["event_name"]).toBeUndefined();
});
