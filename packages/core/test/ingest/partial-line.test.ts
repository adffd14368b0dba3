import { expect, test } from "vitest";
import type { FileProgress } from "../../src/ingest/cursor.ts";
import { likelyLines, type PartialLine } from "../../src/ingest/partial-line.ts";

/** The pieces as they stand at the ends of files, the last one of them. */
function halfOf(...texts: readonly string[]): PartialLine {
  let half: PartialLine | undefined;
  for (const text of texts) {
    half = { bytes: Buffer.from(text), offset: 0, file: {} as FileProgress, earlier: half };
  }
  if (half === undefined) throw new Error("no pieces");
  return half;
}

function linesOf(rest: string, ...pieces: readonly string[]): readonly string[] {
  const candidates = likelyLines(halfOf(...pieces), Buffer.from(rest));
  return candidates.map((each) => each.map(({ bytes }) => String(bytes)).join("|"));
}

test("all pieces of a line, or the last ones after those of a torn line", () => {
  const [first, second] = linesOf("rest", "one", "two");
  expect([first, second]).toEqual(["one|two", "two"]);
});

test("not what a copy has of the next piece, though it may fit into a text", () => {
  const copy = "some text of a prompt";
  expect(linesOf(`${copy} and more`, "begin", copy)[0]).toBe("begin");
  expect(linesOf("rest", "begin", copy, `${copy} and more`)[0]).toBe(`begin|${copy} and more`);
});

test("a few letters are no copy, unless nothing else fits", () => {
  const lines = linesOf("a rest", "begin", "a");
  expect(lines[0]).toBe("begin|a");
  expect(lines.at(-1)).toBe("begin");
});
