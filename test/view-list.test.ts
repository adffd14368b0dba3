import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../scripts/support/paths.mjs";
import { inOrder, viewList, viewListPath, viewOf } from "../scripts/support/view-list.mjs";

/** The paths of statements in the order they would be made. */
function ordered(statements: Readonly<Record<string, string>>): readonly string[] {
  return inOrder(Object.entries(statements).map(([path, sql]) => viewOf(path, sql))).map(
    ({ path }) => path,
  );
}

describe("the list of views", () => {
  test("is what the files say", () => {
    expect(readFileSync(join(root, viewListPath), "utf8")).toBe(viewList());
  });

  test("places what is needed before what needs it, otherwise by path", () => {
    expect(
      ordered({
        a: "CREATE OR REPLACE VIEW a AS FROM main.c JOIN base.d USING (id)",
        b: "CREATE OR REPLACE VIEW b AS SELECT 1",
        c: "CREATE OR REPLACE VIEW c AS SELECT base.sum(1)",
        "base/x/d": "CREATE OR REPLACE TABLE base.d AS SELECT 1",
        "base/x/sum": "CREATE OR REPLACE MACRO base.sum(n) AS n",
      }),
    ).toEqual(["base/x/d", "base/x/sum", "c", "a", "b"]);
  });

  test("takes no name from a comment, a text, or a part of the statement itself", () => {
    const needs = (sql: string): readonly string[] => viewOf("a", sql).needs;
    expect(needs("-- base.b\nCREATE OR REPLACE VIEW a AS SELECT 'base.c''base.d' FROM e")).toEqual([
      "e",
    ]);
    expect(needs("CREATE OR REPLACE VIEW a AS WITH f AS (FROM base.g) FROM f")).toEqual(["base.g"]);
  });

  test("refuses views that need each other", () => {
    const circle = {
      a: "CREATE OR REPLACE VIEW a AS FROM b",
      b: "CREATE OR REPLACE VIEW b AS FROM a",
    };
    expect(() => ordered(circle)).toThrow("Views need each other: a -> b -> a.");
  });
});
