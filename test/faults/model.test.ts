import { rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { seed } from "../../packages/core/test/support/runs.ts";
import { testFolder } from "../support/cli.ts";
import { Ledger, survived } from "./support/ledger.ts";
import { destroys, ModelCase, type Step, steps } from "./support/model-case.ts";
import { arrivalIn, FollowReader } from "./support/readers.ts";
import { noteResult } from "./support/results.ts";
import { pause, waitUntil } from "./support/waiting.ts";

/** Cases in all, `npm run bench -- faults --only R2` asks for ten thousand; so many of them at a time. */
const wanted = Number(process.env["FAULTS_CASES"] ?? 100);
const TOGETHER = 100;
const END_PATIENCE_MS = 60_000;

/** What happens to the reader after a step of all files. */
const readerSteps = ["stays", "stays", "stays", "ends", "is killed", "starts"] as const;

interface Turn {
  readonly reader: (typeof readerSteps)[number];
  readonly pauseMs: number;
}

/** Some files, the steps of each, and what becomes of their reader meanwhile. */
interface Round {
  readonly histories: readonly (readonly Step[])[];
  readonly turns: readonly Turn[];
}

const TURNS = 14;
const rounds: fc.Arbitrary<Round> = fc.record({
  histories: fc.array(fc.array(fc.constantFrom(...steps), { minLength: 3, maxLength: TURNS }), {
    minLength: TOGETHER,
    maxLength: TOGETHER,
  }),
  turns: fc.array(
    fc.record({
      reader: fc.constantFrom(...readerSteps),
      pauseMs: fc.integer({ max: 160, min: 0 }),
    }),
    { minLength: TURNS, maxLength: TURNS },
  ),
});

test(`a follower and a model agree on ${wanted} histories (FAULT_SEED=${seed})`, async () => {
  const sums = { cases: 0, written: 0, destroyed: 0 };
  const failures: string[] = [];
  const property = fc.asyncProperty(rounds, async (round) => {
    const { wrong, ledgers } = await disagreements(round);
    sums.cases += ledgers.length;
    for (const { written, destroyed } of ledgers) {
      sums.written += written;
      sums.destroyed += destroyed;
    }
    failures.push(...wrong);
    if (failures.length > 0) throw new Error(wrong.join("\n"));
  });
  const numRuns = Math.ceil(wanted / TOGETHER);
  const result = await fc.check(property, { numRuns, seed, endOnFailure: true });
  noteResult({ part: "R2", seed, ...sums, failures });
  expect(failures).toEqual([]);
  // Anything else that went wrong, such as a reader that did not start or end.
  if (result.failed) throw result.errorInstance;
}, 3_600_000);

interface Outcome {
  readonly wrong: readonly string[];
  readonly ledgers: readonly Ledger[];
}

/** Plays a round; gives the history of each file on which the reader and the model differ. */
async function disagreements({ histories, turns }: Round): Promise<Outcome> {
  const folder = await testFolder();
  const ledgers = histories.map(() => new Ledger());
  const all = new Ledger();
  const files = ledgers.map((ledger, index) => {
    const path = join(folder, `case-${index}`, "otel.jsonl");
    return new ModelCase(path, index + 1, ledger);
  });
  const [path = "", ...morePaths] = files.map((file) => file.path);
  const reader = new FollowReader({ folder, path, morePaths, ledger: all, prepared: true });
  let runs = false;
  const start = async (): Promise<void> => {
    if (!runs) await reader.start();
    runs = true;
  };
  try {
    for (const [at, turn] of turns.entries()) {
      const now = histories.map((history) => history[at]);
      const stored = now.some((step) => step !== undefined && destroys(step))
        ? await reader.stored()
        : new Set<string>();
      for (const [index, step] of now.entries()) {
        if (step !== undefined) files[index]?.take(step, stored);
      }
      await pause(turn.pauseMs);
      if (turn.reader === "starts") await start();
      if (turn.reader === "ends" && runs) expect(await reader.stop()).toEqual([]);
      if (turn.reader === "is killed") await reader.kill();
      if (turn.reader === "ends" || turn.reader === "is killed") runs = false;
    }
    for (const file of files) file.end();
    await start();
    const missing = async (): Promise<number> => {
      const stored = await reader.stored();
      return ledgers.reduce((sum, ledger) => sum + ledger.missing(stored).length, 0);
    };
    await waitUntil(async () => (await missing()) === 0, END_PATIENCE_MS);
    expect(await reader.stop()).toEqual([]);
    return { wrong: await compare(reader, ledgers, histories), ledgers };
  } finally {
    await reader.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Compares each file's ledger with the part of the database that is its. */
async function compare(
  reader: FollowReader,
  ledgers: readonly Ledger[],
  histories: readonly (readonly Step[])[],
): Promise<readonly string[]> {
  const content = await reader.content();
  const wrong: string[] = [];
  for (const [index, ledger] of ledgers.entries()) {
    const own = new RegExp(`^req_${index + 1}\\d{5}$`);
    const part = {
      records: content.records.filter(({ id }) => own.test(id)),
      rejected: content.rejected.filter(({ path }) => path.includes(`/case-${index}/`)),
    };
    const verdict = ledger.compare(arrivalIn(part, ledger));
    if (survived(verdict)) continue;
    wrong.push(`${histories[index]?.join(" > ")}: ${verdict.details.join("; ")}`);
  }
  return wrong;
}
