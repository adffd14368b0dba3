import { LineDecoder } from "../../src/ingest/line-decoder.ts";
import { batchMarks, recordsOf } from "../../src/live/from-batch.ts";
import type { LiveOptions } from "../../src/live/options.ts";
import { LiveView } from "../../src/live/pending.ts";
import type { LiveRecord } from "../../src/live/record.ts";
import type { LiveSnapshot } from "../../src/live/snapshot.ts";
import {
  type LiveReading,
  liveRowsSince,
  loadLive,
  type StoreMarks,
} from "../../src/live-store/live-rows.ts";
import { RecordWriter } from "../../src/model/record-writer.ts";
import { stageBatch } from "../../src/store/batch-insert.ts";
import type { Session, Value } from "../../src/store/session.ts";
import type { Store } from "../../src/store/store.ts";

/** A zone whose days are none of UTC's. */
const zone = "Asia/Kolkata";

const dayFormat = new Intl.DateTimeFormat("en-CA", { timeZone: zone });

export const options: LiveOptions = {
  burnWindowMs: 5 * 60_000,
  day: (micros) => dayFormat.format(micros / 1000),
  recentEvents: 8,
};

/** Decodes lines and stores them, as a follower does. */
export class LineWriter {
  private readonly writer: RecordWriter = new RecordWriter();
  private readonly decoder: LineDecoder = new LineDecoder(this.writer);

  /** Decodes one line; gives its records that are new to the batch. */
  decode(line: Uint8Array | string): readonly LiveRecord[] {
    const { batch } = this.writer;
    const marks = batchMarks(batch);
    const bytes = Buffer.concat([Buffer.from(line), Buffer.from("\n")]);
    this.decoder.line(bytes, 0, bytes.length - 1, 0, true);
    return recordsOf(batch, marks);
  }

  /** Stores what was decoded, with what `also` does in the same transaction. */
  async store<T>(store: Store, also: (session: Session) => Promise<T>): Promise<T> {
    const { batch } = this.writer;
    const staged = await stageBatch(store.staging, batch);
    const result = await store.writing(async (session) => {
      await store.insert(session, staged, batch.contexts());
      return also(session);
    });
    batch.reset();
    return result;
  }
}

/** The live state of a store at a time, loaded from the beginning. */
export async function loaded(store: Store, now: number): Promise<LiveView> {
  const view = new LiveView(options);
  view.load(await store.reading((session) => loadLive(session, view.scope(now))));
  return view;
}

/** Brings a view up to date with the rows since some marks; gives the new marks. */
export async function refresh(
  session: Session,
  view: LiveView,
  marks: StoreMarks,
  now: number,
  generation: number,
): Promise<StoreMarks> {
  const rows = await liveRowsSince(session, marks, view.scope(now), view);
  return take(session, view, rows, now, generation);
}

/** Gives a view the rows that were stored, or all where there is no other way; gives the new marks. */
async function take(
  session: Session,
  view: LiveView,
  rows: LiveReading | undefined,
  now: number,
  generation: number,
): Promise<StoreMarks> {
  if (rows !== undefined) {
    view.stored(rows, generation);
    return rows.marks;
  }
  const all = await loadLive(session, view.scope(now));
  view.forget(generation);
  view.load(all);
  return all.marks;
}

/** What of a snapshot SQL has, too. */
export function comparable(snapshot: LiveSnapshot): unknown {
  const { today } = snapshot;
  const sessions = snapshot.sessions.map((session) => ({
    id: session.sessionId,
    span: [session.firstTime, session.lastTime],
    ledger: session.ledger ?? null,
    requests: session.requests ?? null,
    tokens: tokens(session),
    cost: session.costNanoUsd ?? null,
    unpriced: session.requests === undefined ? null : session.unpricedRequests,
    hits: session.cacheHitRate ?? null,
    counts: [session.errors, session.toolCalls, session.toolFailures, session.prompts],
    models: session.models.flatMap(({ name }) => name ?? []).sort(),
    stages: session.stages
      .map((part) =>
        [part.name ?? "-", ...tokens(part), part.costNanoUsd ?? null, part.unpricedRequests]
          .map((each) => String(each ?? "?"))
          .join(" "),
      )
      .sort(),
  }));
  return {
    sessions: sessions.sort((a, b) => (a.id < b.id ? -1 : 1)),
    today: {
      sessions: today.sessions,
      ledger: today.ledger ?? null,
      requests: today.requests ?? null,
      tokens: tokens(today),
      cost: today.costNanoUsd ?? null,
      unpriced: today.requests === undefined ? null : today.unpricedRequests,
      hits: today.cacheHitRate ?? null,
    },
  };
}

/** The same, asked of the views of a store at a time. */
export async function asked(store: Store, now: number): Promise<unknown> {
  const since = BigInt(new LiveView(options).scope(now).since);
  const { rows, stages, today } = await store.reading(async (session) => ({
    rows: await session.rows(SESSIONS, { since }),
    stages: await session.rows(STAGES),
    today: await session.rows(TODAY, { day: options.day(now), zone }),
  }));
  const stagesOf = (id: string): readonly string[] =>
    stages.flatMap((row) => (row["id"] === id ? [String(row["part"])] : [])).sort();
  const [day = {}] = today;
  return {
    sessions: rows.map((row) => ({
      id: row["id"],
      span: [Number(row["first"]), Number(row["last"])],
      ...sums(row),
      counts: ["errors", "calls", "failures", "prompts"].map((name) => Number(row[name])),
      models: row["models"],
      stages: stagesOf(String(row["id"])),
    })),
    today: { sessions: Number(day["sessions"]), ...sums(day) },
  };
}

function tokens(spent: {
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly cacheReadTokens: bigint;
  readonly cacheCreationTokens: bigint;
}): readonly bigint[] {
  const { inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens } = spent;
  return [inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens];
}

function sums(row: Readonly<Record<string, Value>>): Readonly<Record<string, unknown>> {
  return {
    ledger: row["ledger"],
    requests: row["requests"] === null ? null : Number(row["requests"]),
    tokens: ["input", "output", "read", "creation"].map((name) => row[name]),
    cost: row["cost"] === null ? null : BigInt(String(row["cost"]).replace(".", "")),
    unpriced: row["unpriced"] === null ? null : Number(row["unpriced"]),
    hits: row["hits"],
  };
}

const SESSIONS = `
  SELECT session_id AS id, epoch_us(first_time) AS first, epoch_us(last_time) AS last, ledger,
    requests, input_tokens AS input, output_tokens AS output, cache_read_tokens AS read,
    cache_creation_tokens AS creation, CAST(cost_usd AS DECIMAL(38, 9)) AS cost,
    unpriced_requests AS unpriced,
    cache_hit_rate AS hits, errors, tool_calls AS calls, tool_failures AS failures, prompts, models
  FROM sessions
  WHERE session_id IS NOT NULL AND greatest(epoch_us(last_time), coalesce((
    SELECT max(epoch_us(time)) FROM base.logs
    WHERE logs.session_id = sessions.session_id AND logs.repeated IS NULL), 0)) >= $since
  ORDER BY id`;

const STAGES = `
  SELECT session_id AS id, concat_ws(' ', coalesce(stage, '-'),
    base.total(input_tokens), base.total(output_tokens),
    base.total(cache_read_tokens), base.total(cache_creation_tokens),
    coalesce(CAST(CAST(sum(cost_usd) * 1000000000 AS HUGEINT) AS VARCHAR), '?'),
    count(requests) FILTER (WHERE cost_usd IS NULL)) AS part
  FROM usage GROUP BY session_id, stage`;

const TODAY = `
  SELECT count(DISTINCT session_id) AS sessions,
    base.ledger_of(1, coalesce(requests, 0)) AS ledger,
    base.known_requests(1, coalesce(requests, 0)) AS requests,
    base.total(input_tokens) AS input, base.total(output_tokens) AS output,
    base.total(cache_read_tokens) AS read, base.total(cache_creation_tokens) AS creation,
    CASE WHEN count(*) > 0 THEN sum(cost_usd) ELSE CAST(0 AS DECIMAL(38, 9)) END AS cost,
    CASE WHEN base.known_requests(1, coalesce(requests, 0)) IS NOT NULL
      THEN count(requests) FILTER (WHERE cost_usd IS NULL) END AS unpriced,
    base.cache_hit_rate(input_tokens, cache_read_tokens, cache_creation_tokens) AS hits
  FROM usage
  WHERE strftime(timezone($zone, time), '%Y-%m-%d') = $day`;
