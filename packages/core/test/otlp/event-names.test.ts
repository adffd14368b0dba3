import { describe, expect, test } from "vitest";
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

describe("an api_request", () => {
  const named = '{"key":"event.name","value":{"stringValue":"api_request"}}';
  const prefixed = '{"key":"event.name","value":{"stringValue":"claude_code.api_request"}}';
  /** The table a record of that name and body goes to, in a scope and from a service. */
  const tableOf = (body: string | undefined, scope: string, service: string, name = named) => {
    const text = body === undefined ? "" : `,"body":{"stringValue":"${body}"}`;
    const record = `{"timeUnixNano":"1"${text},"attributes":[${name}]}`;
    const resource = `{"attributes":[{"key":"service.name","value":{"stringValue":"${service}"}}]}`;
    const scoped = `{"scope":{"name":"${scope}"},"logRecords":[${record}]}`;
    const line = `{"resourceLogs":[{"resource":${resource},"scopeLogs":[${scoped}]}]}`;
    expect(decoder.block(Buffer.from(line))).toEqual([]);
    const [fast] = decoder.take();
    // With a blank the general decoder reads it.
    expect(decoder.block(Buffer.from(line.replace('{"timeUnixNano"', '{ "timeUnixNano"')))).toEqual(
      [],
    );
    const [general] = decoder.take();
    expect(general?.["table"]).toBe(fast?.["table"]);
    return fast?.["table"];
  };
  const claude = "com.anthropic.claude_code.events";

  test.each([
    ["claude_code.api_request", claude, "claude-code"],
    ["claude_code.api_request", "", "my-team"],
    ["claude_code.api_request", "opencode", "opencode"],
    ["a text", claude, "opencode"],
    ["api_request", "", "claude-code"],
    ["api_request", "", "my-team"],
    ["api_request", "otelcol", "my-team"],
    [undefined, "", ""],
    [undefined, "fluentbit", "unknown_service:node"],
    [undefined, "ai", "ai"],
  ])("with the body %s of scope %j and service %j counts", (body, scope, service) => {
    expect(tableOf(body, scope, service)).toBe("api_request_logs");
  });

  test.each([
    ["opencode.api_request", "com.opencode", "opencode"],
    ["opencode.api_request", "", ""],
    ["my-tool.v2.api_request", "", "my-team"],
    ["api_request", "com.opencode", "my-team"],
    [undefined, "", "gemini-cli"],
    [undefined, "github.com/acme/robot-writer", "robot-writer"],
    ["api_request", "codex_otel", "codex_cli_rs"],
  ])("with the body %s of scope %j and service %j is another program's", (body, scope, service) => {
    expect(tableOf(body, scope, service)).toBe("other_logs");
  });

  test("named with the prefix counts, whoever sends it on", () => {
    expect(tableOf("opencode.api_request", "opencode", "opencode", prefixed)).toBe(
      "api_request_logs",
    );
  });
});
