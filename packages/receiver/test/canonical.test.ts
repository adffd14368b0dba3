import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { canonicalPieces } from "../src/canonical/canonical.ts";
import type { Encoding, Signal } from "../src/export-request.ts";
import { logs, metrics, spans, textOf, written } from "./support/canonical.ts";

const fixtures = fileURLToPath(new URL("../../../fixtures/", import.meta.url));

const linesOf = (path: string): readonly string[] =>
  readFileSync(join(fixtures, path), "utf8").split("\n").slice(0, -1);

const signalOf = (line: string): Signal =>
  line.startsWith('{"resourceLogs"')
    ? "logs"
    : line.startsWith('{"resourceMetrics"')
      ? "metrics"
      : "traces";

describe("what a real Collector wrote", () => {
  test.each([
    ["L-workflow", "L-workflow.jsonl"],
    ["L-json-dupes", "L-json-dupes.all.jsonl"],
  ])("for the requests of %s", (run, recording) => {
    const bodies = readdirSync(join(fixtures, "receiver", run)).sort();
    const lines = bodies.map((name) => {
      const signal = name.split(/[-.]/)[1] as Signal;
      return written(signal, "json", readFileSync(join(fixtures, "receiver", run, name)));
    });
    expect(lines.length).toBeGreaterThan(20);
    expect(lines).toEqual(linesOf(join("telemetry", recording)));
  });

  const protos = readdirSync(join(fixtures, "telemetry/modes/proto"));
  test.each(protos)("for the protobuf messages of %s", (name) => {
    const [run, signal] = name.split(".") as [string, Signal];
    const bytes = readFileSync(join(fixtures, "telemetry/modes/proto", name));
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = at + 4 + bytes.readUInt32BE(at);
      lines.push(written(signal, "protobuf", bytes.subarray(at + 4, end)));
      at = end;
    }
    const recorded = linesOf(`telemetry/${basename(run)}.jsonl`);
    expect(lines).toEqual(recorded.filter((line) => signalOf(line) === signal));
  });

  test("stays as it is when it is sent again", () => {
    const names = readdirSync(join(fixtures, "telemetry")).filter((name) =>
      name.endsWith(".jsonl"),
    );
    const lines = names.flatMap((name) => linesOf(join("telemetry", name)));
    expect(lines.length).toBeGreaterThan(400);
    for (const line of lines) expect(written(signalOf(line), "json", line)).toBe(line);
  });
});

const value = (text: string): string => logs(`{"body":${text}}`);
const point = (text: string): string => metrics(`{"name":"n","gauge":{"dataPoints":[${text}]}}`);

/** What is sent, and what is written for it. */
const lenient: readonly (readonly [name: string, signal: Signal, sent: string, line: string])[] = [
  [
    "snake_case",
    "logs",
    '{"resource_logs":[{"scope_logs":[{"log_records":[{"time_unix_nano":"1","severity_number":9,"body":{"string_value":"a"}}]}]}]}',
    logs('{"timeUnixNano":"1","severityNumber":9,"body":{"stringValue":"a"}}'),
  ],
  [
    "snake_case by an escape",
    "logs",
    logs('{"time\\u005funix_nano":"1"}'),
    logs('{"timeUnixNano":"1","body":{}}'),
  ],
  ["64 bits as a number", "logs", value('{"intValue":7}'), value('{"intValue":"7"}')],
  [
    "64 bits beyond 2^53 as a number",
    "logs",
    value('{"intValue":9223372036854775807}'),
    value('{"intValue":"9223372036854775807"}'),
  ],
  [
    "a time beyond 2^53 as a number",
    "logs",
    logs('{"timeUnixNano":1763690000123456789}'),
    logs('{"timeUnixNano":"1763690000123456789","body":{}}'),
  ],
  [
    "the least 64 bits",
    "logs",
    value('{"intValue":"-9223372036854775808"}'),
    value('{"intValue":"-9223372036854775808"}'),
  ],
  [
    "the greatest unsigned 64 bits",
    "logs",
    logs('{"timeUnixNano":"18446744073709551615"}'),
    logs('{"timeUnixNano":"18446744073709551615","body":{}}'),
  ],
  ["leading zeros", "logs", value('{"intValue":"007"}'), value('{"intValue":"7"}')],
  [
    "names of enums",
    "traces",
    spans('{"kind":"SPAN_KIND_SERVER","status":{"code":"STATUS_CODE_ERROR"}}'),
    spans('{"kind":2,"status":{"code":2}}'),
  ],
  [
    "severity by name",
    "logs",
    logs('{"severityNumber":"SEVERITY_NUMBER_INFO"}'),
    logs('{"severityNumber":9,"body":{}}'),
  ],
  [
    "temporality by name",
    "metrics",
    metrics('{"sum":{"dataPoints":[{}],"aggregationTemporality":"AGGREGATION_TEMPORALITY_DELTA"}}'),
    metrics('{"sum":{"dataPoints":[{}],"aggregationTemporality":1}}'),
  ],
  ["a double as text", "metrics", point('{"asDouble":"1.5e3"}'), point('{"asDouble":1500}')],
  ["no number", "metrics", point('{"asDouble":"NaN"}'), point('{"asDouble":"NaN"}')],
  ["infinity", "metrics", point('{"asDouble":"-Infinity"}'), point('{"asDouble":"-Infinity"}')],
  ["small doubles", "metrics", point('{"asDouble":1e-7}'), point('{"asDouble":1e-07}')],
  ["large doubles", "metrics", point('{"asDouble":1e21}'), point('{"asDouble":1e+21}')],
  ["minus zero", "metrics", point('{"asDouble":-0}'), point('{"asDouble":-0}')],
  ["a zero of a oneof", "metrics", point('{"asInt":0}'), point('{"asInt":"0"}')],
  ["the last of a oneof", "metrics", point('{"asInt":"1","asDouble":2}'), point('{"asDouble":2}')],
  [
    "ids in capitals",
    "traces",
    spans('{"traceId":"ABCDEF00000000000000000000000001","spanId":"00000000000000AB"}'),
    spans('{"traceId":"abcdef00000000000000000000000001","spanId":"00000000000000ab","status":{}}'),
  ],
  [
    "ids of zeros",
    "traces",
    spans('{"traceId":"00000000000000000000000000000000","spanId":"","name":"a"}'),
    spans('{"name":"a","status":{}}'),
  ],
  ["unknown fields", "logs", logs('{"future":{"a":[1]},"flags":1}'), logs('{"body":{},"flags":1}')],
  ["null", "logs", logs('{"attributes":null,"body":null}'), logs('{"body":{}}')],
  [
    "zeros and empty things",
    "logs",
    logs('{"flags":0,"traceId":"","eventName":"","attributes":[]}'),
    logs('{"body":{}}'),
  ],
  [
    "bytes of either alphabet",
    "logs",
    value('{"bytesValue":"-_8"}'),
    value('{"bytesValue":"+/8="}'),
  ],
  [
    "control characters",
    "logs",
    value('{"stringValue":"\\b\\f\\n\\r\\t\\u0001\\\\b\\"\\u2028<&>\\u007f"}'),
    value('{"stringValue":"\\u0008\\u000c\\n\\r\\t\\u0001\\\\b\\"\u2028<&>\u007f"}'),
  ],
  [
    "lone surrogates",
    "logs",
    value('{"stringValue":"\\ud800x\\ud83d\\ude00"}'),
    value('{"stringValue":"\ufffdx\u{1f600}"}'),
  ],
  [
    "keys that are names of JavaScript",
    "logs",
    logs(
      '{"attributes":[{"key":"__proto__","value":{"stringValue":"a"}}],"__proto__":{"flags":1}}',
    ),
    logs('{"body":{},"attributes":[{"key":"__proto__","value":{"stringValue":"a"}}]}'),
  ],
  [
    "empty lists and maps",
    "logs",
    value('{"kvlistValue":{"values":[{"key":"a","value":{"arrayValue":{}}}]}}'),
    value('{"kvlistValue":{"values":[{"key":"a","value":{"arrayValue":{}}}]}}'),
  ],
  [
    "a histogram",
    "metrics",
    metrics(
      '{"histogram":{"dataPoints":[{"count":3,"sum":0,"bucketCounts":["1",2],"explicitBounds":[0.5],"min":0,"max":2,"exemplars":[{"asInt":"1","spanId":"00000000000000ab","traceId":"abcdef00000000000000000000000001"}],"attributes":[{"key":"a","value":{"boolValue":false}}]}]}}',
    ),
    metrics(
      '{"histogram":{"dataPoints":[{"attributes":[{"key":"a","value":{"boolValue":false}}],"count":"3","sum":0,"bucketCounts":["1","2"],"explicitBounds":[0.5],"exemplars":[{"asInt":"1","traceId":"abcdef00000000000000000000000001","spanId":"00000000000000ab"}],"min":0,"max":2}]}}',
    ),
  ],
  [
    "an exponential histogram",
    "metrics",
    metrics('{"exponentialHistogram":{"dataPoints":[{"scale":-1,"flags":1}]}}'),
    metrics(
      '{"exponentialHistogram":{"dataPoints":[{"scale":-1,"positive":{},"negative":{},"flags":1}]}}',
    ),
  ],
];

describe("read leniently, written strictly", () => {
  test.each(lenient)("%s", (_name, signal, sent, line) => {
    expect(written(signal, "json", sent)).toBe(line);
  });

  test("bytes that are no UTF-8 become U+FFFD", () => {
    const [head, tail] = value('{"stringValue":"?"}').split("?");
    const body = Buffer.concat([
      Buffer.from(head ?? ""),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(tail ?? ""),
    ]);
    expect(written("logs", "json", body)).toBe(`${head}\ufffd\ufffd${tail}`);
  });
});

const nested = (depth: number): string =>
  value(`${'{"arrayValue":{"values":['.repeat(depth - 1)}{}${"]}}".repeat(depth - 1)}`);

/** What is refused, and what must stand in the message. */
const refused: readonly (readonly [signal: Signal, sent: string, word: string])[] = [
  ["logs", "", "not JSON"],
  ["logs", "{", "not JSON"],
  ["logs", "[]", "no object"],
  ["logs", '"text"', "no object"],
  ["logs", '{"resourceLogs":{}}', "resourceLogs is not a list"],
  ["logs", logs('"text"'), "logRecords is no object"],
  ["logs", logs('{"severityNumber":"LOUD"}'), "severityNumber"],
  ["logs", logs('{"traceId":"abc"}'), "traceId is not 16 bytes"],
  ["logs", logs('{"timeUnixNano":-1}'), "timeUnixNano is not a uint64"],
  ["logs", logs('{"timeUnixNano":"18446744073709551616"}'), "timeUnixNano is not a uint64"],
  ["logs", value('{"intValue":9223372036854775808}'), "intValue is not an int64"],
  ["logs", value('{"intValue":1e300}'), "intValue"],
  ["logs", value('{"intValue":1.5}'), "intValue is not an int64"],
  ["logs", value('{"boolValue":"true"}'), "boolValue is not a boolean"],
  ["logs", value('{"stringValue":1}'), "stringValue is not a string"],
  ["logs", value('{"bytesValue":"%"}'), "bytesValue is not base64"],
  ["logs", logs('{"flags":4294967296}'), "flags is not a uint32"],
  ["metrics", point('{"asDouble":1e400}'), "asDouble is not a double"],
  ["metrics", point('{"asDouble":"many"}'), "asDouble is not a double"],
  ["traces", spans('{"kind":"SPAN_KIND_NEW"}'), "kind"],
  ["logs", nested(101), "nested deeper than 100"],
];

describe("what is no export request", () => {
  test.each(refused)("%s %s", (signal, sent, word) => {
    expect(written(signal, "json", sent)).toMatch(/^\(.*\.\)$/);
    expect(written(signal, "json", sent)).toContain(word);
  });

  test.each(["\x0a", "\x0a\x05abc", "\xff\xff\xff", "hello"])("protobuf %j", (text) => {
    const sent = Buffer.from(text, "latin1");
    expect(written("logs", "protobuf", sent)).toContain("no protobuf message of logs");
  });

  test("values may be nested a hundred deep", () => {
    expect(written("logs", "json", nested(100))).toBe(nested(100));
  });
});

test("fields that a later version of the protocol may bring are passed over", () => {
  const name = join(fixtures, "receiver/L-proto-tools/0002-logs.pb");
  const sent = readFileSync(name);
  const later = Buffer.concat([sent, Buffer.from([0xfa, 0x3f, 0x01, 0x61])]);
  expect(written("logs", "protobuf", later)).toBe(written("logs", "protobuf", sent));
});

test.each<readonly [Signal, Encoding, string]>([
  ["logs", "json", "{}"],
  ["logs", "json", '{"resourceLogs":[]}'],
  ["logs", "json", '{"resourceLogs":[{"resource":{"attributes":[]}}]}'],
  ["logs", "json", '{"resourceSpans":[]}'],
  ["logs", "json", '{"resourceLogs":[{"future":[],"scopeLogs":[{"future":{}}]}],"x":null}'],
  ["metrics", "json", metrics('{"name":"n","gauge":{}}')],
  ["traces", "protobuf", ""],
])("a request without records is no line: %s %s %s", (signal, encoding, body) => {
  expect(written(signal, encoding, body)).toBe("(empty)");
});

describe("record by record, as large requests are written", () => {
  const inPieces = async (signal: Signal, encoding: Encoding, body: Uint8Array | string) =>
    textOf(await canonicalPieces(signal, encoding, Buffer.from(body)));

  test.each(readdirSync(join(fixtures, "receiver")).filter((name) => name.startsWith("L-")))(
    "%s",
    async (run) => {
      for (const name of readdirSync(join(fixtures, "receiver", run))) {
        const [, signal = "logs", ending, packed] = name.split(/[-.]/);
        const read = readFileSync(join(fixtures, "receiver", run, name));
        const body = packed === "gz" ? gunzipSync(read) : read;
        const encoding = ending === "pb" ? "protobuf" : "json";
        const whole = written(signal as Signal, encoding, body);
        expect(whole).toMatch(/^\{"resource/);
        expect(await inPieces(signal as Signal, encoding, body)).toBe(whole);
      }
    },
  );

  test.each(lenient)("%s", async (_name, signal, sent, line) => {
    expect(await inPieces(signal, "json", sent)).toBe(line);
    const spaced = JSON.stringify(
      JSON.parse(sent.replaceAll(/:(-?\d{16,}|-0)/g, ':"$1"')),
      null,
      2,
    );
    expect(await inPieces(signal, "json", ` \r\n\t${spaced} `)).toBe(line);
  });

  test.each(refused)("refuses %s %s", async (signal, sent, word) => {
    const [reason = ""] = word.split(" is ");
    expect(await inPieces(signal, "json", sent)).toMatch(/^\(.*\.\)$/);
    if (reason.includes("Value")) {
      expect(await inPieces(signal, "json", sent)).toContain(reason);
    }
  });

  test.each([
    '{"resourceLogs":[{}',
    '{"resourceLogs":[{},]}',
    '{"resourceLogs":[{}]}x',
    '{"resourceLogs" [{}]}',
    '{"resourceLogs":[{"resource":{"attributes":[}]}}]}',
    '{"a":1 "b":2}',
    "{1:2}",
    '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"a',
  ])("refuses what is no JSON: %s", async (sent) => {
    expect(await inPieces("logs", "json", sent)).toContain("not JSON");
  });

  test("entries, scopes and schema URLs stay in their places", async () => {
    const sent =
      '{"x":[1,{"y":"]}"}],"resourceLogs":[{"schemaUrl":"u","scopeLogs":[{"schema_url":"v","logRecords":[{},null]},{"scope":{"name":"s"}}],"resource":{"attributes":[{"key":"k"}]}},null,{"scopeLogs":null}]}';
    const line =
      '{"resourceLogs":[{"resource":{"attributes":[{"key":"k","value":{}}]},"scopeLogs":[{"scope":{},"logRecords":[{"body":{}},{"body":{}}],"schemaUrl":"v"},{"scope":{"name":"s"}}],"schemaUrl":"u"},{"resource":{}},{"resource":{}}]}';
    expect(written("logs", "json", sent)).toBe(line);
    expect(await inPieces("logs", "json", sent)).toBe(line);
  });

  test("a record that no reader of the file would take is refused", async () => {
    const body = value(`{"stringValue":"${"x".repeat(33 * 1024 * 1024)}"}`);
    expect(await inPieces("logs", "json", body)).toContain("more than 33554432 bytes");
  });

  test("a large request lets others have their turn", async () => {
    const record = `{"body":{"stringValue":"${"x".repeat(200)}"}}`;
    const body = logs(Array.from({ length: 40_000 }, () => record).join(","));
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 1);
    expect(await inPieces("logs", "json", body)).toBe(body);
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(2);
  });
});
