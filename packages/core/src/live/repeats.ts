import type { LiveRecord, LiveRequest } from "./record.ts";

/**
 * The requests of a live state by their ids. Says which records of a request do not count, as
 * base.repeats_since does in SQL.
 */
export class KnownRequests {
  private readonly limit: number;
  /** The sessions in which a request is known, by its id; oldest first. */
  private readonly sessions: Map<string, Set<string | undefined>> = new Map();

  /** `limit`: the most requests to remember. */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** Remembers a record that counts. */
  add(record: LiveRecord): void {
    if (record.kind !== "request" || record.requestId === undefined) return;
    const known = this.sessions.get(record.requestId);
    if (known === undefined) this.sessions.set(record.requestId, new Set([record.sessionId]));
    else known.add(record.sessionId);
    if (this.sessions.size <= this.limit) return;
    const [oldest] = this.sessions.keys();
    if (oldest !== undefined) this.sessions.delete(oldest);
  }

  /** Whether another record of the request is remembered, so that this one adds nothing. */
  has({ requestId, sessionId }: LiveRequest): boolean {
    const known = requestId === undefined ? undefined : this.sessions.get(requestId);
    if (known === undefined) return false;
    return sessionId === undefined || known.has(sessionId) || known.has(undefined);
  }

  /** Forgets all. */
  clear(): void {
    this.sessions.clear();
  }
}

/** The records that count of some: of each request one in every session, or one without a session. */
export function counted(records: Iterable<LiveRecord>): readonly LiveRecord[] {
  const first = new Map<string, LiveRequest>();
  const inSession = new Set<string>();
  const all = [...records];
  for (const record of all) {
    const key = keyOf(record);
    if (key === undefined || record.kind !== "request") continue;
    const known = first.get(key);
    if (known === undefined || countsBefore(record, known)) first.set(key, record);
    if (record.sessionId !== undefined) inSession.add(record.requestId ?? "");
  }
  return all.filter((record) => {
    const key = keyOf(record);
    if (key === undefined) return true;
    if (first.get(key) !== record) return false;
    return record.sessionId !== undefined || !inSession.has(requestIdOf(record));
  });
}

function keyOf(record: LiveRecord): string | undefined {
  if (record.kind !== "request" || record.requestId === undefined) return undefined;
  return JSON.stringify([record.requestId, record.sessionId]);
}

function requestIdOf(record: LiveRecord): string {
  return record.kind === "request" ? (record.requestId ?? "") : "";
}

/** Which of two records of a request in one session counts: one with a cost, then the lesser id. */
export function countsBefore(one: LiveRequest, other: LiveRequest): boolean {
  const isPriced = one.costNanoUsd !== undefined;
  return isPriced === (other.costNanoUsd !== undefined) ? one.id < other.id : isPriced;
}
