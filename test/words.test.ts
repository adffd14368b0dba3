import { describe, expect, test } from "vitest";
import { bannedWords } from "../scripts/support/banned-words.mjs";
import { describeFinding, findBannedWords } from "../scripts/support/words.mjs";

/** `line word` of each finding. */
function found(text: string): readonly string[] {
  return findBannedWords("a.ts", text).map(({ line, word }) => `${line} ${word}`);
}

describe("a banned word is found", () => {
  test.each<[string, string, readonly string[]]>([
    ["in a line comment", "a();\n// Nobody is told.\n", ["2 told"]],
    ["in a doc comment", "/**\n * Reads it anew.\n */\n", ["2 anew"]],
    ["in a comment over two lines", "// How long of\n// late.\n", ["1 of late"]],
    ["in a name", "const told = was_told + toldTwice;", Array(3).fill("1 told")],
    ["in a name in capitals", "const TOLD_ONCE = 1;", ["1 TOLD"]],
    ["in a sentence of the program", 'fail("It is told\\n anew.");', ["1 told", "1 anew"]],
    ["in a template", "fail(`a\nit reckons`);", ["2 reckons"]],
    ["in a string of one word", 'kind === "told"', ["1 told"]],
    ["in JSX", '<p title="is told">told</p>', Array(2).fill("1 told")],
    ["in a page", "# A\n\nHeedless of late, besides.", ["3 Heedless", "3 of late", "3 besides"]],
    ["in a manifest", '{ "title": "Dearest" }', ["1 Dearest"]],
    ["in a comment of SQL", "SELECT 1 -- told\n/* the errands */", ["1 told", "2 errands"]],
    ["in SQL", "SELECT 'it''s told' AS told_by", ["1 told", "1 told"]],
  ])("%s", (_, text, expected) => {
    expect(found(text)).toEqual(expected);
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

  test("with its place and what to write", () => {
    expect(findBannedWords("b.md", "a\nanew").map(describeFinding)).toEqual([
      'b.md:2: "anew": archaic; write again, or a verb with re-',
    ]);
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
  expect(found(text)).toEqual([]);
  expect(found(`// ${text}\nf("${text}");`)).toEqual([]);
});
