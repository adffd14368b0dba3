import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editSettings, parseSettings } from "../../src/setup/settings-text.ts";

const set = (text: string, name: string, value: unknown): string =>
  editSettings(text, [{ path: ["env", name], value }], "settings.json");

describe("a value put into settings", () => {
  test("leaves comments, order and indentation as they are", () => {
    const before = `// mine
{
    "model": "opus", // the best
    /* tools */
    "env": {
        "A": "1", // first
    },
}
`;
    expect(set(before, "B", "2")).toBe(`// mine
{
    "model": "opus", // the best
    /* tools */
    "env": {
        "A": "1", // first
        "B": "2",
    },
}
`);
  });

  test.each([
    ["", '{\n  "env": {\n    "A": "1"\n  }\n}\n'],
    ["\n", '{\n  "env": {\n    "A": "1"\n  }\n}\n'],
    ["{}\n", '{\n  "env": {\n    "A": "1"\n  }\n}\n'],
    ['\uFEFF{"b":1}', '\uFEFF{\n  "b": 1,\n  "env": {\n    "A": "1"\n  }\n}'],
    ['{\n  "b": 1 // one\n}', '{\n  "b": 1, // one\n  "env": {\n    "A": "1"\n  }\n}'],
    ['{\n\t"b": 1, /* 1 */ \n}', '{\n\t"b": 1, /* 1 */ \n\t"env": {\n\t\t"A": "1"\n\t},\n}'],
    ['{\r\n\t"b": 1\r\n}\r\n', '{\r\n\t"b": 1,\r\n\t"env": {\r\n\t\t"A": "1"\r\n\t}\r\n}\r\n'],
    ['{"env":{"A":"0"}}', '{"env":{"A":"1"}}'],
  ])("in %j", (before, after) => {
    expect(set(before, "A", "1")).toBe(after);
  });

  test("goes away when it is undefined", () => {
    const text = '{\n  "env": {\n    "A": "1",\n    "B": "2" // two\n  }\n}';
    expect(set(text, "A", undefined)).toBe('{\n  "env": {\n    "B": "2" // two\n  }\n}');
  });

  test("is what reading gives, and nothing else has changed", () => {
    const key = fc.string({ minLength: 1 }).filter((text) => text !== "__proto__");
    const settings = fc.dictionary(key, fc.jsonValue(), { noNullPrototype: true });
    const indent = fc.constantFrom(undefined, 1, 2, 4, "\t");
    fc.assert(
      fc.property(settings, indent, key, fc.string(), (before, space, name, value) => {
        const { env: _env, ...others } = JSON.parse(JSON.stringify(before));
        const text = JSON.stringify({ ...others, env: { OLD: "x" } }, null, space);
        const read = parseSettings(set(text, name, value), "settings.json");
        expect(read).toEqual({ ...others, env: { OLD: "x", [name]: value } });
      }),
    );
  });
});

describe("settings that cannot be changed safely are refused with the place", () => {
  test.each([
    ["{\n  oops\n}", "at line 2, column 3"],
    ['{"a": 1', "at line 1, column 8"],
    ["[]", "(expected an object in braces)"],
    ['"text"', "(expected an object in braces)"],
    ['{"env": "A=1"}', '("env" should be an object)'],
    ['{"env": {}, "env": {}}', '("env" is there twice)'],
    ['{"env": {"A": "1", "A": "2"}}', '("A" is there twice)'],
  ])("%j", (text, where) => {
    expect(() => set(text, "A", "1")).toThrow(`settings.json is not valid JSON ${where}.`);
  });
});
