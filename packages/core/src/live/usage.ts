import type { Subject } from "../attribution/evidence.ts";
import type { Amount } from "./amounts.ts";
import { Burn } from "./burn.ts";
import type { LiveCommon } from "./record.ts";
import { Sums } from "./sums.ts";
import { type FindStage, Untagged } from "./untagged.ts";

/** The latest reported value and its time; of two at one time, the greater value. */
export interface Latest<T> {
  readonly time: number;
  readonly value: T;
}

const labelNames = [
  "workflowId",
  "stage",
  "taskId",
  "agent",
  "promptId",
  "model",
  /** Model of requests of the main thread. */
  "mainModel",
] as const;

/** The labels of records: what they have other than numbers. */
export type LabelName = (typeof labelNames)[number];

/** The fields that all records with labels share. */
export type Labelled = Pick<LiveCommon, "workflowId" | "stage" | "taskId" | "agent" | "model">;

/**
 * The usage of one session by one ledger, events or metrics: sums in all, by model, by stage, by
 * day and over the last minutes. It comes out the same whatever the order of what is added.
 */
export class Usage {
  readonly total: Sums = new Sums();
  readonly byModel: Map<string | undefined, Sums> = new Map();
  /** By stage, as far as that is settled: by tags above all. */
  private readonly byStage: Map<string | undefined, Sums> = new Map();
  readonly untagged: Untagged = new Untagged();
  readonly byDay: Map<string, Sums> = new Map();
  readonly burn: Burn;
  readonly labels: Partial<Record<LabelName, Latest<string>>> = {};

  constructor(burnWindowMs: number) {
    this.burn = new Burn(burnWindowMs);
  }

  /**
   * Adds an amount of a day. `subject` is what its stage is found by if it has none.
   * To `burn` it is to be added as well if it was spent one by one.
   */
  add(amount: Amount, day: string, subject?: Subject): void {
    this.total.add(amount);
    sumsIn(this.byModel, amount.model).add(amount);
    if (amount.stage === undefined && subject !== undefined) this.untagged.add(subject, amount);
    else sumsIn(this.byStage, amount.stage).add(amount);
    sumsIn(this.byDay, day).add(amount);
  }

  /** Sums by stage, with what is found for usage without a tag. */
  stagesBy(find: FindStage): ReadonlyMap<string | undefined, Sums> {
    if (this.untagged.size === 0) return this.byStage;
    const all = new Map<string | undefined, Sums>();
    for (const [stage, sums] of this.byStage) sumsIn(all, stage).add(sums);
    for (const [stage, amount] of this.untagged.by(find)) sumsIn(all, stage).add(amount);
    return all;
  }

  /** Settles the stage of all usage without a tag as it is found now. */
  settle(find: FindStage): void {
    for (const [stage, amount] of this.untagged.by(find)) sumsIn(this.byStage, stage).add(amount);
    this.untagged.clear();
  }

  /** Records the labels of a record. */
  label(record: Labelled, time: number): void {
    this.setLabel("workflowId", time, record.workflowId);
    this.setLabel("stage", time, record.stage);
    this.setLabel("taskId", time, record.taskId);
    this.setLabel("agent", time, record.agent);
    this.setLabel("model", time, record.model);
  }

  /** Sets one label, unless a later one is known. */
  setLabel(name: LabelName, time: number, value: string | undefined): void {
    if (value !== undefined) this.labels[name] = later(this.labels[name], time, value);
  }

  /** Adds all of another usage. */
  merge(other: Usage): void {
    this.total.add(other.total);
    for (const [name, sums] of other.byModel) sumsIn(this.byModel, name).add(sums);
    for (const [name, sums] of other.byStage) sumsIn(this.byStage, name).add(sums);
    this.untagged.merge(other.untagged);
    for (const [day, sums] of other.byDay) sumsIn(this.byDay, day).add(sums);
    this.burn.merge(other.burn);
    for (const name of labelNames) {
      const label = other.labels[name];
      if (label !== undefined) this.setLabel(name, label.time, label.value);
    }
  }

  /** A usage of its own with the same values. */
  clone(): Usage {
    const copy = new Usage(this.burn.windowMs);
    copy.merge(this);
    return copy;
  }

  /** Forgets the days that ended before a time. */
  forgetDays(before: number): void {
    for (const [day, { last }] of this.byDay) if (last < before) this.byDay.delete(day);
  }
}

/** The later of the known value and that of a record; of two at one time the greater. */
export function later<T extends string | bigint>(
  known: Latest<T> | undefined,
  time: number,
  value: T,
): Latest<T> {
  if (known === undefined || time > known.time) return { time, value };
  return time === known.time && value > known.value ? { time, value } : known;
}

function sumsIn<K>(map: Map<K, Sums>, key: K): Sums {
  let sums = map.get(key);
  if (sums === undefined) {
    sums = new Sums();
    map.set(key, sums);
  }
  return sums;
}
