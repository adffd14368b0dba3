import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ImportingDecoder } from "../support/decode.ts";
import { linesOf } from "../support/fixtures.ts";
import { runs, seed } from "../support/runs.ts";

const decoder = new ImportingDecoder();
const lines = ["L-workflow.jsonl", "L-json-details.jsonl"].flatMap((path) =>
  linesOf(path).map(String),
);

/** What lines come to: their rows in the order of their text, and what was said of them. */
function read(texts: readonly string[]): { rows: string[]; problems: string[] } {
  const problems = texts.flatMap((text) =>
    decoder.block(Buffer.from(text)).map(({ detail }) => detail),
  );
  return {
    rows: decoder
      .take()
      .map((row) => inspect(row, { depth: null, maxStringLength: null }))
      .toSorted(),
    problems,
  };
}

/** Parsed JSON as an AnyValue of OTLP. */
function anyValue(value: unknown): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") {
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  const values = Object.entries(value ?? {}).map(([key, each]) => ({ key, value: anyValue(each) }));
  return { kvlistValue: { values } };
}

const record = (body: object): object => ({
  observedTimeUnixNano: "1794301200000000000",
  body,
  attributes: [{ key: "log.file.name", value: { stringValue: "telemetry.jsonl" } }],
});
const carrying = (...records: readonly object[]): string =>
  JSON.stringify({
    resourceLogs: [{ resource: {}, scopeLogs: [{ scope: {}, logRecords: records }] }],
  });
const carriers = {
  "as text": (line: string) => record({ stringValue: line }),
  "as text in a list": (line: string) => record({ string_value: ` [${line}]` }),
  parsed: (line: string) => record(anyValue(JSON.parse(line))),
  twice: (line: string) => record({ stringValue: carrying(record({ stringValue: line })) }),
};
const ordinary = record({ stringValue: "something else" });

describe(`a request as the body of a log record (seed ${seed})`, () => {
  test("is read as if it stood by itself, whatever stands beside it", () => {
    const carried = fc.tuple(
      fc.constantFrom(...lines),
      fc.constantFrom<keyof typeof carriers>("as text", "as text in a list", "parsed", "twice"),
    );
    const request = fc.array(fc.oneof(carried, fc.constant(ordinary)), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 4 }), (requests) => {
        const isCarried = (each: object): each is [string, keyof typeof carriers] =>
          Array.isArray(each);
        const alone = requests.map((each) => carrying(...each.filter((one) => !isCarried(one))));
        const expected = read([
          ...alone,
          ...requests
            .flat()
            .filter(isCarried)
            .map(([line]) => line),
        ]);
        const sent = requests.map((each) =>
          carrying(...each.map((one) => (isCarried(one) ? carriers[one[1]](one[0]) : one))),
        );
        expect(read(sent)).toEqual(expected);
      }),
      { numRuns: runs(300) },
    );
  });

  test("keeps integers that a double does not hold", () => {
    const line = (tokens: string) =>
      `{"resourceLogs":[{"resource":{},"scopeLogs":[{"scope":{},"logRecords":[{"timeUnixNano":"1794301200000000000","body":{"stringValue":"claude_code.api_request"},"attributes":[{"key":"input_tokens","value":{"intValue":${tokens}}}]}]}]}]}`;
    const { rows, problems } = read([carrying(record({ stringValue: line("9007199254740993") }))]);
    expect(problems).toEqual([]);
    expect(rows).toEqual(read([line('"9007199254740993"')]).rows);
    expect(rows[0]).toContain("9007199254740993");
  });

  test("that breaks off is reported with its place, and costs no neighbour", () => {
    const [line = ""] = lines;
    for (const length of [20, line.length >> 1, line.length - 1]) {
      const torn = record({ stringValue: line.slice(0, length) });
      const { rows, problems } = read([carrying(ordinary, torn, record({ stringValue: line }))]);
      expect(rows).toEqual(read([carrying(ordinary), line]).rows);
      expect(problems).toEqual([
        "resourceLogs[0].scopeLogs[0].logRecords[1].body is an export request that breaks off",
      ]);
    }
  });

  test("within too many others is reported", () => {
    const [line = ""] = lines;
    let text = line;
    for (let depth = 0; depth < 5; depth++) text = carrying(record({ stringValue: text }));
    expect(read([text]).problems).toMatchObject([
      expect.stringMatching(/body is a request within too many others$/),
    ]);
  });

  test("that only speaks of one stays a record", () => {
    for (const body of ['see {"resourceLogs":[]}', '{"resource":"x"}', "resourceLogs"]) {
      const { rows, problems } = read([carrying(record({ stringValue: body }))]);
      expect({ rows: rows.length, problems }).toEqual({ rows: 1, problems: [] });
    }
  });
});
