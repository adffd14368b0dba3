import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type DocumentLimits,
  type DocumentOutcome,
  type DocumentPart,
  walkDocument,
} from "../../src/otlp/document.ts";

interface Walked extends DocumentOutcome {
  readonly found: readonly DocumentPart[];
}

async function walk(
  text: string | Buffer,
  limits: Partial<DocumentLimits> = {},
  chunkBytes = 1000,
): Promise<Walked> {
  const bytes = Buffer.from(text);
  const open = (): Readable => {
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      chunks.push(bytes.subarray(at, at + chunkBytes));
    }
    return Readable.from(chunks);
  };
  const found: DocumentPart[] = [];
  const outcome = await walkDocument(open, (part) => found.push(part), limits);
  expect(outcome.parts).toBe(found.length);
  return { ...outcome, found };
}

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

const reasons = ({ problems }: DocumentOutcome): string[] =>
  problems.map(({ reason, path }) => `${reason} ${path}`);

/** A request of one log record for each name. */
const logs = (...names: string[]): string =>
  JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: [{ key: "r", value: { stringValue: "1" } }] },
        scopeLogs: [{ scope: { name: "s" }, logRecords: names.map((name) => ({ name })) }],
      },
    ],
  });

const names = ({ found }: Walked): unknown[] =>
  found.map(({ element }) => (element as { name: unknown }).name);

describe("real requests", () => {
  const telemetry = new URL("../../../../fixtures/telemetry/", import.meta.url).pathname;
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

describe("wrong types are told, and their neighbours are kept", () => {
  test.each([
    ["a scalar at the top", `1 ${logs("a")}`, ["wrong-type "]],
    ["scalars in a list", `["x",${logs("a")},null]`, ["wrong-type [0]", "wrong-type [2]"]],
    ["an unknown field", `{"x":[1,{}]}${logs("a")}`, ["unknown-field x"]],
    ["a field with a scalar", `{"x":"\\u0041"}${logs("a")}`, ["unknown-field x"]],
    ["text for a list", `{"resourceLogs":"x"}${logs("a")}`, ["wrong-type resourceLogs"]],
    ["an object for a list", `{"resourceLogs":{"a":{}}}${logs("a")}`, ["wrong-type resourceLogs"]],
    ["no list", `{"resourceLogs":null}${logs("a")}`, []],
    ["no request", `{}${logs("a")}`, []],
    [
      "entries that are none",
      '{"resourceLogs":[1,[{}],{"scopeLogs":[null,{"logRecords":[{"name":"a"}]}]}]}',
      [
        "wrong-type resourceLogs[0]",
        "wrong-type resourceLogs[1]",
        "wrong-type resourceLogs[2].scopeLogs[0]",
      ],
    ],
    [
      "records that are none",
      '{"resourceLogs":[{"scopeLogs":[{"logRecords":["x",[],{"name":"a"},null]}]}]}',
      [0, 1, 3].map((index) => `wrong-type resourceLogs[0].scopeLogs[0].logRecords[${index}]`),
    ],
    [
      "scopes and records that are no lists",
      '{"resourceSpans":[{"scopeSpans":{}},{"scopeSpans":[{"spans":1},{"spans":[{"name":"a"}]}]}]}',
      ["wrong-type resourceSpans[0].scopeSpans", "wrong-type resourceSpans[1].scopeSpans[0].spans"],
    ],
  ])("%s", async (_, text, problems) => {
    const walked = await walk(text);
    expect(reasons(walked)).toEqual(problems);
    expect(names(walked)).toEqual(["a"]);
  });
});

describe("limits", () => {
  const record = (value: string): string =>
    logs("a", "v", "b").replace('{"name":"v"}', `{"v":${value}}`);

  test("a record that is too large is passed over", async () => {
    const walked = await walk(record(JSON.stringify("x".repeat(100_000))), {
      maxElementBytes: 50_000,
    });
    expect(reasons(walked)).toEqual(["too-large resourceLogs[0].scopeLogs[0].logRecords[1]"]);
    expect(names(walked)).toEqual(["a", "b"]);
  });

  test("a string as long as the limit is whole", async () => {
    const text = "x}".repeat(40_000);
    const walked = await walk(record(JSON.stringify(text)), { maxElementBytes: 100_000 });
    expect(walked.problems).toEqual([]);
    expect(walked.found[1]?.element).toEqual({ v: text });
  });

  test.each([94, 10_000])("a record %d deep is passed over", async (depth) => {
    const walked = await walk(record("[".repeat(depth) + "]".repeat(depth)));
    expect(reasons(walked)).toEqual(["too-deep resourceLogs[0].scopeLogs[0].logRecords[1]"]);
    expect(names(walked)).toEqual(["a", "b"]);
  });

  test("a record 92 deep is within a request 100 deep", async () => {
    const walked = await walk(record("[".repeat(92) + "]".repeat(92)));
    expect(walked.problems).toEqual([]);
  });

  test("a text that only opens ends where memory would, and the next request is read", async () => {
    const walked = await walk(record("[".repeat(1_100_000)) + logs("x"), {}, 65_536);
    expect(walked.problems.map(({ reason }) => reason)).toEqual(["too-deep", "too-deep"]);
    expect(names(walked)).toEqual(["a", "x"]);
  });

  test("records of a resource that is too large are told, each", async () => {
    const big = JSON.stringify({ resource: { a: "x".repeat(60_000) } }).slice(1, -1);
    const walked = await walk(
      `{"resourceLogs":[{${big},"scopeLogs":[{"logRecords":[{"name":"x"}]}]}]}${logs("a")}`,
      { maxElementBytes: 50_000 },
    );
    expect(reasons(walked)).toEqual([
      "too-large resourceLogs[0].resource",
      "no-context resourceLogs[0].scopeLogs[0].logRecords[0]",
    ]);
    expect(names(walked)).toEqual(["a"]);
  });

  test("contexts beyond their limit leave their records untold of, not the others", async () => {
    const walked = await walk(`${logs("a")}${logs("b").replace('"1"', `"${"2".repeat(200)}"`)}`, {
      maxContextLength: 250,
    });
    expect(names(walked)).toEqual(["a"]);
    expect(walked.problems[0]?.reason).toBe("no-context");
  });

  test("problems are counted, the first ones told", async () => {
    const walked = await walk(`[${"1,".repeat(50)}${logs("a")}]`, { maxProblems: 3 });
    expect(reasons(walked)).toEqual(["wrong-type [0]", "wrong-type [1]", "wrong-type [2]"]);
    expect(walked.problemCount).toBe(50);
    expect(names(walked)).toEqual(["a"]);
  });
});

describe("torn text keeps what came before it and what comes after it", () => {
  const long = logs("a", "b", "c", "d");
  const cut = long.indexOf('{"name":"c"}') + 5;

  test("cut at the end", async () => {
    const walked = await walk(`${logs("x")}\n${long.slice(0, cut)}`);
    expect(names(walked)).toEqual(["x", "a", "b"]);
    expect(reasons(walked)).toEqual(["truncated [1].resourceLogs[0].scopeLogs[0].logRecords[2]"]);
  });

  test.each(["nul", '"x', "12", "[", '{"resourceLogs"', "tru"])("ending in %s", async (end) => {
    const walked = await walk(`${logs("x")}\n${end}`);
    expect(names(walked)).toEqual(["x"]);
    expect(walked.problems.length).toBe(1);
  });

  test("a wrong character in the middle", async () => {
    const walked = await walk(`${long.replace('"c"', '"c"!')}\n${logs("x", "y")}`);
    expect(names(walked)).toEqual(["a", "b", "x", "y"]);
    // The last record that was read; the piece that has the fault gave nothing.
    expect(reasons(walked)).toEqual(["syntax resourceLogs[0].scopeLogs[0].logRecords[1]"]);
    const [problem] = walked.problems;
    expect(long.slice(problem?.offset)).toContain('"c"');
    expect(long.slice(problem?.offset)).not.toContain('"a"');
  });

  test("in a list", async () => {
    const walked = await walk(`[${long.replace('"c"', "c")},${logs("x")},${logs("y")}]`);
    expect(names(walked)).toEqual(["a", "b", "x", "y"]);
    expect(walked.problems.map(({ reason }) => reason)).toEqual(["syntax"]);
  });

  test("a request glued to any beginning of another", async () => {
    for (let end = 0; end < long.length; end += 1) {
      const walked = await walk(long.slice(0, end) + logs("x", "y"), {}, 64);
      const whole = ["a", "b", "c", "d"].filter(
        (name) => long.indexOf(`{"name":"${name}"}`) + 12 <= end,
      );
      expect([end, ...names(walked)]).toEqual([end, ...whole, "x", "y"]);
      expect([end, walked.problemCount > 0]).toEqual([end, end > 0]);
    }
  });

  test("records whose resource was torn off are not handed on without it", async () => {
    const walked = await walk(
      `{"resourceLogs":[{"scopeLogs":[{"scope":{},"logRecords":[{"name":"a"}]}],"resou${logs("x")}`,
    );
    expect(names(walked)).toEqual(["x"]);
    expect(walked.problems.map(({ reason }) => reason)).toEqual(["no-context", "syntax"]);
  });

  test("a source that fails", async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from(logs("a").slice(0, -4)));
      throw new Error("unexpected end of file");
    }
    const found: DocumentPart[] = [];
    const outcome = await walkDocument(failing, (part) => found.push(part));
    expect(found.map(({ element }) => element)).toEqual([{ name: "a" }]);
    expect(outcome.problems).toMatchObject([
      { reason: "read-failed", detail: "unexpected end of file" },
    ]);
  });

  test("what the caller throws goes through and closes the source", async () => {
    const source = Readable.from([Buffer.from(logs("a"))]);
    let calls = 0;
    const open = (): Readable => {
      calls += 1;
      return calls === 1 ? Readable.from([Buffer.from(logs("a"))]) : source;
    };
    await expect(
      walkDocument(open, () => {
        throw new Error("mine");
      }),
    ).rejects.toThrow("mine");
    expect(source.destroyed).toBe(true);
  });

  test("any bytes, and requests with any byte changed, give an answer", async () => {
    const text = Buffer.from(`${long}\n${logs("x")}`);
    const changed = fc.tuple(fc.nat(text.length - 1), fc.nat(255)).map(([at, byte]) => {
      const copy = Buffer.from(text);
      copy[at] = byte;
      return copy;
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, fc.uint8Array({ maxLength: 300 })), async (bytes) => {
        const walked = await walk(Buffer.from(bytes), {}, 50);
        expect(walked.problemCount).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });
});
