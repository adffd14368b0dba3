import fc from "fast-check";
import { expect, test } from "vitest";
import { ImportingDecoder } from "../support/decode.ts";
import { runs } from "../support/runs.ts";

type Json = fc.JsonValue;

const decoder = new ImportingDecoder();

function rowOf(fields: Readonly<Record<string, Json>>): Readonly<Record<string, unknown>> {
  const attributes = [
    { key: "event.name", value: { stringValue: "api_request" } },
    { key: "input_tokens", value: { intValue: "7" } },
    { key: "event.timestamp", value: { stringValue: "2026-11-10T12:00:00.000Z" } },
  ];
  const record = { body: { stringValue: "claude_code.api_request" }, attributes, ...fields };
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] };
  expect(decoder.block(Buffer.from(JSON.stringify(request)))).toEqual([]);
  const [row, ...more] = decoder.take();
  expect(more).toEqual([]);
  return row ?? {};
}

const noon = 1_794_312_000_000_000n;

test.each([
  ["1794312000.123", noon + 123_000n],
  [1_794_312_000.5, noon + 500_000n],
  ["1794312000123.25", noon + 123_250n],
  ["2026-11-10T12:00:00.123456789Z", noon + 123_456n],
  ["2026-11-10 13:00:00+01", noon],
  ["1794312000000000000", noon],
  ["-5", noon],
  ["yesterday", noon],
  [true, noon],
  [[], noon],
])("the time %j is read, or the time of the event stands in", (sent, micros) => {
  const row = rowOf({ timeUnixNano: sent });
  expect(row["time"]).toBe(micros);
  expect(row["input_tokens"]).toBe(7n);
});

test("what is no time as OTLP writes it is kept as it was sent", () => {
  for (const sent of ["2026-11-10T12:00:00Z", "1794312000.5", "-5", "soon", { at: 1 }]) {
    const others = JSON.parse(String(rowOf({ timeUnixNano: sent })["other_fields"]));
    expect(others).toEqual({ timeUnixNano: sent });
  }
});

const idFields = fc.constantFrom("traceId", "spanId");
const timeFields = fc.constantFrom("timeUnixNano", "observedTimeUnixNano");

test("no odd time and no odd id costs a record its usage", () => {
  fc.assert(
    fc.property(fc.oneof(idFields, timeFields), fc.jsonValue(), (name, value) => {
      fc.pre(JSON.stringify(value).length < 200);
      expect(rowOf({ [name]: value })["input_tokens"]).toBe(7n);
    }),
    { numRuns: runs(300) },
  );
});

test.each(["abc", "0x0af7651916cd43dd8448eb211c80319c", [[1, 2, 3]], 12, { high: 1 }])(
  "the id %j is kept as it was sent",
  (sent) => {
    const row = rowOf({ traceId: sent });
    expect(row).not.toHaveProperty("trace_id");
    expect(JSON.parse(String(row["other_fields"]))["traceId"]).toEqual(sent);
  },
);
