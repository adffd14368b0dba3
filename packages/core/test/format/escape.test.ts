import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeJson, escapeUnsafe } from "../../src/format/escape.ts";
import { runs } from "../support/runs.ts";

test.each([
  ["реализация 👩\u200d💻", "реализация 👩\u200d💻"],
  ["👩🏽\u200d🚀 ❤\ufe0f\u200d🔥", "👩🏽\u200d🚀 ❤\ufe0f\u200d🔥"],
  ["👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"],
  ["a\u200db", "a\\u200db"],
  ["👩\u200d", "👩\\u200d"],
  ["\u200d💻", "\\u200d💻"],
  ["👩\u200d\u200d💻", "👩\\u200d\\u200d💻"],
  ["👩\u200d\u202e💻", "👩\\u200d\\u202e💻"],
  ["a\u202eb\u2066c", "a\\u202eb\\u2066c"],
  ["a\ufe0f", "a\\ufe0f"],
])("%j is shown as %j", (text, shown) => expect(escapeUnsafe(text)).toBe(shown));

const hostile = fc.array(
  fc.constantFrom(
    "a",
    "👩",
    "🏽",
    "💻",
    "\u200d",
    "\ufe0f",
    "\u202e",
    "\u200b",
    "\u{e0041}",
    "\ud800",
    "\u001b",
  ),
  { maxLength: 12 },
);

test("what is left of a drawn text is visible, or joins two pictures; JSON loses nothing", () => {
  fc.assert(
    fc.property(hostile, (parts) => {
      const text = parts.join("");
      const shown = escapeUnsafe(text).replaceAll(
        /(?<=\p{ExtPict}[\ufe0f\p{EMod}]?)\u200d(?=\p{ExtPict})/gu,
        "",
      );
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]|(?<!\p{ExtPict})\ufe0f|\u{e0041}/u);
      expect(JSON.parse(escapeJson(JSON.stringify(text)))).toBe(text);
    }),
    { numRuns: runs(500) },
  );
});
