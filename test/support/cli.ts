import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { importPaths, openStore } from "@cctelemetry/core";
import { onTestFinished } from "vitest";
import { jsonWriter } from "../../packages/core/src/format/json.ts";
import { writeEmptyDatabase } from "../../packages/core/test/support/telemetry.ts";
import { absolute } from "./source-tree.ts";

const program = absolute("packages/cli/dist/cctelemetry.mjs");

/** What a run of the program left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A program to start it with, e.g. a shell that sets limits; the command line is appended. */
  readonly launcher?: readonly string[];
  /** True if an import is to create its database itself, which takes a second. */
  readonly creates?: boolean;
}

/** A folder of its own for one test, removed when the test ends. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cctelemetry-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder for all tests of a file; give it the hooks of that file. Ask for its path in tests only. */
export function folderForFile(
  before: (hook: () => Promise<void>) => void,
  after: (hook: () => Promise<void>) => void,
): () => string {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "cctelemetry-test-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
}

/**
 * Runs the built program to its end, away from the user's own database and settings. An import into
 * a database that is not there yet gets an empty one, unless it has a launcher or `creates`.
 */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  if (options.creates !== true && options.launcher === undefined) await prepareDatabase(args);
  const [command, ...rest] = [...(options.launcher ?? []), process.execPath, program, ...args];
  if (command === undefined) throw new Error("nothing to run");
  const home = join(tmpdir(), "cctelemetry-test-home");
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, {
      cwd: options.cwd ?? tmpdir(),
      env: { ...process.env, CCTELEMETRY_HOME: home, NO_COLOR: "1", ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    // The program may end without reading its input; that is its right.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.stdin ?? "");
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({
        code,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
      });
    });
  });
}

/** Lays an empty database where an import would create one. */
export async function prepareDatabase(args: readonly string[]): Promise<void> {
  const database = args[args.indexOf("--db") + 1];
  if (args[0] !== "import" || !args.includes("--db") || database === undefined) return;
  if (args.includes("--dry-run") || existsSync(database) || !existsSync(dirname(database))) return;
  await writeEmptyDatabase(database);
}

/** Rows of a query, as the program prints them in JSON; asked here, for a process takes far longer. */
export async function query(
  database: string,
  sql: string,
): Promise<readonly Record<string, unknown>[]> {
  const store = await openStore(database, { waitMs: 30_000 });
  try {
    const { columns, rows } = await store.reading((session) => session.table(sql));
    const writer = jsonWriter(columns);
    return JSON.parse(writer.rows(rows) + writer.end([])) as Record<string, unknown>[];
  } finally {
    await store.close();
  }
}

/** Imports the paths into the database of a folder and returns it; it begins as one that holds nothing. */
export async function imported(folder: string, paths: readonly string[]): Promise<string> {
  const database = join(folder, "telemetry.duckdb");
  if (!existsSync(database)) await writeEmptyDatabase(database);
  const store = await openStore(database);
  try {
    await importPaths(store, paths);
  } finally {
    await store.close();
  }
  return database;
}

/** Stands for the records of a database, in whatever order they came. */
export function contentOf(database: string): Promise<unknown> {
  return query(
    database,
    `SELECT 'logs' AS part, count(*) AS rows, md5(string_agg(record_id::VARCHAR, ',' ORDER BY record_id)) AS content FROM log_records
     UNION ALL
     SELECT 'points', count(*), md5(string_agg(record_id::VARCHAR, ',' ORDER BY record_id)) FROM metric_points
     UNION ALL
     SELECT 'spans', count(*), md5(string_agg(record_id::VARCHAR, ',' ORDER BY record_id)) FROM spans`,
  );
}
