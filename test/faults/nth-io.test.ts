import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { randomFrom } from "../../bench/support/random.mjs";
import { seed } from "../../packages/core/test/support/runs.ts";
import { run, testFolder } from "../support/cli.ts";
import { absolute } from "../support/source-tree.ts";
import { inTurn } from "./support/in-turn.ts";
import { Ledger } from "./support/ledger.ts";
import { telemetryLine } from "./support/lines.ts";
import { FollowReader } from "./support/readers.ts";
import { leftOut, noteResult } from "./support/results.ts";
import { waitUntil } from "./support/waiting.ts";
import { appendBytes, backupPath } from "./support/writers.ts";

/** Every call of every kind where the bench asks for it; so many faults of each test otherwise. */
const every = process.env["FAULTS_EVERY"] === "1";
const SAMPLE = 5;

/** One fault as a failure names it, e.g. `EIO at 7`, to repeat it. */
const only = process.env["FAULTS_ONLY"];

/** SHORT is a read that gives one byte. */
const codes = ["EIO", "EMFILE", "EACCES", "EINTR", "EBUSY", "SHORT"];
/** Calls of the engine on the database and what they may fail with. */
const engineCalls: readonly (readonly [call: string, error: string])[] = [
  ["pwrite64", "ENOSPC"],
  ["pwrite64", "EIO"],
  ["pwrite64", "EDQUOT"],
  ["pread64", "EIO"],
  ["fsync", "EIO"],
  ["fdatasync", "EIO"],
  ["openat", "EMFILE"],
  ["openat", "EACCES"],
  ["ftruncate", "EIO"],
  ["unlink", "EACCES"],
  ["fcntl", "EINTR"],
];

/** A fault: the nth call of those that count, and how it fails. */
interface Fault {
  readonly nth: number;
  readonly code: string;
}

const shim = pathToFileURL(absolute("test/faults/support/fail-io.mjs")).href;

describe(`the Nth call to the file system fails (FAULT_SEED=${seed})`, () => {
  test("an import says so or does not care, and the next one heals", async () => {
    const folder = await layOut();
    const total = await callsOf(folder);
    const silent: string[] = [];
    const faults = chosen(total, codes);
    await inTurn(faults, async (fault, index) => {
      const database = join(folder, `import-${index}.duckdb`);
      const env = faulty(folder, fault, String(index));
      const first = await run(["import", join(folder, "logs", "otel.jsonl"), "--db", database], {
        env,
      });
      const partial = await countIn(database, folder);
      const silently = partial < LINES && first.code === 0 && first.stderr === "";
      if (silently || (first.code !== 0 && first.code !== 1)) {
        const said = first.stderr.trim().slice(0, 300);
        silent.push(`${nameOf(fault)}: ${partial} of ${LINES}, code ${first.code}: ${said}`);
      }
      const second = await run(["import", join(folder, "logs", "otel.jsonl"), "--db", database]);
      const healed = await countIn(database, folder);
      if (second.code !== 0 || healed !== LINES) {
        silent.push(`${nameOf(fault)}: not healed, ${healed} of ${LINES}: ${second.stderr}`);
      }
      await rm(database, { force: true });
    });
    noteResult({ part: "R5", what: "import", faults: faults.length, silent });
    expect(silent).toEqual([]);
  }, 1_800_000);

  test("a follower gets over it by itself", async () => {
    const folder = await layOut();
    const faults = chosen(FOLLOWER_CALLS, codes);
    const silent: string[] = [];
    await inTurn(faults, async (fault, index) => {
      const wrong = await follows(join(folder, `follow-${index}`), (place) => ({
        env: faulty(place, fault, String(index)),
      }));
      if (wrong.length > 0) silent.push(`${nameOf(fault)}: ${wrong.join(", ")}`);
    });
    noteResult({ part: "R5", what: "follower", faults: faults.length, silent });
    expect(silent).toEqual([]);
  }, 1_800_000);

  const what = "faults of the engine's own calls";
  test.skipIf(leftOut(what, ["strace"]))(
    `${what}: a follower gets over them`,
    async () => {
      const folder = await layOut();
      const faults = chosen(
        ENGINE_CALLS,
        engineCalls.map(([call, error]) => `${call}:${error}`),
      );
      const silent: string[] = [];
      await inTurn(faults, async (fault, index) => {
        const wrong = await follows(join(folder, `engine-${index}`), (place) => ({
          launcher: injecting(join(place, "store.duckdb"), fault),
        }));
        if (wrong.length > 0) silent.push(`${nameOf(fault)}: ${wrong.join(", ")}`);
      });
      noteResult({ part: "R5", what: "engine", faults: faults.length, silent });
      expect(silent).toEqual([]);
    },
    1_800_000,
  );
});

const LINES = 120;
/** Calls on telemetry within the first seconds of a follower; a fault beyond the last is none. */
const FOLLOWER_CALLS = 60;
/** Of each kind of call on the database and its log, within the same time. */
const ENGINE_CALLS = 16;

/** A file and two rotated ones, one line cut between two of them. */
async function layOut(): Promise<string> {
  const folder = await testFolder();
  await mkdir(join(folder, "logs"));
  const path = join(folder, "logs", "otel.jsonl");
  const bytes = Buffer.from(textOf(0, LINES));
  const [one, two] = [Math.floor(bytes.length / 3), Math.floor(bytes.length / 2)];
  appendBytes(backupPath(path, 0), bytes.subarray(0, one));
  appendBytes(backupPath(path, 1), bytes.subarray(one, two));
  appendBytes(path, bytes.subarray(two));
  return folder;
}

function textOf(from: number, to: number): string {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  return numbers.map((number) => `${telemetryLine(number).text}\n`).join("");
}

/** Starts a follower with a fault, lets its file grow and rotate; gives what is wrong at the end. */
async function follows(
  folder: string,
  launch: (folder: string) => { env?: Record<string, string>; launcher?: readonly string[] },
): Promise<readonly string[]> {
  const path = join(folder, "logs", "otel.jsonl");
  await mkdir(join(folder, "logs"), { recursive: true });
  const ledger = new Ledger();
  for (let number = 0; number < LINES; number++) ledger.expect(telemetryLine(number).records);
  const text = Buffer.from(textOf(0, LINES));
  const [one, two] = [Math.floor(text.length / 3), Math.floor(text.length / 2)];
  appendBytes(path, text.subarray(0, one));
  const reader = new FollowReader({ folder, path, ledger, ...launch(folder) });
  const counted = async (): Promise<number> => reader.count().catch(() => 0);
  try {
    await reader.start();
    await waitUntil(async () => (await counted()) > 0, 2_000);
    await rename(path, backupPath(path, 0));
    appendBytes(path, text.subarray(one, two));
    await waitUntil(async () => (await counted()) > LINES / 3, 1_500);
    appendBytes(path, text.subarray(two));
    await waitUntil(async () => (await counted()) === LINES, 60_000);
    const problems = await reader.stop();
    return ledger.compare(await reader.arrival(), problems).details;
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    await reader.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The environment in which the fault happens. */
function faulty(folder: string, { nth, code }: Fault, name: string): Record<string, string> {
  const within = join(folder, "logs");
  return {
    NODE_OPTIONS: `--import=${shim}`,
    FAIL_IO: JSON.stringify({
      nth,
      code,
      within,
      count: join(folder, `calls-${name}`),
    }),
  };
}

/** strace in front of a program: one call on the database or its log fails. */
function injecting(database: string, { nth, code }: Fault): readonly string[] {
  const [call = "", error = ""] = code.split(":");
  const paths = [database, `${database}.wal`].flatMap((path) => ["-P", path]);
  const fault = `inject=${call}:error=${error}:when=${nth}`;
  return [
    "strace",
    "-D",
    "-f",
    "-qq",
    "-o",
    "/dev/null",
    ...paths,
    "-e",
    `trace=${call}`,
    "-e",
    fault,
  ];
}

/** How many calls an undisturbed import makes. */
async function callsOf(folder: string): Promise<number> {
  const env = faulty(folder, { nth: 0, code: "EIO" }, "none");
  const database = join(folder, "undisturbed.duckdb");
  await run(["import", join(folder, "logs", "otel.jsonl"), "--db", database], { env });
  return Number(await readFile(join(folder, "calls-none"), "utf8"));
}

/** All faults, or a sample of them and one of the last call, when all is stored. */
function chosen(calls: number, kinds: readonly string[]): readonly Fault[] {
  const all = kinds.flatMap((code) =>
    Array.from({ length: calls }, (_, index) => ({ nth: index + 1, code })),
  );
  if (only !== undefined) return all.filter((fault) => nameOf(fault) === only);
  if (every) return all;
  const random = randomFrom(seed);
  const last = all.filter(({ nth, code }) => nth === calls && code !== "SHORT");
  return [...Array.from({ length: SAMPLE - 1 }, () => random.pick(all)), random.pick(last)];
}

function countIn(database: string, folder: string): Promise<number> {
  const wish = { folder, path: "", ledger: new Ledger(), database };
  return new FollowReader(wish).count();
}

function nameOf({ nth, code }: Fault): string {
  return `${code} at ${nth}`;
}
