import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlainRow } from "../support/batch-rows.ts";
import { ImportingDecoder } from "../support/decode.ts";
import { runs, seed } from "../support/runs.ts";

const decoder = new ImportingDecoder();

/** What a line comes to: its rows, and what was said of it. */
function read(request: unknown): { rows: PlainRow[]; problems: string[] } {
  const line = typeof request === "string" ? request : JSON.stringify(request);
  const problems = decoder.block(Buffer.from(line)).map(({ detail }) => detail);
  return { rows: decoder.take(), problems };
}

const logs = (...logRecords: readonly object[]): object => ({
  resourceLogs: [{ resource: {}, scopeLogs: [{ scope: {}, logRecords }] }],
});
const TIME = "1794301200000000000";
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe(`ids (FAULT_SEED=${seed})`, () => {
  const spelling = fc.constantFrom<(id: Buffer) => string>(
    (id) => id.toString("hex").toUpperCase(),
    (id) => id.toString("base64"),
    (id) => id.toString("base64").replace(/=+$/, ""),
    (id) => id.toString("base64url"),
    (id) => id.toString("base64").replaceAll("+", "-").replaceAll("/", "_"),
  );

  test("an id is the same record in hexadecimal digits and in base64", () => {
    fc.assert(
      fc.property(bytes(16), bytes(8), spelling, (trace, span, spell) => {
        const record = { timeUnixNano: TIME, body: { stringValue: "x" } };
        const ids = [Buffer.from(trace), Buffer.from(span)] as const;
        const hex = { traceId: ids[0].toString("hex"), spanId: ids[1].toString("hex") };
        const other = { traceId: spell(ids[0]), spanId: spell(ids[1]) };
        const expected = read(logs({ ...record, ...hex }));
        expect(expected.rows).toHaveLength(1);
        expect(read(logs({ ...record, ...other }))).toEqual(expected);
      }),
      { numRuns: runs(200), seed },
    );
  });
});

test.each([
  ["0AF76519-16cd-43dd-8448-eb211c80319c", "0af7651916cd43dd8448eb211c80319c"],
  ["AAAAAAAAAAAAAAAAAAAAAA==", "00000000000000000000000000000000"],
])("the trace id %s", (traceId, hex) => {
  const { rows, problems } = read(logs({ timeUnixNano: TIME, traceId }));
  expect({ id: rows[0]?.["trace_id"], problems }).toEqual({ id: hex, problems: [] });
});

test.each(["abc", "t61rcWkgMzE=", "CvdlGRbNQ92ESOshHIAxn=", "CvdlGRbNQ92ESOshHIA$nA==", 5])(
  "the trace id %j is none, and is kept as it was sent",
  (traceId) => {
    const { rows, problems } = read(logs({ timeUnixNano: TIME, traceId }));
    expect(problems).toEqual([]);
    expect(rows[0]).not.toHaveProperty("trace_id");
    expect(JSON.parse(String(rows[0]?.["other_fields"]))).toEqual({ traceId });
  },
);

describe("names of OTLP before 0.15", () => {
  const record = { timeUnixNano: TIME, body: { stringValue: "x" } };
  const scope = { name: "s", version: "1" };
  const now = read({ resourceLogs: [{ scopeLogs: [{ scope, logRecords: [record] }] }] });

  test.each([
    { instrumentationLibraryLogs: [{ instrumentationLibrary: scope, logs: [record] }] },
    { instrumentationLibraryLogs: [{ instrumentationLibrary: scope, logRecords: [record] }] },
    { instrumentation_library_logs: [{ instrumentation_library: scope, log_records: [record] }] },
    { scopeLogs: [{ instrumentationLibrary: scope, logRecords: [record] }] },
  ])("%j", (entry) => {
    expect(read({ resourceLogs: [entry] })).toEqual(now);
  });

  test("metrics and spans", () => {
    const metrics = [{ name: "m", sum: { dataPoints: [{ timeUnixNano: TIME, asInt: "1" }] } }];
    const spans = [{ name: "s", startTimeUnixNano: TIME }];
    expect(read({ resourceMetrics: [{ instrumentationLibraryMetrics: [{ metrics }] }] })).toEqual(
      read({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
    );
    expect(read({ resourceSpans: [{ instrumentationLibrarySpans: [{ spans }] }] })).toEqual(
      read({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
    );
  });

  test("both of them in one entry", () => {
    const other = { ...record, body: { stringValue: "other" } };
    const { rows } = read({
      resourceLogs: [
        {
          scopeLogs: [{ logRecords: [record] }],
          instrumentationLibraryLogs: [{ logs: [other] }],
        },
      ],
    });
    expect(rows.map((row) => row["body"])).toEqual(["x", "other"]);
  });
});

test.each<readonly [object, string]>([
  [{ resourceLogs: [{ scopedLogs: [{ logRecords: [{}] }] }] }, "scopedLogs is not a list"],
  [{ resourceLogs: [{ scopeLogs: [{ records: [{}] }] }] }, "records is not a list"],
  [
    { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: "m", intSum: {} }] }] }] },
    "intSum is no kind of data",
  ],
  [{ logs: [{}] }, "JSON without resourceLogs"],
])("records under another name are not passed over in silence: %j", (request, said) => {
  const { rows, problems } = read(request);
  expect(rows).toEqual([]);
  expect(problems).toEqual([expect.stringContaining(said)]);
});

test.each<readonly [string, bigint]>([
  ['"5"', 5n],
  ["5", 5n],
  ['"+5"', 5n],
  ['"5.0"', 5n],
  ['"5e0"', 5n],
  ["5.0", 5n],
  ["5e0", 5n],
  ['"9223372036854775807"', 2n ** 63n - 1n],
  ["9223372036854775807", 2n ** 63n - 1n],
])("an integer as %s", (json, value) => {
  const attribute = `{"key":"duration_ms","value":{"intValue":${json}}}`;
  const record = `{"timeUnixNano":"${TIME}","attributes":[${attribute}]}`;
  const { rows, problems } = read(
    `{"resourceLogs":[{"resource":{},"scopeLogs":[{"scope":{},"logRecords":[${record}]}]}]}`,
  );
  expect(problems).toEqual([]);
  expect(rows[0]?.["duration_ms"]).toBe(value);
});

test.each(['"5.5"', "5.5", '"five"', '"9223372036854775808"', "true", "[]"])(
  "no integer: %s",
  (json) => {
    const attribute = `{"key":"duration_ms","value":{"intValue":${json}}}`;
    const record = `{"timeUnixNano":"${TIME}","attributes":[${attribute}]}`;
    const { rows, problems } = read(
      `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`,
    );
    expect(rows).toEqual([]);
    expect(problems).toEqual([expect.stringContaining("intValue is not a int64")]);
  },
);
