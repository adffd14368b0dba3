import { Buffer } from "node:buffer";
import { doubleJson, plain, quoted } from "../otlp/json/any-value.ts";
import type { AttributeValue } from "../otlp/sink.ts";
import { Lanes } from "./hash.ts";
import type { Slot } from "./slots.ts";

const SEED_PENDING = 0x72657374;
/** Attributes for which room is kept between records. */
const MOST_KEPT = 4096;

/** A value that waits for the end of its record: the bytes it lies in, a double, a boolean, or any value. */
export type PendingValue = Uint8Array | AttributeValue | number | boolean;

/**
 * Attributes of the record being written whose JSON may be needed at its end.
 * It is made only where the same list was not met before in the batch, which is
 * rare: what has no column is mostly the same for a whole session.
 */
export class PendingAttributes {
  /** Hash of the list, in its order. */
  readonly lanes: Lanes = new Lanes();
  /** Number of attributes. */
  count = 0;
  private readonly slots: Slot[] = [];
  private readonly values: PendingValue[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  /** Forgets the list. */
  begin(): void {
    this.count = 0;
    if (this.slots.length > MOST_KEPT) this.letGo();
  }

  /** Adds an attribute; a string lies in `bytes[start, end)` and stays there until the record ends. */
  add(slot: Slot, lanes: Lanes, value: PendingValue, start: number, end: number): void {
    const at = this.count++;
    if (at === 0) this.lanes.seed(SEED_PENDING);
    this.lanes.absorbLanes(lanes);
    this.slots[at] = slot;
    this.values[at] = value;
    this.starts[at] = start;
    this.ends[at] = end;
  }

  /** Key and value of every attribute as JSON texts. */
  members(): [key: string, value: string][] {
    return Array.from({ length: this.count }, (_, at) => [
      quoted((this.slots[at] as Slot).key),
      this.valueJson(at),
    ]);
  }

  /** Lets go of what a record with very many attributes left. */
  private letGo(): void {
    for (const list of [this.slots, this.values, this.starts, this.ends]) list.length = 0;
  }

  private valueJson(at: number): string {
    const value = this.values[at] as PendingValue;
    if (typeof value === "number") return doubleJson(value);
    if (typeof value === "boolean") return value ? "true" : "false";
    if (!(value instanceof Uint8Array)) return plain(value);
    const view = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return quoted(view.toString("utf8", this.starts[at], this.ends[at]));
  }
}

/** Members as a JSON object. */
export function objectOf(members: Iterable<readonly [key: string, value: string]>): string {
  return `{${[...members].map(([key, value]) => `${key}:${value}`).join(",")}}`;
}
