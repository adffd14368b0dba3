import { Buffer } from "node:buffer";
import { hashString } from "../model/values.ts";
import { Grouping, summedPoints } from "./grouping.ts";
import { BURN_WINDOW_MS } from "./options.ts";
import type { LiveGroup, LiveLog, LiveMark, LiveRecord, LiveRequest, LiveUsage } from "./record.ts";
import { countsBefore } from "./repeats.ts";
import { Session } from "./session.ts";
import { sessionShown } from "./shown.ts";
import type { LiveSession } from "./snapshot.ts";

/** Records that are younger stay single, since burn rates need them: the window, and clocks that differ. */
const SINGLE_MS = BURN_WINDOW_MS + 15 * 60_000;
const ID_BYTES = 16;
/** Marks of one kind that are kept: more than a session has. */
const MOST_MARKS = 500;
const SEED_REQUEST = 0x72657175;
/** So many ids are searched for as bytes; a set of all of them takes longer to make. */
const FEW_IDS = 100;
/** A single session is not split by days. */
const usageOptions = { burnWindowMs: BURN_WINDOW_MS, day: (): string => "" };

/** A tally as it is kept: small, however long the session is, but for 16 bytes a record. */
export interface KeptTally {
  /** Ids of the records that were counted, or hashes of their requests' ids, in base64. */
  readonly ids: string;
  /** Records that are young, and points of counters. */
  readonly records: readonly LiveRecord[];
  readonly groups: readonly LiveGroup[];
}

/**
 * What one session used, folded record by record over the lives of many short processes. It means
 * what `LiveState` means; a record that comes twice counts once.
 */
export class SessionTally {
  private readonly sessionId: string;
  private session: Session;
  private readonly kept: KeptTally;
  /** What is not in groups: kept, and added. */
  private readonly records: LiveRecord[];
  private readonly addedIds: Buffer[] = [];
  private readonly addedKeys: Set<string> = new Set();
  private keptIds: Buffer | undefined;
  private keptKeys: Set<string> | undefined;
  private lookups = 0;

  constructor(sessionId: string, kept: KeptTally = { ids: "", records: [], groups: [] }) {
    this.sessionId = sessionId;
    this.kept = kept;
    this.records = [...kept.records];
    this.session = this.sessionOfAll();
  }

  /**
   * Adds a record; one of another session, or that was added before, is passed over. Of the records
   * of one request one counts: which one depends on all of them as long as the one that was added
   * is kept singly, else it is the first.
   */
  add(record: LiveRecord): void {
    if (record.sessionId !== this.sessionId) return;
    if (record.kind === "usage" && this.isCovered) return;
    // Other events only add labels and times, which stay the same however often they come.
    if (record.kind === "event" || this.isNew(record)) {
      this.session.add(record);
      this.records.push(record);
    } else if (record.kind === "request") {
      this.replaceBy(record);
    }
  }

  /**
   * How the session is at a time, microseconds; undefined before anything counted. Its split by stage
   * has no stages by marks for what is kept in groups.
   */
  shown(now: number): LiveSession | undefined {
    const ask = { now, isCovered: (): boolean => false };
    return sessionShown(this.sessionId, this.session, ask, new WeakMap());
  }

  /** What is to be kept at a time, microseconds. */
  keep(now: number): KeptTally {
    const since = now - SINGLE_MS * 1000;
    const grouping = new Grouping(this.kept.groups);
    const single: LiveLog[] = [];
    const points: LiveUsage[] = [];
    const marks: LiveMark[] = [];
    for (const record of this.records) {
      if (record.kind === "usage") points.push(record);
      else if (record.kind === "mark") marks.push(record);
      else if (record.time < since || record.kind === "event") grouping.add(record);
      else single.push(record);
    }
    const [old, young] = [points.filter(isBefore(since)), points.filter((it) => it.time >= since)];
    const counted = this.isCovered ? [] : [...summedPoints(old), ...young];
    const ids = Buffer.concat([this.packedIds(), ...this.addedIds]);
    return {
      ids: ids.toString("base64"),
      records: [...single, ...counted, ...lastMarks(marks)],
      groups: grouping.list(),
    };
  }

  /** Whether requests report the usage, so that metrics do not count. */
  private get isCovered(): boolean {
    return this.session.requested.total.requests > 0;
  }

  private sessionOfAll(): Session {
    const session = new Session(usageOptions, true);
    for (const group of this.kept.groups) session.addGroup(group);
    for (const record of this.records) session.add(record);
    return session;
  }

  /** Takes a record in the place of another one of its request, where that counts less. */
  private replaceBy(record: LiveRequest): void {
    const at = this.records.findIndex(
      (each) =>
        each.kind === "request" &&
        each.requestId !== undefined &&
        each.requestId === record.requestId,
    );
    const known = this.records[at];
    if (known?.kind !== "request" || !countsBefore(record, known)) return;
    this.records[at] = record;
    this.session = this.sessionOfAll();
  }

  private isNew(record: LiveRecord): boolean {
    const bytes = Buffer.from(keyOf(record), "hex");
    const key = bytes.toString("latin1");
    if (this.addedKeys.has(key) || this.isKept(bytes, key)) return false;
    this.addedKeys.add(key);
    this.addedIds.push(bytes);
    return true;
  }

  private isKept(bytes: Buffer, key: string): boolean {
    const kept = this.packedIds();
    if (++this.lookups > FEW_IDS) this.keptKeys ??= unpacked(kept);
    if (this.keptKeys !== undefined) return this.keptKeys.has(key);
    let at = kept.indexOf(bytes);
    while (at >= 0 && at % ID_BYTES !== 0) at = kept.indexOf(bytes, at + 1);
    return at >= 0;
  }

  private packedIds(): Buffer {
    this.keptIds ??= Buffer.from(this.kept.ids, "base64");
    return this.keptIds;
  }
}

/** The last marks of stages, those of hooks and those of the whole session: many of one kind displace no other. */
function lastMarks(marks: readonly LiveMark[]): readonly LiveMark[] {
  const kinds = new Map<string, LiveMark[]>();
  for (const mark of marks) {
    const kind = kindOf(mark);
    kinds.set(kind, [...(kinds.get(kind) ?? []), mark]);
  }
  return [...kinds.values()].flatMap((alike) =>
    alike.sort((a, b) => a.time - b.time).slice(-MOST_MARKS),
  );
}

function kindOf({ action }: LiveMark): string {
  if (action === "start" || action === "end") return "stage";
  return action === "session" ? "session" : "hook";
}

/** By what a record is known: its request, or itself; 32 hexadecimal digits. */
function keyOf(record: LiveRecord): string {
  return record.kind === "request" && record.requestId !== undefined
    ? hashString(SEED_REQUEST, record.requestId).toHex()
    : record.id.replaceAll("-", "");
}

function isBefore(time: number): (record: LiveRecord) => boolean {
  return (record) => record.time < time;
}

/** Packed ids, each as a text of 16 characters. */
function unpacked(bytes: Buffer): Set<string> {
  const ids = new Set<string>();
  for (let at = 0; at + ID_BYTES <= bytes.length; at += ID_BYTES) {
    ids.add(bytes.toString("latin1", at, at + ID_BYTES));
  }
  return ids;
}
