import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { byAgent, Evidence } from "../../src/attribution/evidence.ts";
import { markAction, type StageMark } from "../../src/attribution/stage-marks.ts";
import { type Found, type StageTags, stageTagNames } from "../../src/attribution/tags.ts";
import type { Value } from "../../src/store/session.ts";
import {
  beganAt,
  columns,
  type History,
  history,
  markLine,
  microsAt,
  recordLine,
  spanLines,
  traced,
} from "../support/drawn-stages.ts";
import { runs, seed } from "../support/runs.ts";
import { storeOf, type TestStore } from "../support/telemetry.ts";

/** Histories of sessions that are compared at once: to fill a database costs more than they do. */
const AT_ONCE = 50;

test(`the stage of a record is the one that the views find (FAULT_SEED=${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(history, { minLength: AT_ONCE, maxLength: AT_ONCE }),
      async (histories) => {
        const db = await filled(histories);
        try {
          const found = await byViews(db);
          const traces = await tracesOf(db);
          for (const [at, each] of histories.entries()) {
            const expected = byModule(each, at, traces.get(`s${at}`));
            const views = expected.map(([id]) => [id, found.get(id)] as const);
            expect(views, JSON.stringify(each)).toEqual(expected);
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

async function filled(histories: readonly History[]): Promise<TestStore> {
  const path = join(await mkdtemp(join(tmpdir(), "cctelemetry-")), "telemetry.jsonl");
  const lines = histories.flatMap(({ marks, records }, at) => [
    ...marks.map((mark, number) => markLine(mark, at, number)),
    ...records.map((record, number) => recordLine(record, at, number)),
  ]);
  await writeFile(path, `${[...spanLines, ...lines].join("\n")}\n`);
  return await storeOf(path);
}

/** By the id of each record: how its stage was found, and the tags it has. */
async function byViews({ store }: TestStore): Promise<Map<string, Record<string, Value>>> {
  const names = Object.values(columns).join(", ");
  const found = (table: string, id: string) =>
    `SELECT ${id} AS id, base.attribution(found, stage) AS attribution, ${names} FROM ${table}`;
  const rows = await store.reading((session) =>
    session.rows(
      `${found("base.usage", "client_request_id")} UNION ALL
       ${found("base.staged_logs WHERE event_name = 'tool_result'", "tool_use_id")}`,
    ),
  );
  return new Map(rows.map(({ id, ...row }) => [String(id), row]));
}

async function tracesOf({ store }: TestStore): Promise<Map<string, Map<string, Found>>> {
  const rows = await store.reading((session) =>
    session.rows(
      `SELECT session_id, entry.key AS key, entry.value AS tags_json
       FROM (SELECT session_id, unnest(map_entries(said.traces)) AS entry FROM base.evidence)`,
    ),
  );
  const all = new Map<string, Map<string, Found>>();
  for (const { session_id: id, key, tags_json } of rows) {
    const { attribution, ...tags } = JSON.parse(String(tags_json)) as Record<string, string>;
    const entries = stageTagNames.map((name) => [name, tags[columns[name]]] as const);
    const own = all.get(String(id)) ?? new Map<string, Found>();
    own.set(String(key), {
      attribution: attribution as Found["attribution"],
      tags: Object.fromEntries(entries),
    });
    all.set(String(id), own);
  }
  return all;
}

function byModule(
  { marks, records }: History,
  at: number,
  traces: ReadonlyMap<string, Found> | undefined,
): (readonly [string, Record<string, Value>])[] {
  const known = marks.flatMap((mark): StageMark[] => {
    const action = markAction(mark.action);
    return action === undefined ? [] : [{ ...mark, action, time: microsAt(mark.at) }];
  });
  const isPlain = marks.length === 0 && traces === undefined;
  const evidence = new Evidence(known, traces);
  const runsOf = new Map<string, { since: number; name: string | undefined }>();
  for (const record of records) {
    if (record.kind !== "request" || record.agentId === undefined) continue;
    const run = runsOf.get(record.agentId);
    const since = beganAt(record);
    runsOf.set(record.agentId, {
      since: Math.min(since, run?.since ?? since),
      name: [run?.name, record.agentName]
        .filter((name) => name !== undefined)
        .sort()
        .at(-1),
    });
  }
  return records.map((record, number) => {
    const run = record.agentId === undefined ? undefined : runsOf.get(record.agentId);
    const since = run?.since ?? beganAt(record);
    const own = record.agentName;
    const agentName = record.kind === "request" ? own : (own ?? run?.name);
    const isTagged = record.tags.stage !== undefined;
    let found: Found | undefined;
    if (!isTagged && !isPlain) {
      found = evidence.find({ ...record, ...traced(record), since, until: since, agentName });
    } else if (!isTagged && record.kind === "request") found = byAgent(agentName);
    return [`s${at} ${number}`, shown(record.tags, found)] as const;
  });
}

function shown(own: StageTags, found: Found | undefined): Record<string, Value> {
  const attribution = found?.attribution ?? (own.stage === undefined ? "none" : "tag");
  const tags = stageTagNames.map((name) => [columns[name], own[name] ?? found?.tags[name] ?? null]);
  return { attribution, ...Object.fromEntries(tags) };
}
