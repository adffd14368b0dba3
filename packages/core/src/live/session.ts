import { byAgent, type Subject } from "../attribution/evidence.ts";
import type { SourceKind } from "../model/source-kind.ts";
import type { Amount } from "./amounts.ts";
import { type Counted, Counts } from "./counts.ts";
import { type LastRequest, lastOf, lastOfGroup, laterRequest } from "./last-request.ts";
import { type IsCovered, Metered, type UsageOptions } from "./metered.ts";
import type { LiveGroup, LiveRecord, LiveRequest } from "./record.ts";
import { SessionStages } from "./session-stages.ts";
import type { Sums } from "./sums.ts";
import { type Labelled, type Latest, later, Usage } from "./usage.ts";

/**
 * What is known of one session: its usage by events, its usage by metrics, and counts
 * of what else happened. Of what has no session id it is the same over all users.
 */
export class Session {
  private readonly usageOptions: UsageOptions;
  /** Whether it has an id: then its requests hold all of its usage. */
  private readonly hasId: boolean;
  /** What its requests used. */
  readonly requested: Usage;
  readonly counts: Counts = new Counts();
  readonly countsByDay: Map<string, Counts> = new Map();
  /** Usage by metrics, by user. */
  readonly metered: Map<string | undefined, Metered> = new Map();
  /** Tokens the last request sent that is of the main thread, or does not say who asked. */
  context: Latest<bigint> | undefined;
  /** Which part of it asked last. */
  source: Latest<SourceKind> | undefined;
  lastRequest: LastRequest | undefined;
  stages: SessionStages = new SessionStages();
  /** Time of the last event of any kind. */
  lastEvent: number = Number.NEGATIVE_INFINITY;
  /** Time of the last record of any kind. */
  lastRecord: number = Number.NEGATIVE_INFINITY;

  constructor(usageOptions: UsageOptions, hasId: boolean) {
    this.usageOptions = usageOptions;
    this.hasId = hasId;
    this.requested = new Usage(usageOptions.burnWindowMs);
  }

  /** Adds a record of this session. */
  add(record: LiveRecord): void {
    const { time } = record;
    this.touch(time);
    if (record.kind === "usage") {
      if (!this.isCovered) this.meteredOf(record.userId).add(record);
      return;
    }
    if (record.kind === "mark") {
      this.lastEvent = Math.max(this.lastEvent, time);
      this.stages.add(record);
      return;
    }
    this.label(record, time, record.promptId, time);
    const alike = { first: time, last: time, count: 1 };
    if (record.kind === "request") {
      const { costNanoUsd: cost } = record;
      const priced = cost === undefined ? 0 : 1;
      const counts = { entries: 1, requests: 1, priced, unpricedRequests: 1 - priced };
      const amount = { ...record, ...alike, ...counts, costNanoUsd: cost ?? 0n };
      const last = lastOf(record);
      this.spend(amount, record.source, contextOf(record), subjectOf(last));
      this.ask(last, last.began);
      this.requested.burn.add(amount);
    } else {
      const failed = record.kind === "tool" && record.success === false;
      this.count({ of: record.kind, failed, ...alike });
    }
  }

  /** Adds records of this session that are alike. */
  addGroup(group: LiveGroup): void {
    const { last, count, prompt } = group;
    this.touch(last);
    this.label(group, last, prompt?.id, prompt?.time ?? last);
    if (group.kind === "events") this.count(group);
    else {
      const counts = { entries: count, requests: count, unpricedRequests: count - group.priced };
      const stage = group.stage ?? byAgent(group.agentName)?.tags.stage;
      this.spend({ ...group, ...counts, stage }, group.source, group.context);
      this.ask(lastOfGroup(group), group.firstBegan);
    }
  }

  /** Notes the time of a record that does not count. */
  touch(time: number): void {
    this.lastRecord = Math.max(this.lastRecord, time);
  }

  /** Usage by the ledger that counts: by events, and by metrics for what no request holds. */
  usage(isCovered: (userId: string | undefined) => IsCovered): Usage {
    if (this.metered.size === 0) return this.requested;
    const all = this.requested.clone();
    for (const [userId, metered] of this.metered) metered.addTo(all, isCovered(userId));
    return all;
  }

  /** Usage by stage: that of the records' own tags, and that which is found for all others. */
  byStage(usage: Usage): ReadonlyMap<string | undefined, Sums> {
    return usage.stagesBy(this.stages.findStage);
  }

  /** Usage without a tag whose stage is not settled. */
  get openUsage(): number {
    let open = this.requested.untagged.size;
    for (const metered of this.metered.values()) open += metered.openUsage;
    return open;
  }

  /** Settles the stages of all usage so far: marks that come from now on do not change them. */
  settle(): void {
    this.requested.settle(this.stages.findStage);
    for (const metered of this.metered.values()) metered.settle(this.stages.findStage);
  }

  /** One of its own with the same contents. */
  clone(): Session {
    const copy = new Session(this.usageOptions, this.hasId);
    copy.requested.merge(this.requested);
    copy.counts.merge(this.counts);
    for (const [day, counts] of this.countsByDay) copy.countsOf(day).merge(counts);
    for (const [userId, metered] of this.metered) copy.metered.set(userId, metered.clone());
    copy.context = this.context;
    copy.source = this.source;
    copy.lastRequest = this.lastRequest;
    copy.stages = this.stages.clone();
    copy.lastEvent = this.lastEvent;
    copy.lastRecord = this.lastRecord;
    return copy;
  }

  /** Forgets days that ended before a time. */
  forgetDays(before: number): void {
    this.requested.forgetDays(before);
    for (const metered of this.metered.values()) metered.forgetDays(before);
    for (const [day, { seen }] of this.countsByDay) {
      if (seen < before) this.countsByDay.delete(day);
    }
  }

  /** Forgets points of metrics before a time, which then count for no day. */
  forgetPoints(before: number): void {
    for (const metered of this.metered.values()) metered.forgetPoints(before);
  }

  /** Whether its requests hold all of its usage. */
  private get isCovered(): boolean {
    return this.hasId && this.requested.total.requests > 0;
  }

  private label(
    record: Labelled,
    time: number,
    prompt: string | undefined,
    promptTime: number,
  ): void {
    this.lastEvent = Math.max(this.lastEvent, time);
    this.requested.label(record, time);
    this.requested.setLabel("promptId", promptTime, prompt);
  }

  private spend(amount: Amount, source: SourceKind, context: bigint, subject?: Subject): void {
    if (this.hasId) this.metered.clear();
    const { last } = amount;
    this.requested.add(amount, this.usageOptions.day(last), subject);
    this.source = later(this.source, last, source);
    // What does not say who asked may be the main thread: releases before 2.1.122 never say it.
    if (source === "subagent" || source === "auxiliary") return;
    this.requested.setLabel("mainModel", last, amount.model);
    this.context = later(this.context, last, context);
  }

  private ask(request: LastRequest, first: number): void {
    this.lastRequest = laterRequest(this.lastRequest, request);
    if (request.agentId !== undefined) this.stages.addRun(request.agentId, first);
  }

  private count(counted: Counted): void {
    if (counted.of === "event") return;
    this.counts.add(counted);
    this.countsOf(this.usageOptions.day(counted.last)).add(counted);
  }

  private countsOf(day: string): Counts {
    let counts = this.countsByDay.get(day);
    if (counts === undefined) {
      counts = new Counts();
      this.countsByDay.set(day, counts);
    }
    return counts;
  }

  private meteredOf(userId: string | undefined): Metered {
    let metered = this.metered.get(userId);
    if (metered === undefined) {
      metered = new Metered(this.usageOptions);
      this.metered.set(userId, metered);
    }
    return metered;
  }
}

/** What the stage of a request is found by. */
function subjectOf(request: LastRequest): Subject {
  const { began: since, promptId, agentId, agentName, traceId, spanId } = request;
  return { since, until: since, promptId, agentId, agentName, traceId, spanId };
}

/** Tokens a request sent, cached or not. */
function contextOf(request: LiveRequest): bigint {
  return request.inputTokens + request.cacheReadTokens + request.cacheCreationTokens;
}
