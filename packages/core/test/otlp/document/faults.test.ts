import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DocumentPart, walkDocument } from "../../../src/otlp/document/document.ts";
import { logs, names, reasons, walk } from "../../support/document-walk.ts";

describe("wrong types are reported, and their neighbours are kept", () => {
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
