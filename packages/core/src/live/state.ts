import { began } from "../attribution/evidence.ts";
import { Days } from "./days.ts";
import { KEPT_MS, type LiveOptions } from "./options.ts";
import { Recent } from "./recent.ts";
import type { LiveRecord, LiveRows } from "./record.ts";
import { dayOfRequest, RequestDays } from "./request-days.ts";
import { Session } from "./session.ts";
import { type Ask, sessionShown, todayShown } from "./shown.ts";
import type { LiveSession, LiveSnapshot } from "./snapshot.ts";

/**
 * The running sessions and the day, folded record by record. It means what the views `sessions` and
 * `usage` mean, and comes out the same in whatever order the records come; each must come once.
 */
export class LiveState {
  private readonly options: LiveOptions;
  private readonly parent: LiveState | undefined;
  /** Sessions by id; the one of undefined is all that has none. */
  private readonly own: Map<string | undefined, Session> = new Map();
  /** Days with requests: metrics that lack an id that these have, or have one that these lack, do not count then. */
  private readonly requestDays: RequestDays;
  private readonly recent: Recent;
  private readonly days: Days;
  private readonly shown: WeakMap<Session, LiveSession>;

  constructor(options: LiveOptions, parent?: LiveState) {
    this.options = options;
    this.parent = parent;
    this.requestDays = new RequestDays(parent?.requestDays);
    this.recent = parent?.recent.clone() ?? new Recent(options.recentEvents);
    this.days = parent?.days ?? new Days(options.day);
    this.shown = parent?.shown ?? new WeakMap();
  }

  /** Adds a record that was not added before. */
  add(record: LiveRecord): void {
    const { sessionId, userId, time } = record;
    this.writable(sessionId).add(record);
    if (record.kind !== "usage") this.recent.add(record);
    if (record.kind !== "request") return;
    const sessionless = sessionId === undefined;
    this.requestDays.add({ sessionless, userId, day: dayOfRequest(time) });
  }

  /** Adds what the store holds; none of it was added before. */
  addRows({ records, groups, older, traces, recent, days }: LiveRows): void {
    for (const day of days) this.requestDays.add(day);
    for (const group of groups) this.writable(group.sessionId).addGroup(group);
    for (const record of older) this.writable(record.sessionId).add(record);
    for (const each of traces) this.writable(each.sessionId).stages.setTraces(each.traces);
    for (const record of records) this.add(record);
    for (const event of recent) this.recent.add(event);
  }

  /** A state that begins as this one; adding to it leaves this one as it is. It holds as long as this one does not change. */
  fork(): LiveState {
    return new LiveState(this.options, this);
  }

  /** Whether records of a session have been added. */
  knows(sessionId: string): boolean {
    return this.own.has(sessionId) || (this.parent?.knows(sessionId) ?? false);
  }

  /** Whether rows begin the run of a subagent earlier than is known. */
  movesRuns({ records, groups }: LiveRows): boolean {
    return (
      records.some((each) => {
        if (each.kind !== "request") return false;
        const { agentId, time, durationMs } = each;
        return this.movesRun(each.sessionId, agentId, began(time, durationMs));
      }) ||
      groups.some(
        (each) =>
          each.kind === "requests" && this.movesRun(each.sessionId, each.agentId, each.firstBegan),
      )
    );
  }

  /** Usage whose stage is not settled. */
  get openUsage(): number {
    return [...this.own.values()].reduce((sum, { openUsage }) => sum + openUsage, 0);
  }

  /** Settles the stage of all usage so far: marks that come from now on do not change it. */
  settle(): void {
    for (const session of this.own.values()) session.settle();
  }

  /** Lets go of sessions without a record since a time, and of days before it. Not for forks. */
  letGo(before: number): void {
    for (const [id, session] of this.own) {
      if (id !== undefined && session.lastRecord < before) this.own.delete(id);
      else session.forgetDays(before);
    }
    this.own.get(undefined)?.forgetPoints(before);
    this.recent.forget(before);
  }

  /** The state at a time, microseconds. */
  snapshot(now: number): LiveSnapshot {
    const since = now - KEPT_MS * 1000;
    const ask: Ask = {
      now,
      isCovered: (hasSession, userId, span) => this.requestDays.covers(hasSession, userId, span),
    };
    const all = [...this.sessions()].filter(([, { lastRecord }]) => lastRecord >= since);
    const sessions = all.flatMap(([id, session]) => {
      const shown = id === undefined ? undefined : sessionShown(id, session, ask, this.shown);
      return shown === undefined || shown.lastActivity < since ? [] : [shown];
    });
    return {
      now,
      sessions: sessions.sort(byActivity),
      today: todayShown(this.days.of(now), all, ask),
      recent: this.recent.list().filter(({ time }) => time >= since),
    };
  }

  private *sessions(): Generator<readonly [string | undefined, Session]> {
    yield* this.own;
    if (this.parent === undefined) return;
    for (const entry of this.parent.sessions()) if (!this.own.has(entry[0])) yield entry;
  }

  private movesRun(
    session: string | undefined,
    agentId: string | undefined,
    since: number,
  ): boolean {
    if (agentId === undefined) return false;
    return this.find(session)?.stages.movesRun(agentId, since) ?? false;
  }

  private find(id: string | undefined): Session | undefined {
    return this.own.get(id) ?? this.parent?.find(id);
  }

  /** A session that may be changed: this state's own. */
  private writable(id: string | undefined): Session {
    let session = this.own.get(id);
    if (session === undefined) {
      const { burnWindowMs } = this.options;
      const day = (micros: number): string => this.days.of(micros);
      session =
        this.parent?.find(id)?.clone() ?? new Session({ burnWindowMs, day }, id !== undefined);
      this.own.set(id, session);
    }
    this.shown.delete(session);
    return session;
  }
}

function byActivity(a: LiveSession, b: LiveSession): number {
  if (a.lastActivity !== b.lastActivity) return b.lastActivity - a.lastActivity;
  return a.sessionId < b.sessionId ? 1 : -1;
}
