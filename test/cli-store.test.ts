import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  contentOf,
  folderForFile,
  imported,
  type Outcome,
  query,
  run,
  testFolder,
} from "./support/cli.ts";
import { fixture } from "./support/fixtures.ts";
import { runInside } from "./support/inside.ts";

const recording = fixture("L-json-tools.jsonl");

/** One sentence that names the database, a hint, exit code 1, nothing on standard output. */
function expectRefusal({ code, stdout, stderr }: Outcome, sentence: RegExp): void {
  expect(code, stderr).toBe(1);
  expect(stdout).toBe("");
  const lines = stderr.trimEnd().split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(sentence);
  expect(lines[1]).toMatch(/^hint: /);
}

/** Runs SQL on a database file, with the engine itself. */
async function alter(database: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(database);
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

/** A database with one run inside. */
async function filledDatabase(): Promise<string> {
  return imported(await testFolder(), [recording]);
}

const commands: readonly (readonly string[])[] = [
  ["import", recording],
  ["query", "SELECT 1"],
  ["report", "summary"],
  ["status"],
];

test("a database of a newer version is left alone", async () => {
  const database = await filledDatabase();
  await alter(database, "UPDATE base.meta SET schema_version = 999");
  const before = await readFile(database);
  for (const command of commands) {
    expectRefusal(await runInside([...command, "--db", database]), /newer/);
  }
  expect((await readFile(database)).equals(before)).toBe(true);
});

test("a file that is no database is left alone", async () => {
  const database = join(await testFolder(), "t.duckdb");
  await writeFile(database, "my diary\n".repeat(1_000));
  for (const command of commands) {
    expectRefusal(await runInside([...command, "--db", database]), /t\.duckdb/);
  }
  expect((await readFile(database, "utf8")).startsWith("my diary\n")).toBe(true);
});

test("another program's database is left alone", async () => {
  const database = join(await testFolder(), "t.duckdb");
  await alter(database, "CREATE TABLE accounts (owner VARCHAR)");
  for (const command of commands) {
    expectRefusal(await run([...command, "--db", database]), /not one of cctelemetry/);
  }
});

test("no database yet: the next step is named", async () => {
  const database = join(await testFolder(), "t.duckdb");
  for (const command of commands.slice(1, 3)) {
    const outcome = await run([...command, "--db", database]);
    expectRefusal(outcome, /no database/);
    expect(outcome.stderr).toContain("cctelemetry import");
  }
});

/** An import that waits half a minute for a database, beside the other tests. */
interface Waiting {
  readonly database: string;
  readonly holder: DuckDBInstance;
  /** How it ended, and after how many milliseconds. */
  readonly ended: Promise<readonly [Outcome, number]>;
}

let patient: Waiting;
const folder = folderForFile(beforeAll, afterAll);

beforeAll(async () => {
  const database = await imported(folder(), [recording]);
  const holder = await DuckDBInstance.create(database);
  const started = performance.now();
  const ended = run(["import", fixture("L-workflow.jsonl"), "--db", database]).then(
    (outcome) => [outcome, performance.now() - started] as const,
  );
  patient = { database, holder, ended };
});

test("a database that is free in time is not worth a word", async () => {
  const database = await filledDatabase();
  const holder = await DuckDBInstance.create(database);
  const waiting = run(["import", fixture("L-workflow.jsonl"), "--db", database]);
  await new Promise((resolve) => setTimeout(resolve, 800));
  holder.closeSync();
  const { code, stderr } = await waiting;
  expect(code, stderr).toBe(0);
  expect(stderr).not.toMatch(/held|lock/);
});

/** Runs the command on a nearly full file system, asks what is left, makes room, runs it again. */
const onSmallDisk = (freeKilobytes: number): string => `
  mkdir "$0/disk" && mount -t tmpfs -o size=32m small "$0/disk" || exit 99
  head -c ${(32 << 20) - freeKilobytes * 1_024} /dev/zero > "$0/disk/filler"
  "$@" > "$0/stdout" 2> "$0/stderr"; echo $? > "$0/code"
  rm "$0/disk/filler"
  "$1" "$2" query "FROM source_files" --json --db "$0/disk/t.duckdb" > "$0/between" 2>&1
  "$@" && cp "$0/disk/t.duckdb" "$0/after.duckdb"`;

const mayMount = spawnSync("unshare", ["--map-root-user", "--mount", "true"]).status === 0;

describe.runIf(mayMount)("a full disk: one sentence, nothing half-written, and it goes on", () => {
  // From too little for an empty database to not quite enough for a full one.
  test.each([100, 500, 1_000])("%i kB free", async (freeKilobytes) => {
    const folder = await testFolder();
    const script = onSmallDisk(freeKilobytes);
    const launcher = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, folder];
    const paths = [fixture("modes/batch"), fixture("modes/rotation-lumberjack")];
    const command = ["import", ...paths, "--db", join(folder, "disk", "t.duckdb")];
    const { code, stderr } = await run(command, { launcher });
    expect(code, stderr).toBe(0);

    const left = (name: string): Promise<string> => readFile(join(folder, name), "utf8");
    const first = { code: Number(await left("code")), stdout: await left("stdout") };
    expectRefusal({ ...first, stderr: await left("stderr") }, /no space left/);
    // Either the database came into being and can be asked, or it did not.
    expect(await left("between")).toMatch(/^\[|no database/);

    const expected = await imported(await testFolder(), paths);
    expect(await contentOf(join(folder, "after.duckdb"))).toEqual(await contentOf(expected));
  });
});

/** Files may grow to 200 kB and no further, as under a quota. */
const underQuota = 'trap "" XFSZ; ulimit -f 400; exec "$@"';

test.runIf(process.platform !== "win32")(
  "a quota that is used up is a full disk, too",
  async () => {
    const folder = await testFolder();
    const database = join(folder, "t.duckdb");
    const command = ["import", fixture("modes/batch"), "--db", database];
    const limited = await run(command, { launcher: ["sh", "-c", underQuota, "sh"] });
    expectRefusal(limited, /t\.duckdb/);
    expect((await run(command)).code).toBe(0);
    const expected = await imported(await testFolder(), [fixture("modes/batch")]);
    expect(await contentOf(database)).toEqual(await contentOf(expected));
  },
);

// The last test: what it waits for has begun with the first.
test("a database that another program holds is waited for, then its holder is named", async () => {
  const { database, holder, ended } = patient;
  try {
    const [outcome, tookMs] = await ended;
    expectRefusal(outcome, new RegExp(`held by .*${process.pid}`));
    expect(tookMs).toBeGreaterThan(25_000);
  } finally {
    holder.closeSync();
  }
  const [row] = await query(database, "SELECT count(*) AS n FROM source_files");
  expect(row?.["n"]).toBe(1);
});
