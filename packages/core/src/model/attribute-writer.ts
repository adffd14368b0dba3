import { Buffer } from "node:buffer";
import type { AttributeValue } from "../otlp/sink.ts";
import {
  billionths,
  decimalOfText,
  integerOfText,
  isExact,
  microsOfTimestamp,
  truthOfText,
} from "./coercions.ts";
import type { ResourceContext } from "./contexts.ts";
import type { Dictionary } from "./dictionary.ts";
import { Lanes } from "./hash.ts";
import { objectOf, PendingAttributes, type PendingValue } from "./pending.ts";
import type { Slot } from "./slots.ts";
import type { TableState } from "./table-state.ts";
import { Tags } from "./tags.ts";
import { hashBool, hashDouble, hashInteger, hashText, hashValue, integerWords } from "./values.ts";

const EVENT_PREFIX = Buffer.from("claude_code.");
const API_REQUEST = Buffer.from("api_request");
const WORD = 4294967296;
const NULL_HIGH = -2147483648;

/**
 * Sends the attributes of a record to their columns. What a column cannot hold
 * exactly, a second attribute of the same key, and every key without a column
 * go to the JSON of the rest.
 */
export class AttributeWriter {
  /** Time of the record, microseconds: event.timestamp is stored as its distance to it. */
  micros = 0;
  private readonly dictionary: Dictionary;
  private apiRequest = false;
  private state: TableState | undefined;
  private row = 0;
  private record = 0;
  private readonly sum: Lanes = new Lanes();
  private readonly lanes: Lanes = new Lanes();
  private readonly rest: PendingAttributes = new PendingAttributes();
  private readonly tags: Tags = new Tags();

  constructor(dictionary: Dictionary) {
    this.dictionary = dictionary;
  }

  /** Whether the attribute event.name of the record is api_request. */
  get isApiRequest(): boolean {
    return this.apiRequest;
  }

  /** Begins a record in a row of a table. */
  begin(state: TableState, row: number, resource: ResourceContext | undefined): void {
    this.state = state;
    this.row = row;
    this.record = ++state.serial;
    this.micros = 0;
    this.apiRequest = false;
    this.sum.seed(0);
    this.rest.begin();
    this.tags.begin(resource);
  }

  /** Ends the record and gives the sum of its attributes' hashes. */
  end(): Lanes {
    const { state, row, rest, dictionary } = this;
    if (rest.count > 0) {
      const code = dictionary.internText(rest.lanes.finish(), () => objectOf(rest.members()));
      state?.attributes.setCode(row, code);
    }
    const tags = this.tags.end(dictionary);
    if (tags !== 0) state?.tags.setCode(row, tags);
    return this.sum;
  }

  /** A string attribute. */
  text(slot: Slot, bytes: Uint8Array, start: number, end: number): void {
    hashText(slot.lanes, slot.keyLanes, bytes, start, end);
    slot.version++;
    this.understand(slot, bytes, start, end);
    this.repeat(slot, bytes, start, end);
  }

  /** A string attribute that is the same as the slot's last. */
  repeat(slot: Slot, bytes: Uint8Array, start: number, end: number): void {
    const first = this.take(slot, slot.lanes, bytes, start, end);
    if (first && this.setText(slot)) return;
    if (!first || !this.kept) this.rest.add(slot, slot.lanes, bytes, start, end);
  }

  /** An integer attribute within the safe integers. */
  integer(slot: Slot, value: number): void {
    const lanes = hashInteger(this.lanes, slot.keyLanes, value | 0, Math.floor(value / WORD));
    if (slot.route === "int" && slot.record !== this.record) {
      this.sum.add(lanes);
      slot.record = this.record;
      slot.buffer?.setInteger(this.row, value);
      return;
    }
    this.number(slot, lanes, value, { kind: "int", value: BigInt(value) }, String(value));
  }

  /** A double attribute. */
  double(slot: Slot, value: number): void {
    const lanes = hashDouble(this.lanes, slot.keyLanes, value);
    this.number(slot, lanes, value, value, String(value));
  }

  /** A boolean attribute. */
  bool(slot: Slot, value: boolean): void {
    const lanes = hashBool(this.lanes, slot.keyLanes, value);
    const first = this.take(slot, lanes, value, 0, 0);
    if (first && slot.route === "bool") slot.buffer?.setCode(this.row, value ? 2 : 1);
    else if (first && slot.route === "text") this.setAsText(slot, String(value));
    else if (!first || !this.kept) this.rest.add(slot, lanes, value, 0, 0);
  }

  /** An attribute of any type but string. */
  value(slot: Slot, value: AttributeValue): void {
    if (value.kind === "double") this.double(slot, value.value);
    else if (value.kind === "bool") this.bool(slot, value.value);
    else if (value.kind === "int") this.wide(slot, value.value);
    else {
      const lanes = hashValue(this.lanes, slot.keyLanes, value);
      const first = this.take(slot, lanes, value, 0, 0);
      if (!first || !this.kept) this.rest.add(slot, lanes, value, 0, 0);
    }
  }

  /** Whether the attribute taken last is told by the tags and needs no place in the rest. */
  private kept = false;

  /** Counts an attribute in. Says whether it is the first of its key in this record. */
  private take(slot: Slot, lanes: Lanes, value: PendingValue, start: number, end: number): boolean {
    this.sum.add(lanes);
    this.kept = false;
    if (slot.record === this.record) return false;
    slot.record = this.record;
    this.kept = this.tags.take(slot, lanes, value, start, end) && slot.route === "rest";
    return true;
  }

  private wide(slot: Slot, value: bigint): void {
    const number = Number(value);
    if (Number.isSafeInteger(number)) {
      this.integer(slot, number);
      return;
    }
    const [low, high] = integerWords(value);
    const lanes = hashInteger(this.lanes, slot.keyLanes, low, high);
    const pending: AttributeValue = { kind: "int", value };
    const first = this.take(slot, lanes, pending, 0, 0);
    const fits = slot.route === "int" && !(low === 0 && high === NULL_HIGH);
    if (first && fits) slot.buffer?.setWords(this.row, low, high);
    else if (!first || !this.kept) this.rest.add(slot, lanes, pending, 0, 0);
  }

  private number(
    slot: Slot,
    lanes: Lanes,
    value: number,
    pending: PendingValue,
    text: string,
  ): void {
    const first = this.take(slot, lanes, pending, 0, 0);
    if (first && slot.route === "int" && Number.isSafeInteger(value)) {
      slot.buffer?.setInteger(this.row, value);
    } else if (first && slot.route === "money" && this.setMoney(slot, value)) {
      return;
    } else if (first && slot.route === "text") {
      this.setAsText(slot, text);
    } else if (!first || !this.kept) {
      this.rest.add(slot, lanes, pending, 0, 0);
    }
  }

  /** Works out once what a new text means for its column. */
  private understand(slot: Slot, bytes: Uint8Array, start: number, end: number): void {
    if (slot.route === "text") {
      slot.code = this.dictionary.intern(slot.lanes, bytes, start, end);
    } else if (slot.route === "int") {
      slot.number = integerOfText(bytes, start, end);
    } else if (slot.route === "money") {
      slot.number = decimalOfText(bytes, start, end);
    } else if (slot.route === "bool") {
      slot.code = truthOfText(bytes, start, end);
    } else if (slot.route === "event_timestamp") {
      slot.number = microsOfTimestamp(bytes, start, end);
    } else if (slot.route === "event_name") {
      slot.prefixed = hasPrefix(bytes, start, end);
      const from = slot.prefixed ? start + EVENT_PREFIX.length : start;
      slot.code = this.dictionary.intern(slot.lanes, bytes, from, end);
      slot.apiRequest = API_REQUEST.equals(bytes.subarray(from, end));
    }
  }

  /** Sets the column of a slot to what its last text means; false where the text itself must be kept too. */
  private setText(slot: Slot): boolean {
    const { buffer, row } = { buffer: slot.buffer, row: this.row };
    if (buffer === undefined) return false;
    switch (slot.route) {
      case "text":
        buffer.setCode(row, slot.code);
        return true;
      case "event_name":
        buffer.setCode(row, slot.code);
        this.apiRequest = slot.apiRequest;
        return !slot.prefixed;
      case "bool":
        if (slot.code !== 0) buffer.setCode(row, slot.code);
        return slot.code !== 0;
      case "int":
        if (!Number.isNaN(slot.number)) buffer.setInteger(row, slot.number);
        return !Number.isNaN(slot.number);
      case "money":
        return this.setMoney(slot, slot.number);
      case "event_timestamp": {
        const lag = this.micros - slot.number;
        // Beyond 2^53 microseconds, the year 2255, a difference would be rounded.
        const exact = Number.isSafeInteger(this.micros) && Number.isSafeInteger(slot.number);
        if (!exact) return false;
        buffer.setInteger(row, lag);
        return true;
      }
      default:
        return false;
    }
  }

  private setMoney(slot: Slot, usd: number): boolean {
    const value = billionths(usd);
    if (Number.isNaN(value)) return false;
    slot.buffer?.setInteger(this.row, value);
    if (!isExact(usd, value)) this.state?.costExact?.setDouble(this.row, usd);
    return true;
  }

  /** Sets a text column to a number or a boolean as text. */
  private setAsText(slot: Slot, text: string): void {
    const code = this.dictionary.internText(this.lanes, () => text);
    slot.buffer?.setCode(this.row, code);
  }
}

function hasPrefix(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start <= EVENT_PREFIX.length) return false;
  for (let at = 0; at < EVENT_PREFIX.length; at++) {
    if (bytes[start + at] !== EVENT_PREFIX[at]) return false;
  }
  return true;
}
