import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderForFile, type Outcome, run } from "./support/cli.ts";
import { fixture } from "./support/fixtures.ts";
import { runInside } from "./support/inside.ts";

const recording = fixture("L-json-tools.jsonl");
const folder = folderForFile(beforeAll, afterAll);
let sound = Buffer.alloc(0);

beforeAll(async () => {
  const database = join(folder(), "sound.duckdb");
  const { code, stderr } = await run(["import", recording, "--db", database]);
  expect(code, stderr).toBe(0);
  sound = await readFile(database);
});

/** Bytes of the sound database, some of them changed. */
function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(sound);
  change(bytes);
  return bytes;
}

/** Every block from the first on that holds data. */
function everyBlock(bytes: Buffer): void {
  for (let at = 12_288 + 5_000; at < bytes.length; at += 65_536) bytes[at] = (bytes[at] ?? 0) ^ 1;
}

/** What may stand at the path of a database, and what is said of it. */
const damages: readonly (readonly [string, () => Buffer, RegExp])[] = [
  ["a bit of each block", () => changed(everyBlock), /is damaged\.$/],
  [
    "zeros in the first block",
    () => changed((bytes) => bytes.fill(0, 12_288, 77_824)),
    /is damaged\.$/,
  ],
  ["a bit of the header", () => changed((bytes) => bytes.fill(7, 4_200, 4_201)), /is damaged\.$/],
  ["half of the file", () => sound.subarray(0, sound.length >> 1), /is damaged\.$/],
  ["only the header", () => sound.subarray(0, 12_288), /is damaged\.$/],
  ["twenty bytes", () => sound.subarray(0, 20), /is damaged\.$/],
  ["no magic word", () => changed((bytes) => bytes.fill(0, 8, 12)), /is no DuckDB database/],
  ["random bytes", () => Buffer.from("\u0001\u0007random".repeat(4_000)), /is no DuckDB database/],
  ["a line of JSON", () => Buffer.from('{"a":1}\n'), /is no DuckDB database/],
  [
    "a database of SQLite",
    () => Buffer.concat([Buffer.from("SQLite format 3\0"), Buffer.alloc(8_176)]),
    /is a database of SQLite/,
  ],
  [
    "a newer storage version",
    () => changed((bytes) => bytes.writeBigUInt64LE(200n, 12)),
    /is damaged, or was written by a newer version of DuckDB \(storage version 200\)\.$/,
  ],
];

const commands: readonly (readonly string[])[] = [
  ["report", "summary"],
  ["report", "sessions", "--json"],
  ["status"],
  ["query", "SELECT sum(cost_usd) FROM api_requests"],
  ["import", recording],
  ["import"],
  ["statusline", recording, "--fresh"],
];

/** One sentence that names the database, a hint with the way back, exit code 1. */
function expectKnown({ code, stdout, stderr }: Outcome, sentence: RegExp): void {
  expect(code, stderr).toBe(1);
  expect(stdout).toBe("");
  const [said = "", hint = "", ...more] = stderr.trimEnd().split("\n");
  expect(said).toMatch(/^cctelemetry: .*t\.duckdb/);
  expect(said).toMatch(sentence);
  expect(hint).toMatch(/^hint: .*(cctelemetry import|another database with --db)/);
  expect(more).toEqual([]);
}

describe.each(damages)("%s", (name, bytes, sentence) => {
  test("is one known error in every command, and nothing is changed", async () => {
    const home = join(folder(), "home");
    await rm(home, { recursive: true, force: true });
    await mkdir(home);
    const database = join(home, "t.duckdb");
    await writeFile(database, bytes());
    const env = { CCTELEMETRY_HOME: home };
    for (const command of commands) {
      const stdin = JSON.stringify({ session_id: "0d3e5f30-0000-4000-8000-000000000000" });
      expectKnown(await runInside([...command, "--db", database], { env, stdin }), sentence);
    }
    // One of them in a process, another for each damage.
    const command = commands[damages.findIndex(([each]) => each === name) % commands.length] ?? [];
    const stdin = JSON.stringify({ session_id: "0d3e5f30-0000-4000-8000-000000000000" });
    expectKnown(await run([...command, "--db", database], { env, stdin }), sentence);
    const doctor = await runInside(["doctor", "--json", "--db", database], { env });
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toContain("t.duckdb");
    expect(doctor.stderr).not.toMatch(/this is a bug/);
    expect((await readFile(database)).equals(bytes())).toBe(true);
  });
});

test("a file without a byte is no database yet, and an import makes one of it", async () => {
  const database = join(folder(), "empty-t.duckdb");
  await writeFile(database, "");
  for (const command of [["report", "summary"], ["status"], ["query", "SELECT 1"]]) {
    const { code, stderr } = await runInside([...command, "--db", database]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/There is no database .*the file is empty\.\nhint: Import/),
    ]);
  }
  const { code } = await run(["import", recording, "--db", database]);
  expect(code).toBe(0);
});

test("watch says it without the engine's stack", async () => {
  const database = join(folder(), "watched-t.duckdb");
  await writeFile(database, sound.subarray(0, sound.length >> 1));
  const { stdout } = await run(["watch", recording, "--json", "--db", database], {
    launcher: ["timeout", "-s", "INT", "4"],
  });
  const state = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as {
    readonly store: { readonly state: string; readonly reason: string };
  };
  expect(state.store).toMatchObject({
    state: "damaged",
    reason: `The database ${database} is damaged.`,
  });
});

test("a damaged log: who reads says so and leaves it, an import brings its rows back and says so", async () => {
  const database = join(folder(), "logged-t.duckdb");
  await copyFile(join(folder(), "sound.duckdb"), database);
  const log = await logOf(
    database,
    "UPDATE base.meta SET definition = definition; CREATE TABLE extra (a INTEGER)",
  );
  log[log.length - 5] = (log[log.length - 5] ?? 0) ^ 1;
  await writeFile(`${database}.wal`, log);
  for (const command of commands.filter(([name]) => name !== "import")) {
    const outcome = await run([...command, "--db", database], { stdin: '{"session_id":"x"}' });
    expectKnown(outcome, /The write-ahead log of the database .* is damaged/);
    expect((await readFile(`${database}.wal`)).equals(log)).toBe(true);
  }
  const { code, stderr } = await run(["import", recording, "--db", database]);
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(/^note: The write-ahead log .* put aside as .*\.wal\.left; /),
  ]);
  expect((await readFile(`${database}.wal.left`)).equals(log)).toBe(true);
  expect((await run(["report", "summary", "--db", database])).code).toBe(0);
});

/** What a writer leaves in its log that is killed before the end of its lease; the file is left as it was. */
async function logOf(database: string, sql: string): Promise<Buffer> {
  const copy = `${database}.copy`;
  await copyFile(database, copy);
  const instance = await DuckDBInstance.create(copy);
  const connection = await instance.connect();
  await connection.run("SET checkpoint_threshold = '1GB'");
  await connection.run(sql);
  const log = await readFile(`${copy}.wal`);
  connection.closeSync();
  instance.closeSync();
  return log;
}
