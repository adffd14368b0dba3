import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LiveRecord } from "../../src/live/record.ts";
import type { LiveSession } from "../../src/live/snapshot.ts";
import { LiveState } from "../../src/live/state.ts";
import { SessionTally } from "../../src/live/tally.ts";
import type { Value } from "../../src/store/session.ts";
import {
  type History,
  history,
  markLine,
  microsAt,
  recordLine,
  spanLines,
} from "../support/drawn-stages.ts";
import { LineWriter, loaded, options } from "../support/live.ts";
import { runs, seed } from "../support/runs.ts";
import { storeOf, type TestStore } from "../support/telemetry.ts";

const AT_ONCE = 50;
const A_DAY_MS = 86_400_000;
const NOW = microsAt(2 * A_DAY_MS);

/** Without marks after the last request. */
const drawn = history.map(({ marks, records }): History => {
  const requests = records.filter(({ kind }) => kind === "request");
  const last = Math.max(...requests.map(({ at }) => at));
  return {
    marks: marks.filter(({ at }) => at <= last),
    records: requests,
  };
});

test(`live state and status line show the stages that the views find (FAULT_SEED=${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(drawn, { minLength: AT_ONCE, maxLength: AT_ONCE }),
      fc.infiniteStream(fc.nat()),
      async (histories, numbers) => {
        const lines = histories.map((each, at) => shuffled(linesOf(each, at), numbers));
        const db = await filled([...spanLines, ...lines.flat()]);
        try {
          const views = await byViews(db);
          const splits = await splitsByViews(db);
          const [young, old] = await byStore(db);
          for (const [at, own] of lines.entries()) {
            const id = `s${at}`;
            const records = recordsIn(own);
            // Traces are known from the store alone.
            const isTraced = histories[at]?.records.some(({ traceId }) => traceId !== undefined);
            const read = isTraced ? [] : [byState(records)];
            const stored = [young?.get(id), old?.get(id), ...read];
            const split = splits.get(id);
            expect(stored.map(splitOf), JSON.stringify(histories[at])).toEqual(
              stored.map(() => split),
            );
            const last = views.get(id) ?? [];
            // Of several last requests at one time it is one of them.
            if (last.length === 0 || new Set(last).size > 1) continue;
            const shown = [...stored, ...(isTraced ? [] : [byTally(id, records)])];
            const expected = shown.map(() => last[0]);
            expect(shown.map(textOf), JSON.stringify(histories[at])).toEqual(expected);
          }
        } finally {
          await db.remove();
        }
      },
    ),
    // The message names the history; to make it smaller would take long.
    { seed, numRuns: runs(3), endOnFailure: true },
  );
}, 900_000);

function linesOf({ marks, records }: History, at: number): readonly string[] {
  return [
    ...marks.map((mark, number) => markLine(mark, at, number)),
    ...records.map((record, number) => recordLine(record, at, number)),
  ];
}

async function filled(lines: readonly string[]): Promise<TestStore> {
  const path = join(await mkdtemp(join(tmpdir(), "cctelemetry-")), "telemetry.jsonl");
  await writeFile(path, `${lines.join("\n")}\n`);
  return await storeOf(path);
}

/** What the views say of the last requests of each session: those of one time and one begin. */
async function byViews({ store }: TestStore): Promise<Map<string, string[]>> {
  const rows = await store.reading((session) =>
    session.rows(`
      SELECT session_id, base.attribution(found, stage) AS attribution, stage, workflow_id, task_id, agent
      FROM base.usage
      QUALIFY rank() OVER (
        PARTITION BY session_id ORDER BY time DESC, base.began(time, duration_ms) DESC
      ) = 1`),
  );
  const all = new Map<string, string[]>();
  for (const { session_id: id, ...row } of rows) {
    const tags = ["attribution", "stage", "workflow_id", "task_id", "agent"].map(
      (name) => row[name],
    );
    all.set(String(id), [...(all.get(String(id)) ?? []), textOfAll(tags)]);
  }
  return all;
}

/** The requests of each session by the stage that the views find. */
async function splitsByViews({ store }: TestStore): Promise<Map<string, readonly string[]>> {
  const rows = await store.reading((session) =>
    session.rows(`
      SELECT session_id, coalesce(stage, '-') || ' ' || count(*) AS part
      FROM base.usage GROUP BY session_id, stage`),
  );
  const all = new Map<string, readonly string[]>();
  for (const { session_id: id, part } of rows) {
    all.set(String(id), [...(all.get(String(id)) ?? []), String(part)].sort());
  }
  return all;
}

function splitOf(session: LiveSession | undefined): readonly string[] | undefined {
  return session?.stages.map(({ name, requests }) => `${name ?? "-"} ${requests}`).sort();
}

type Sessions = ReadonlyMap<string, LiveSession>;

/** By the rows of the store one by one, and in groups. */
async function byStore({ store }: TestStore): Promise<readonly Sessions[]> {
  const times = [microsAt(7_200_000), NOW - 1];
  const all: Sessions[] = [];
  for (const now of times) {
    const { sessions } = (await loaded(store, now)).snapshot(now);
    all.push(new Map(sessions.map((session) => [session.sessionId, session])));
  }
  return all;
}

function byState(records: readonly LiveRecord[]): LiveSession | undefined {
  const state = new LiveState(options);
  for (const record of records) state.add(record);
  return state.snapshot(NOW - 1).sessions[0];
}

/** Over the lives of several processes, the last of which keeps all of it in groups. */
function byTally(id: string, records: readonly LiveRecord[]): LiveSession | undefined {
  let kept = new SessionTally(id).keep(NOW);
  for (const record of records) {
    const tally = new SessionTally(id, kept);
    tally.add(record);
    kept = tally.keep(NOW);
  }
  return new SessionTally(id, kept).shown(NOW);
}

function recordsIn(lines: readonly string[]): readonly LiveRecord[] {
  const writer = new LineWriter();
  return lines.flatMap((line) => writer.decode(line));
}

function textOf(session: LiveSession | undefined): string {
  const { attribution, stage, workflowId, taskId, agent } = session ?? {};
  return textOfAll([attribution, stage, workflowId, taskId, agent]);
}

function textOfAll(tags: readonly (Value | undefined)[]): string {
  return tags.map((tag) => tag ?? "-").join(" ");
}

function shuffled<T>(all: readonly T[], numbers: Iterator<number>): readonly T[] {
  const left = [...all];
  return all.flatMap(() => left.splice(Number(numbers.next().value) % left.length, 1));
}
