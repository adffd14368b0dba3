import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { query, run, testFolder } from "../support/cli.ts";
import { absolute } from "../support/source-tree.ts";

const file = absolute("fixtures/field/record-marks/seq.jsonl");

test.each([
  ["a file", [file], ""],
  ["standard input", ["-"], readFileSync(file)],
])("requests behind the marks of jq --seq are read from %s", async (_, paths, stdin) => {
  const db = `${await testFolder()}/t.duckdb`;
  const { code, stderr } = await run(["import", ...paths, "--db", db], { stdin });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(await query(db, "SELECT count(*) AS n FROM api_requests")).toEqual([{ n: 2 }]);
});
