import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderForFile, imported, type Outcome, run } from "../support/cli.ts";
import { absolute } from "../support/source-tree.ts";

// What test/damaged-store.test.ts does to the bytes of a database is not repeated here.
const input = absolute("fixtures/field/44-db-damage/input.jsonl");
const folder = folderForFile(beforeAll, afterAll);
let sound = "";
beforeAll(async () => {
  sound = await imported(folder(), [input]);
});

/** A report and an import on a database at the path. */
async function both(database: string, env = {}): Promise<readonly Outcome[]> {
  const at = { cwd: folder(), env: { HOME: folder(), ...env } };
  return [
    await run(["report", "summary", "--db", database], at),
    await run(["import", input, "--db", database], at),
  ];
}

function expectRefusals(outcomes: readonly Outcome[], sentence: RegExp): void {
  for (const { code, stderr } of outcomes) {
    expect([code, stderr]).toEqual([1, expect.stringMatching(sentence)]);
    expect(stderr.trimEnd().split("\n")).toHaveLength(2);
  }
}

test("a database of another program is refused and left as it is", async () => {
  const database = join(folder(), "foreign.duckdb");
  const instance = await DuckDBInstance.create(database);
  const connection = await instance.connect();
  await connection.run("CREATE TABLE t AS SELECT 1 AS a");
  connection.closeSync();
  instance.closeSync();
  const before = await readFile(database);
  expectRefusals(await both(database), /not one of cctelemetry/);
  expect((await readFile(database)).equals(before)).toBe(true);
});

test("a folder and a folder that is not there are named", async () => {
  const database = join(folder(), "d.duckdb");
  await mkdir(database);
  expectRefusals(await both(database), /d\.duckdb is not a file|is a directory/);
  expectRefusals(
    [(await both(join(folder(), "no/such/x.duckdb")))[0] as Outcome],
    /There is no database/,
  );
});

test("what may only be read is read", async () => {
  const database = join(folder(), "ro.duckdb");
  await copyFile(sound, database);
  await chmod(database, 0o444);
  expect((await run(["report", "summary", "--db", database])).code).toBe(0);
});

test("~ is the home directory, and no folder of that name is made", async () => {
  await run(["import", input, "--db", "~/tilde.duckdb"], {
    cwd: folder(),
    env: { HOME: folder() },
  });
  expect(existsSync(join(folder(), "tilde.duckdb"))).toBe(true);
  expect(await readdir(folder())).not.toContain("~");
});
