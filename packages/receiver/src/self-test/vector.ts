import type { Encoding } from "../export-request.ts";

/** The values of a record of a request to the API. */
export interface RequestRecord {
  readonly sessionId: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
}

/** An export request of logs with one record, as Claude Code reports a request to the API. */
export function exportRequest(record: RequestRecord, encoding: Encoding): Uint8Array {
  return encoding === "json" ? jsonRequest(record) : protobufRequest(record);
}

const BODY = "claude_code.api_request";

function attributesOf({ sessionId, inputTokens, outputTokens }: RequestRecord) {
  return Object.entries({
    "event.name": "api_request",
    "session.id": sessionId,
    model: "self-test",
    input_tokens: String(inputTokens),
    output_tokens: String(outputTokens),
  });
}

function jsonRequest(record: RequestRecord): Uint8Array {
  const attributes = attributesOf(record).map(([key, value]) => ({
    key,
    value: { stringValue: value },
  }));
  const logRecord = {
    timeUnixNano: String(record.time),
    body: { stringValue: BODY },
    attributes,
  };
  const scopeLogs = [{ scope: {}, logRecords: [logRecord] }];
  return Buffer.from(JSON.stringify({ resourceLogs: [{ resource: {}, scopeLogs }] }));
}

/** The same by field numbers: opentelemetry-proto logs/v1 and common/v1. */
function protobufRequest(record: RequestRecord): Uint8Array {
  const time = Buffer.alloc(9, 0x09);
  time.writeBigUInt64LE(record.time, 1);
  const stringValue = (text: string): Buffer => field(1, Buffer.from(text));
  const attributes = attributesOf(record).map(([key, value]) =>
    field(6, field(1, Buffer.from(key)), field(2, stringValue(value))),
  );
  const logRecord = field(2, time, field(5, stringValue(BODY)), ...attributes);
  return field(1, field(1), field(2, field(1), logRecord));
}

/** A field of bytes: tag, length, content. */
function field(id: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length: number[] = [];
  for (let rest = content.length; ; rest >>>= 7) {
    length.push(rest < 128 ? rest : (rest & 127) | 128);
    if (rest < 128) break;
  }
  return Buffer.concat([Buffer.from([(id << 3) | 2, ...length]), content]);
}
