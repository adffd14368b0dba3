import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { imported, query, run, testFolder } from "../support/cli.ts";
import { absolute } from "../support/source-tree.ts";

function input(name: string): string {
  return absolute(`fixtures/field/24-archives/${name}`);
}

const archives: readonly (readonly [name: string, sentence: string, hint: string])[] = [
  ["a.zip", "is a zip archive, which is not read.", "unzip a.zip -d telemetry"],
  ["a.jsonl.bz2", "is a bzip2 file, which is not read.", "bzip2 -dc a.jsonl.bz2 | cctelemetry"],
  ["a.jsonl.xz", "is an xz file, which is not read.", "xz -dc a.jsonl.xz | cctelemetry import -"],
  ["a.tar.gz", "is compressed, and in it is a tar archive, which is not read.", "tar -xf a.tar.gz"],
  [
    "c12-tbz.tar.bz2",
    "is a bzip2 file, which is not read.",
    "bzip2 -dc c12-tbz.tar.bz2 | tar -xf -",
  ],
  ["c12-txz.tar.xz", "is an xz file, which is not read.", "xz -dc c12-txz.tar.xz | tar -xf -"],
];

describe.each(archives)("%s", (name, sentence, hint) => {
  test("is named, with how to unpack it, in one sentence", async () => {
    const db = `${await testFolder()}/t.duckdb`;
    const outcome = await run(["import", input(name), "--db", db]);
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(outcome.stderr).toContain(`"${input(name)}" ${sentence}`);
    expect(outcome.stderr).toContain(hint);
    expect(outcome.stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
  });

  test("is named on standard input, too", async () => {
    const db = `${await testFolder()}/t.duckdb`;
    const outcome = await run(["import", "-", "--db", db], { stdin: readFileSync(input(name)) });
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(outcome.stderr).toContain(`Standard input ${sentence}`);
  });
});

describe("gzip of", () => {
  test.each([
    ["gzip", "c12-gzgz.jsonl.gz.gz"],
    ["UTF-16", "c12-gz-utf16.gz"],
  ])("%s is read", async (_, name) => {
    const db = await imported(await testFolder(), [input(name)]);
    const [row] = await query(db, "SELECT count(*) AS n FROM api_requests");
    expect(row).toEqual({ n: 2 });
  });
});

describe("gzip", () => {
  test.each(["a.jsonl.gz", "two.jsonl.gz", "trunc.jsonl.gz", "notgz.jsonl.gz"])(
    "%s is read as far as it goes",
    async (name) => {
      const db = `${await testFolder()}/t.duckdb`;
      const outcome = await run(["import", input(name), "--db", db]);
      expect(outcome.code).toBe(0);
      expect(outcome.stderr.includes("rejected")).toBe(name === "trunc.jsonl.gz");
      const [row] = await query(db, "SELECT count(*) AS n FROM api_requests");
      expect(row).toEqual({ n: 2 });
    },
  );
});
