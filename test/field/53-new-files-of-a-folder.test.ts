import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { query, run, testFolder } from "../support/cli.ts";
import { absolute } from "../support/source-tree.ts";
import { requestLine } from "../support/telemetry.ts";

let folder = "";
let db = "";
let env: Readonly<Record<string, string>> = {};

beforeEach(async () => {
  folder = await testFolder();
  db = join(folder, "t.duckdb");
  env = { CCTELEMETRY_HOME: folder };
  mkdirSync(join(folder, "logs"));
});

function put(day: string, name: string): void {
  const from = absolute(`fixtures/field/53-daily-rename-and-new-name/${day}.jsonl`);
  copyFileSync(from, join(folder, "logs", name));
}

async function importing(...paths: readonly string[]): Promise<void> {
  const { code, stderr } = await run(["import", ...paths, "--db", db], { env, cwd: folder });
  expect(stderr).not.toMatch(/could not be read|this is a bug/);
  expect(code).toBe(0);
}

async function requests(): Promise<unknown> {
  const [row] = await query(db, "SELECT count(*) AS n FROM api_requests");
  return row?.["n"];
}

describe("files by day", () => {
  test("the next day is found without a path, also once the first is gone", async () => {
    put("day1", "claude-2026-11-09.jsonl");
    await importing(join(folder, "logs", "claude-2026-11-09.jsonl"));
    put("day2", "claude-2026-11-10.jsonl");
    await importing();
    expect(await requests()).toBe(2);
    rmSync(join(folder, "logs", "claude-2026-11-09.jsonl"));
    writeFileSync(join(folder, "logs", "claude-2026-11-11.jsonl"), `${requestLine(3)}\n`);
    await importing();
    expect(await requests()).toBe(3);
  });
});

describe("a folder or pattern that was imported", () => {
  test.each([
    ["a folder", "logs"],
    ["a folder below another", "."],
    ["a pattern", "logs/*.jsonl"],
    ["a pattern through folders", "**/*.jsonl"],
  ])("%s: what is new in it is found without a path", async (_name, path) => {
    put("day1", "one.jsonl");
    await importing(path);
    put("day2", "another.jsonl");
    await importing();
    expect(await requests()).toBe(2);
  });

  test("is remembered once, and not by a dry run", async () => {
    put("day1", "one.jsonl");
    await run(["import", "logs", "--db", db, "--dry-run"], { env, cwd: folder });
    await importing("logs/one.jsonl");
    expect(await query(db, "FROM source_places")).toEqual([]);
    await importing("logs");
    await importing("logs");
    expect(await query(db, "SELECT path, kind FROM source_places")).toEqual([
      { path: join(folder, "logs"), kind: "folder" },
    ]);
  });

  test("that is gone is passed over", async () => {
    put("day1", "one.jsonl");
    writeFileSync(join(folder, "kept.jsonl"), `${requestLine(5)}\n`);
    await importing("logs", "kept.jsonl");
    rmSync(join(folder, "logs"), { recursive: true });
    await importing();
    expect(await requests()).toBe(2);
  });
});

test("watch without a path follows what is new in a folder that was imported", async () => {
  put("day1", "one.jsonl");
  await importing("logs");
  put("day2", "another.jsonl");
  const launcher = [process.execPath, "-e", watching];
  await run(["watch", "--json", "--db", db], { env, cwd: folder, launcher });
  expect(await requests()).toBe(2);
});

/** Runs the command line it is given until its first output, then ends it. */
const watching = `
  const { spawn } = require("node:child_process");
  const child = spawn(process.argv[1], process.argv.slice(2), { stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.once("data", () => child.kill("SIGINT"));
  child.on("exit", () => process.exit(0));`;
