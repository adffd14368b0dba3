import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseExact } from "../../../src/otlp/json/exact-json.ts";

/** The reviver that makes long integers text; JavaScript writes them out up to 1e21. */
const exactly = (_: string, value: unknown): unknown =>
  Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value as number) < 1e21
    ? String(value)
    : value;

describe("parseExact", () => {
  test.each([
    ["9007199254740991", 9_007_199_254_740_991],
    ["-9007199254740991", -9_007_199_254_740_991],
    ["9007199254740992", "9007199254740992"],
    ["-9223372036854775808", "-9223372036854775808"],
    ["18446744073709551615", "18446744073709551615"],
    [`1${"0".repeat(309)}`, `1${"0".repeat(309)}`],
    ["1e309", Number.POSITIVE_INFINITY],
    ["9007199254740993.0", 9_007_199_254_740_992],
    ["1e22", 1e22],
    ["-0", -0],
  ])("%s", (text, value) => {
    expect(parseExact(text)).toBe(value);
    expect(parseExact(`{"a":[${text},${text}]}`)).toEqual({ a: [value, value] });
  });

  test("a number in a string or a key is no number", () => {
    expect(parseExact('{"9007199254740993":"9007199254740993, 9007199254740993"}')).toEqual({
      "9007199254740993": "9007199254740993, 9007199254740993",
    });
  });

  test("keys that objects have by birth are plain data", () => {
    const value = parseExact('{"__proto__":{"x":1},"constructor":2,"toString":null}') as object;
    expect(Object.keys(value)).toEqual(["__proto__", "constructor", "toString"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect("x" in value).toBe(false);
  });

  test("the last of equal keys wins", () => {
    expect(parseExact('{"a":1,"b":2,"a":[3]}')).toEqual({ a: [3], b: 2 });
  });

  test("what JSON.parse refuses is refused alike", () => {
    for (const text of ["", "{", "[1,]", "01", "nul", '"\n"', '{"a":1}x', "\ufeff1"]) {
      expect(() => parseExact(text)).toThrow(SyntaxError);
    }
  });

  test("is JSON.parse on everything else, however deep", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(parseExact(text)).toEqual(JSON.parse(text, exactly));
      }),
      { numRuns: 300 },
    );
    const deep = "[".repeat(20_000) + "]".repeat(20_000);
    expect(Array.isArray(parseExact(deep))).toBe(true);
  });
});
