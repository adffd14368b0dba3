import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DocumentPart } from "../../../src/otlp/document/document.ts";
import { logs, names, walk } from "../../support/document-walk.ts";
import { telemetry } from "../../support/fixtures.ts";

/** What a walk should give for requests that are whole, by JSON.parse. */
function partsOf(requests: readonly unknown[]): unknown[] {
  const parts: unknown[] = [];
  let resourceIndex = -1;
  for (const request of requests) {
    const [key = "", entries] = Object.entries(request as Record<string, object[]>)[0] ?? [];
    for (const entry of (entries ?? []) as Record<string, unknown>[]) {
      resourceIndex += 1;
      const scopes = entry["scopeLogs"] ?? entry["scopeMetrics"] ?? entry["scopeSpans"] ?? [];
      (scopes as Record<string, unknown>[]).forEach((scope, scopeIndex) => {
        const records = scope["logRecords"] ?? scope["metrics"] ?? scope["spans"] ?? [];
        for (const element of records as unknown[]) {
          parts.push({
            signal: { resourceLogs: "logs", resourceMetrics: "metrics" }[key] ?? "traces",
            resourceIndex,
            scopeIndex,
            resource: entry["resource"],
            resourceSchemaUrl: entry["schemaUrl"],
            scope: scope["scope"],
            scopeSchemaUrl: scope["schemaUrl"],
            element,
          });
        }
      });
    }
  }
  return parts;
}

const bare = (part: DocumentPart): unknown => {
  const { path: _path, offset: _offset, resourceExtra, scopeExtra, ...rest } = part;
  expect([resourceExtra, scopeExtra]).toEqual([undefined, undefined]);
  return rest;
};

describe("real requests", () => {
  const lines = readFileSync(join(telemetry, "L-json-traces.jsonl"), "utf8").trim().split("\n");
  const requests = lines.map((line) => JSON.parse(line) as unknown);
  const expected = partsOf(requests);

  test.each([
    ["one after another", lines.join("\n"), 1000],
    ["pretty-printed", requests.map((request) => JSON.stringify(request, null, 2)).join("\n"), 7],
    ["with CRLF and a BOM", `\ufeff${lines.join("\r\n")}\r\n`, 1_000_000],
    ["without anything between", lines.join(""), 4096],
    ["in a list", JSON.stringify(requests), 8191],
    ["in lists", `[${lines[0]}]\n[\n${lines.slice(1).join("\n,\n")}]`, 100_000],
  ])("%s", async (_, text, chunkBytes) => {
    const walked = await walk(text, {}, chunkBytes);
    expect(walked.problems).toEqual([]);
    expect(walked.found.map(bare)).toEqual(expected);
  });

  test("with snake_case names", async () => {
    const text = lines
      .join("\n")
      .replace(/"(resource|scope)(Logs|Metrics|Spans)"/g, (_, what, signal) =>
        JSON.stringify(`${what}_${signal.toLowerCase()}`),
      )
      .replaceAll('"logRecords"', '"log_records"');
    const walked = await walk(text);
    expect(walked.problems).toEqual([]);
    expect(walked.found.map(bare)).toEqual(expected);
  });
});

describe("what stands around the records", () => {
  test("may come after them, with fields of later versions", async () => {
    const walked = await walk(`{"resourceLogs":[{
      "scopeLogs":[{"logRecords":[{"a":1},{"b":2}],"new":{"__proto__":[1]},"schema_url":"s","scope":{"name":"n"}},
                   {"logRecords":[{"c":3}]}],
      "deprecated":true,"schemaUrl":"r","resource":{"attributes":[{"key":"k"},{"key":"k"}]}}]}`);
    expect(walked.problems).toEqual([]);
    const around = {
      signal: "logs",
      resourceIndex: 0,
      resource: { attributes: [{ key: "k" }, { key: "k" }] },
      resourceSchemaUrl: "r",
      resourceExtra: { deprecated: true },
    };
    const scope = {
      scopeIndex: 0,
      scope: { name: "n" },
      scopeSchemaUrl: "s",
      scopeExtra: { new: JSON.parse('{"__proto__":[1]}') },
    };
    expect(walked.found).toMatchObject([
      {
        ...around,
        ...scope,
        element: { a: 1 },
        path: "resourceLogs[0].scopeLogs[0].logRecords[0]",
      },
      {
        ...around,
        ...scope,
        element: { b: 2 },
        path: "resourceLogs[0].scopeLogs[0].logRecords[1]",
      },
      {
        ...around,
        scopeIndex: 1,
        scope: undefined,
        scopeSchemaUrl: undefined,
        scopeExtra: undefined,
        element: { c: 3 },
        path: "resourceLogs[0].scopeLogs[1].logRecords[0]",
      },
    ]);
    expect(walked.found[0]?.scope).toBe(walked.found[1]?.scope);
    expect(Object.keys(walked.found[0]?.scopeExtra?.["new"] as object)).toEqual(["__proto__"]);
  });

  test("is the same object where it is equal, in another request too", async () => {
    const walked = await walk(`${logs("a")}\n${logs("b")}`);
    expect(walked.found[0]?.resource).toBe(walked.found[1]?.resource);
    expect(walked.found.map(({ resourceIndex }) => resourceIndex)).toEqual([0, 1]);
    expect(walked.found[1]?.path).toBe("[1].resourceLogs[0].scopeLogs[0].logRecords[0]");
  });

  test("of a list that comes twice, both are read, as the Collector does", async () => {
    const walked = await walk(
      '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"name":"a"}],"logRecords":[{"name":"b"}]}]}]}',
    );
    expect(names(walked)).toEqual(["a", "b"]);
  });
});

/** The reviver that makes long integers text; JavaScript writes them out up to 1e21. */
const exactly = (_: string, value: unknown): unknown =>
  Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value as number) < 1e21
    ? String(value)
    : value;

describe("values", () => {
  const readValue = async (json: string): Promise<unknown> => {
    const walked = await walk(
      `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"v":${json}}]}]}]}`,
      {},
      3,
    );
    expect(walked.problems).toEqual([]);
    return (walked.found[0]?.element as { v: unknown } | undefined)?.v;
  };

  test("numbers are exact", async () => {
    expect(await readValue("9223372036854775807")).toBe("9223372036854775807");
    expect(await readValue("[1,-0.5,1e-7,true,null]")).toEqual([1, -0.5, 1e-7, true, null]);
  });

  test("of a context are exact too, and beyond a double as OTLP writes them", async () => {
    const walked = await walk(
      '{"resourceLogs":[{"resource":{"a":18446744073709551615,"b":-1e400},"scopeLogs":[{"logRecords":[{}]}]}]}',
    );
    expect(walked.found[0]?.resource).toEqual({ a: "18446744073709551615", b: "-Infinity" });
  });

  test("any JSON comes out as JSON.parse has it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 4 }), async (json) => {
        expect(await readValue(json)).toEqual(JSON.parse(json, exactly));
      }),
      { numRuns: 100 },
    );
  });

  test("keys that objects have by birth are plain data", async () => {
    const value = (await readValue('{"__proto__":{"x":1},"constructor":1,"a":1,"a":2}')) as object;
    expect(Object.entries(value)).toEqual([
      ["__proto__", { x: 1 }],
      ["constructor", 1],
      ["a", 2],
    ]);
    expect("x" in value).toBe(false);
  });

  test("bytes that are not UTF-8 are U+FFFD, at any cut", async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"name":"ü'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('😀"}]}]}]}'),
    ]);
    for (const chunkBytes of [1, 2, 3, 1000]) {
      expect(names(await walk(bytes, {}, chunkBytes))).toEqual(["ü��😀"]);
    }
  });
});
