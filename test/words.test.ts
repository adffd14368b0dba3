import { describe, expect, test } from "vitest";
import { bannedWords } from "../scripts/support/banned-words.mjs";
import {
  complaints,
  countInCode,
  findBannedWords,
  smallerBaseline,
} from "../scripts/support/words.mjs";

const code = "packages/core/src/a.ts";

/** `line word text|code` of each finding. */
function found(path: string, text: string): readonly string[] {
  return findBannedWords(path, text).map(
    ({ line, word, isText }) => `${line} ${word} ${isText ? "text" : "code"}`,
  );
}

/** The code of a template, of which `#` begins the places. */
function template(text: string): string {
  return text.replaceAll("#", "$");
}

describe("a banned word is found", () => {
  test.each<[string, string, string, readonly string[]]>([
    ["in a line comment", code, "a();\n// Nobody is told.\n", ["2 told code"]],
    ["in a doc comment", code, "/**\n * Reads it anew.\n */\n", ["2 anew code"]],
    ["in a comment over two lines", code, "// How long of\n// late.\n", ["1 of late code"]],
    ["in a name", code, "const told = was_told + toldTwice;", Array(3).fill("1 told code")],
    ["in a name in capitals", code, "const TOLD_ONCE = 1;", ["1 TOLD code"]],
    [
      "in a sentence of the program",
      code,
      'fail("It is told\\n anew.");',
      ["1 told text", "1 anew text"],
    ],
    ["in a template", code, template("fail(`a\n#{b(`#{c}`)} reckons #{d}`);"), ["2 reckons text"]],
    ["in the code of a template", code, template("`a b #{told} c`"), ["1 told code"]],
    ["after a regular expression", code, "x = /['\"`]/.test(y); // told", ["1 told code"]],
    ["after a division", code, "x = a / b; // told / anew", ["1 told code", "1 anew code"]],
    ["in a string of one word", code, 'kind === "told"', ["1 told code"]],
    ["in a sentence of a test", "test/a.test.ts", 'test("is told", f)', ["1 told code"]],
    ["in JSX", "packages/a/src/b.tsx", '<p title="is told">told</p>', Array(2).fill("1 told code")],
    [
      "in a page",
      "docs/a.md",
      "# A\n\nHeedless of late, besides.",
      ["3 Heedless text", "3 of late text", "3 besides text"],
    ],
    ["in a manifest", "packages/a/package.json", '{ "title": "Dearest" }', ["1 Dearest text"]],
    [
      "in a comment of SQL",
      "a.sql",
      "SELECT 1 -- told\n/* the errands */",
      ["1 told text", "2 errands text"],
    ],
    ["in a sentence of SQL", "a.sql", "SELECT 'it''s told' AS a", ["1 told text"]],
    ["in a name of SQL", "a.sql", "SELECT told -- fine", ["1 told code"]],
  ])("%s", (_, path, text, expected) => {
    expect(found(path, text)).toEqual(expected);
  });

  test("each by its reason, in lower case and in capitals", () => {
    const examples = "told tell anew reckoning errand dearest heed besides seldom whereof hitherto";
    for (const word of [...examples.split(" "), "of late,"]) {
      const [finding] = findBannedWords("a.md", `x ${word.toUpperCase()}`);
      expect(finding?.use, word).toBe(
        bannedWords.find(({ pattern }) => word.search(pattern) === 0)?.use,
      );
    }
  });
});

test.each([
  "untold foretold threshold toldo",
  "teller intellect telltale Telluride",
  "beside the file; a renewal; canew",
  "reckless; an errant error; dear; needed; wheedle",
  "records of late data; later; plate of latex",
  "where of; there is; thereby; therefore; whenever; hence",
  "isolated.of.late_data",
])("look-alikes are allowed: %s", (text) => {
  expect(found("a.md", text)).toEqual([]);
  expect(found(code, `// ${text}\nf("${text}");`)).toEqual([]);
});

describe("the baseline of code", () => {
  const findings = [
    ...findBannedWords("a.ts", "// told\n// told"),
    ...findBannedWords("b.md", "anew"),
  ];
  const counts = countInCode(findings);

  test("counts comments and names, not texts", () => {
    expect(counts).toEqual({ "a.ts": 2 });
  });

  test("is met: only words in texts are wrong, with place and replacement", () => {
    expect(complaints(findings, { "a.ts": 2 })).toEqual([
      'b.md:1: "anew": archaic; write again, or a verb with re-',
    ]);
  });

  test("is exceeded, also by a file that has none: each place is named", () => {
    expect(complaints(findings.slice(0, 2), {})).toEqual([
      "a.ts: 2 banned words in comments and names, at most 0 allowed",
      'a.ts:1: "told": write reported, configured, passed or known',
      'a.ts:2: "told": write reported, configured, passed or known',
    ]);
  });

  test("is out of date: words are gone, or a file", () => {
    const baseline = { "a.ts": 3, "gone.ts": 1 };
    expect(complaints(findings.slice(0, 2), baseline)).toEqual([
      expect.stringMatching(/^a\.ts: 2 .* says 3; run node scripts\/words\.mjs --update$/),
      expect.stringMatching(/^gone\.ts: 0 .* says 1; /),
    ]);
  });

  test("only shrinks; a moved file keeps its number", () => {
    expect(smallerBaseline(counts, { "a.ts": 3, "gone.ts": 1 })).toEqual(counts);
    expect(smallerBaseline(counts, { "a.ts": 1, "gone.ts": 9 })).toBeUndefined();
    expect(smallerBaseline(counts, { "old/a.ts": 2 })).toEqual(counts);
    expect(smallerBaseline(counts, { "old/a.ts": 1 })).toBeUndefined();
  });
});
