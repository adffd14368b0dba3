import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { importPaths } from "../../src/ingest/import.ts";
import { LiveView } from "../../src/live/pending.ts";
import type { LiveSession, LiveSnapshot } from "../../src/live/snapshot.ts";
import { refreshMeter } from "../../src/meter/refresh.ts";
import { reports } from "../../src/reports/registry.ts";
import { runReport } from "../../src/reports/run.ts";
import type { Store } from "../../src/store/store.ts";
import { aRecord, NOW } from "../support/drawn-records.ts";
import { asked, comparable, LineWriter, loaded, options } from "../support/live.ts";
import { type Event, line, type Point } from "../support/otlp.ts";
import { runs, seed } from "../support/runs.ts";
import { storeOf } from "../support/telemetry.ts";

/** So many sessions are drawn at once, since a store takes longer to make than they do. */
const AT_ONCE = 25;
const batches = Math.ceil(runs(25) / AT_ONCE);
const KEPT_MINUTES = 50 * 60 - 1;

const session = (at: number): fc.Arbitrary<readonly (Event | Point)[]> =>
  fc.array(aRecord(KEPT_MINUTES, fc.constant({ "session.id": `s${at}` })), {
    minLength: 1,
    maxLength: 8,
  });

const sessions = fc.tuple(...Array.from({ length: AT_ONCE }, (_, at) => session(at)));

test(`live state, status line, views and reports agree on ${batches * AT_ONCE} sessions (FAULT_SEED=${seed})`, {
  timeout: 3_600_000,
}, async () => {
  const property = fc.asyncProperty(sessions, async (drawn) => {
    const folder = await mkdtemp(join(tmpdir(), "cctelemetry-agreement-"));
    const { store, remove } = await storeOf();
    try {
      const lines = drawn.flat().map((record) => line(record));
      const file = join(folder, "telemetry.jsonl");
      await writeFile(file, lines.map((each) => `${each}\n`).join(""));
      const unstored = decoded(lines);
      await importPaths(store, [file]);
      const live = (await loaded(store, NOW * 1000)).snapshot(NOW * 1000);
      expect(unstored.sessions).toEqual(live.sessions);
      expect(comparable(live)).toEqual(await asked(store, NOW * 1000));
      expect(await reported(store)).toEqual(live.sessions.map(asReported).sort(byId));
      for (const each of live.sessions) {
        const meter = await metered(store, folder, file, each.sessionId);
        expect(meter).toEqual(each);
      }
    } finally {
      await remove();
      await rm(folder, { recursive: true, force: true });
    }
  });
  await fc.assert(property, { numRuns: batches, seed, endOnFailure: true });
});

/** The live state of lines that nobody has stored yet. */
function decoded(lines: readonly string[]): LiveSnapshot {
  const view = new LiveView(options);
  const writer = new LineWriter();
  for (const each of lines) view.take(writer.decode(each), 0);
  return view.snapshot(NOW * 1000);
}

/** The session as a status line has it: from the file and the store, kept and read again. */
async function metered(
  store: Store,
  folder: string,
  file: string,
  sessionId: string,
): Promise<LiveSession | undefined> {
  const cache = join(folder, "cache");
  const given = { folder: cache, sessionId, sources: [], paths: [file], now: () => NOW };
  await refreshMeter({ ...given, store: undefined });
  const meter = await refreshMeter({ ...given, store });
  return meter.shown(NOW);
}

interface Reported {
  readonly id: string;
  readonly amounts: unknown;
}

/** What the report `sessions` says. */
async function reported(store: Store): Promise<readonly Reported[]> {
  const { columns, rows } = await store.reading((asking) =>
    runReport(asking, reports.sessions, {}, { now: () => NOW, timeZone: () => "UTC" }),
  );
  const at = (name: string): number => columns.findIndex((column) => column.name === name);
  return rows
    .map((row) => ({
      id: String(row[at("session_id")]),
      amounts: [
        ...["requests", "unpriced_requests", "errors", "tool_calls", "tool_failures", "prompts"],
        ...["input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens"],
        "total_tokens",
      ]
        .map((name) => row[at(name)] ?? null)
        .map((value) => (value === null ? null : BigInt(value as bigint)))
        .concat(nanos(row[at("cost_usd")])),
    }))
    .sort(byId);
}

function nanos(usd: unknown): bigint | null {
  if (usd === null || usd === undefined) return null;
  const [whole = "", fraction = ""] = String(usd).split(".");
  return BigInt(whole + fraction.padEnd(9, "0"));
}

function asReported(each: LiveSession): Reported {
  const { requests, unpricedRequests, errors, toolCalls, toolFailures, prompts } = each;
  const counts = [
    ...[requests ?? null, requests === undefined ? null : unpricedRequests],
    ...[errors, toolCalls, toolFailures, prompts],
  ].map((count) => (count === null ? null : BigInt(count)));
  const { inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens, totalTokens } = each;
  const tokens = [inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens, totalTokens];
  return { id: each.sessionId, amounts: [...counts, ...tokens, each.costNanoUsd ?? null] };
}

function byId(one: Reported, other: Reported): number {
  return one.id < other.id ? -1 : 1;
}
