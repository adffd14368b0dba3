import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeTags, readTags, tagOf, writeTags } from "../../src/run/tags.ts";

const name = fc.stringMatching(/^[a-z_][a-z0-9_.-]{0,20}$/);
const value = fc
  .string({ unit: "binary", minLength: 1, maxLength: 20 })
  .map((v) => v.toWellFormed());

describe("tags", () => {
  test("come back as they were written, whatever they hold", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (pairs) => {
        const tags = new Map(pairs);
        const list = writeTags(tags);
        expect(list).toMatch(/^[A-Za-z0-9_.~%=,-]*$/);
        expect(readTags(list)).toEqual(tags);
      }),
    );
  });

  test("are read as Claude Code reads them", () => {
    expect(readTags(undefined)).toEqual(new Map());
    expect(readTags(" workflow_id = w1 ,nothing,=none,title=a%20b,broken=%zz")).toEqual(
      new Map([
        ["workflow_id", "w1"],
        ["title", "a b"],
        ["broken", "%zz"],
      ]),
    );
  });

  test("of a later set win, and an empty one takes away", () => {
    const first = readTags("a=1,b=2,c=3");
    expect(writeTags(mergeTags(first, readTags("b=x,c="), readTags("d=4")))).toBe("a=1,b=x,d=4");
  });

  test.each([
    ["novalue", "is not name=value"],
    ["=1", "is not name=value"],
    ["a b=1", "cannot be the name"],
    ["1a=1", "cannot be the name"],
    ["model=x", "attribute of Claude Code's own"],
    ["session.id=x", "attribute of Claude Code's own"],
    ["a=\n", "control character"],
    [`a=${"ü".repeat(50)}`, "longer than 255"],
  ])("%j is refused", (text, words) => {
    expect(() => tagOf(text)).toThrow(words);
  });
});
