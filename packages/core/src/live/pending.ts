import { BURN_WINDOW_MS, KEPT_MS, type LiveOptions } from "./options.ts";
import type { LiveRecord, LiveRows, LiveScope } from "./record.ts";
import { counted, KnownRequests } from "./repeats.ts";
import type { LiveSnapshot } from "./snapshot.ts";
import { LiveState } from "./state.ts";

/** Enough ids that a record that another process stored is known when this one reads its line. */
const REMEMBERED_IDS = 20_000;
/** Requests and increments whose stage is found again whenever marks come; more are settled. */
const MOST_OPEN = 2000;
const QUARTER_MS = 15 * 60_000;
const LET_GO_EVERY_MS = 10 * 60_000;

interface Pending {
  readonly record: LiveRecord;
  readonly generation: number;
}

/**
 * The live state as it is shown: what the store holds, and on top of it the records that were
 * decoded here and are not stored yet. Records of one batch are a generation: once it is stored,
 * or found to be stored already, they are dropped, and what the store holds counts.
 */
export class LiveView {
  private readonly options: LiveOptions;
  private confirmed: LiveState;
  /** The confirmed state with what is pending; undefined while nothing is, or when it must be made again. */
  private overlay: LiveState | undefined;
  private readonly pending: Map<string, Pending> = new Map();
  /** Ids of records that were confirmed last. */
  private readonly remembered: Set<string> = new Set();
  /** Requests that were confirmed last. */
  private readonly requests: KnownRequests = new KnownRequests(REMEMBERED_IDS);
  private now: number = Number.NEGATIVE_INFINITY;
  private lastLetGo: number = Number.NEGATIVE_INFINITY;

  constructor(options: LiveOptions) {
    this.options = options;
    this.confirmed = new LiveState(options);
  }

  /** Which part of the store to take at a time, microseconds. */
  scope(now: number): LiveScope {
    const windowMs = Math.max(this.options.burnWindowMs, BURN_WINDOW_MS) + QUARTER_MS;
    return {
      since: now - KEPT_MS * 1000,
      detailedSince: now - windowMs * 1000,
      recentEvents: this.options.recentEvents,
    };
  }

  /** Restarts from what the store holds. What is pending stays so, but for what is among it. */
  load(rows: LiveRows): void {
    this.confirmed = new LiveState(this.options);
    this.remembered.clear();
    this.requests.clear();
    this.confirm(rows);
  }

  /** Takes records that were decoded and are not stored yet; those that are known are left out. */
  take(records: readonly LiveRecord[], generation: number): void {
    for (const record of records) {
      const { id } = record;
      if (this.pending.has(id) || this.remembered.has(id)) continue;
      this.pending.set(id, { record, generation });
      // Of a request that is recorded more than once it depends on all its records which one counts.
      if (record.kind === "request" && record.requestId !== undefined) this.overlay = undefined;
      else this.overlay?.add(record);
    }
  }

  /**
   * Takes what the store holds now that a generation is stored: what else of it was pending were
   * duplicates. Without a generation these are rows that others have stored.
   */
  stored(rows: LiveRows, generation?: number): void {
    if (generation !== undefined) this.forget(generation);
    this.confirm(rows);
    this.letGo();
  }

  /** Drops the records of a generation that will not be stored. */
  forget(generation: number): void {
    for (const [id, each] of this.pending) {
      if (each.generation !== generation) continue;
      this.pending.delete(id);
      this.overlay = undefined;
    }
  }

  /** How many records are not confirmed yet. */
  get pendingRecords(): number {
    return this.pending.size;
  }

  /** Whether a session is known from the store, so that only its new rows are needed. */
  knows(sessionId: string): boolean {
    return this.confirmed.knows(sessionId);
  }

  /** Whether rows begin the run of a subagent earlier than is known, so that its stage may be another. */
  movesRuns(rows: LiveRows): boolean {
    return this.confirmed.movesRuns(rows);
  }

  /** The state at a time, microseconds. */
  snapshot(now: number): LiveSnapshot {
    this.now = Math.max(this.now, now);
    if (this.pending.size === 0) return this.confirmed.snapshot(now);
    if (this.overlay === undefined) {
      this.overlay = this.confirmed.fork();
      for (const record of this.waiting()) this.overlay.add(record);
    }
    return this.overlay.snapshot(now);
  }

  /** The pending records that count: one of each request, none of those that the store holds. */
  private waiting(): readonly LiveRecord[] {
    const records = counted([...this.pending.values()].map(({ record }) => record));
    return records.filter((each) => each.kind !== "request" || !this.requests.has(each));
  }

  private confirm(rows: LiveRows): void {
    this.overlay = undefined;
    this.confirmed.addRows(rows);
    for (const { id } of rows.records) {
      this.pending.delete(id);
      this.remembered.add(id);
    }
    for (const record of rows.records) this.requests.add(record);
    if (this.confirmed.openUsage > MOST_OPEN) this.confirmed.settle();
    for (const id of this.remembered) {
      if (this.remembered.size <= REMEMBERED_IDS) break;
      this.remembered.delete(id);
    }
  }

  /** Only here, where the store was just read: a session that is asked for must not go meanwhile. */
  private letGo(): void {
    if (this.now - this.lastLetGo < LET_GO_EVERY_MS * 1000) return;
    this.lastLetGo = this.now;
    this.confirmed.letGo(this.now - KEPT_MS * 1000);
    this.overlay = undefined;
  }
}
