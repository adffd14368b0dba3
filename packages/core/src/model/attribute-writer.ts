import { Buffer } from "node:buffer";
import { API_REQUEST, EVENT_PREFIX, type NamedKind } from "../otlp/event-names.ts";
import type { AttributeValue } from "../otlp/sink.ts";
import {
  billionths,
  billionthsOfText,
  fitsColumn,
  integerOfDouble,
  integerOfText,
  isExact,
  isPlainAmount,
  isPlainInteger,
  microsOfTimestamp,
  truthOfText,
  wideIntegerOfText,
} from "./coercions.ts";
import type { ResourceContext } from "./contexts.ts";
import type { Dictionary } from "./dictionary.ts";
import { Lanes } from "./hash.ts";
import { objectOf, PendingAttributes, type PendingValue } from "./pending.ts";
import { microsOfNumber, microsOfText } from "./plausible-times.ts";
import type { Slot } from "./slots.ts";
import type { TableState } from "./table-state.ts";
import { Tags } from "./tags.ts";
import { hashBool, hashDouble, hashInteger, hashText, hashValue, integerWords } from "./values.ts";

const prefixBytes = Buffer.from(EVENT_PREFIX);
const apiRequestBytes = Buffer.from(API_REQUEST);
const WORD = 4294967296;
/** Longer texts stand for no number. */
const MOST_DIGITS = 400;

/**
 * Sends the attributes of a record to their columns. What a column cannot hold
 * exactly, a second attribute of the same key, and every key without a column
 * go to the JSON of the rest.
 */
export class AttributeWriter {
  /** What the attribute event.timestamp of the record means, microseconds since 1970; NaN where there is none. */
  eventMicros: number = Number.NaN;
  private readonly dictionary: Dictionary;
  private named: NamedKind | undefined;
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

  /** What the attribute event.name makes of the record; undefined where it is not there or no string. */
  get kindByName(): NamedKind | undefined {
    return this.named;
  }

  /** Begins a record in a row of a table. */
  begin(state: TableState, row: number, resource: ResourceContext | undefined): void {
    this.state = state;
    this.row = row;
    this.record = ++state.serial;
    this.eventMicros = Number.NaN;
    this.named = undefined;
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
    for (const { column, text } of this.tags.ownStandIns())
      state?.standIn(row, column, text, dictionary);
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
    this.number(slot, lanes, value, { kind: "int", value: BigInt(value) });
  }

  /** A double attribute; `spelled` is the integer that was written where the double does not hold it. */
  double(slot: Slot, value: number, spelled?: bigint): void {
    const lanes = hashDouble(this.lanes, slot.keyLanes, value);
    this.number(slot, lanes, value, value, spelled);
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
    if (value.kind === "double") this.double(slot, value.value, value.spelled);
    else if (value.kind === "bool") this.bool(slot, value.value);
    else if (value.kind === "int") this.wide(slot, value.value);
    else {
      const lanes = hashValue(this.lanes, slot.keyLanes, value);
      const first = this.take(slot, lanes, value, 0, 0);
      if (!first || !this.kept) this.rest.add(slot, lanes, value, 0, 0);
    }
  }

  /** Whether the last attribute is among the tags and needs no place in the rest. */
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
    if (first && slot.route === "event_timestamp") this.eventMicros = microsOfNumber(number);
    const fits = slot.route === "int" && fitsColumn(value);
    if (first && fits) slot.buffer?.setWords(this.row, low, high);
    else if (!first || !this.kept) this.rest.add(slot, lanes, pending, 0, 0);
  }

  private number(
    slot: Slot,
    lanes: Lanes,
    value: number,
    pending: PendingValue,
    spelled?: bigint,
  ): void {
    const first = this.take(slot, lanes, pending, 0, 0);
    if (first && slot.route === "event_timestamp") this.eventMicros = microsOfNumber(value);
    if (first && slot.route === "int" && Number.isSafeInteger(value)) {
      slot.buffer?.setInteger(this.row, value);
    } else if (
      first &&
      slot.route === "int" &&
      this.setWide(slot, spelled ?? integerOfDouble(value))
    ) {
      return;
    } else if (first && slot.route === "money" && this.setMoney(slot, value)) {
      return;
    } else if (first && slot.route === "text") {
      this.setAsText(slot, String(value));
    } else if (!first || !this.kept) {
      this.rest.add(slot, lanes, pending, 0, 0);
    }
  }

  /** Works out once what a new text means for its column. */
  private understand(slot: Slot, bytes: Uint8Array, start: number, end: number): void {
    if (slot.route === "text" || slot.route === "label") {
      slot.code = this.dictionary.intern(slot.lanes, bytes, start, end);
    } else if (slot.route === "int") {
      this.understandInteger(slot, bytes, start, end);
    } else if (slot.route === "money") {
      this.understandMoney(slot, textOf(bytes, start, end));
    } else if (slot.route === "bool") {
      slot.code = truthOfText(bytes, start, end);
    } else if (slot.route === "event_timestamp") {
      slot.number = microsOfTimestamp(bytes, start, end);
      slot.keepsText = Number.isNaN(slot.number);
      if (slot.keepsText) slot.number = microsOfText(textOf(bytes, start, end));
    } else if (slot.route === "event_name") {
      slot.keepsText =
        beginsWith(prefixBytes, bytes, start, end) && end - start > prefixBytes.length;
      const from = slot.keepsText ? start + prefixBytes.length : start;
      slot.code = this.dictionary.intern(slot.lanes, bytes, from, end);
      slot.apiRequest =
        end - from === apiRequestBytes.length && beginsWith(apiRequestBytes, bytes, from, end);
    }
  }

  private understandInteger(slot: Slot, bytes: Uint8Array, start: number, end: number): void {
    slot.number = integerOfText(bytes, start, end);
    slot.wide = undefined;
    slot.keepsText = false;
    if (!Number.isNaN(slot.number)) return;
    const text = textOf(bytes, start, end);
    slot.wide = wideIntegerOfText(text);
    slot.keepsText = !isPlainInteger(text);
  }

  private understandMoney(slot: Slot, text: string): void {
    const value = billionthsOfText(text);
    const usd = Number(text);
    slot.wide = value;
    slot.number = value === undefined || isExact(usd, Number(value)) ? Number.NaN : usd;
    slot.keepsText = !isPlainAmount(text);
  }

  /** Sets the column of a slot to what its last text means; false where the text itself must be kept too. */
  private setText(slot: Slot): boolean {
    const { buffer, row } = { buffer: slot.buffer, row: this.row };
    if (buffer === undefined) return false;
    switch (slot.route) {
      case "text":
        buffer.setCode(row, slot.code);
        return true;
      case "label":
        if (buffer.codes[row] === 0) buffer.setCode(row, slot.code);
        return false;
      case "event_name":
        buffer.setCode(row, slot.code);
        this.named = slot.apiRequest ? kindOfRequest(slot) : "other_log";
        return !slot.keepsText;
      case "bool":
        if (slot.code !== 0) buffer.setCode(row, slot.code);
        return slot.code !== 0;
      case "int":
        if (Number.isNaN(slot.number)) return this.setWide(slot, slot.wide) && !slot.keepsText;
        buffer.setInteger(row, slot.number);
        return true;
      case "money":
        if (!this.setWide(slot, slot.wide)) return false;
        if (!Number.isNaN(slot.number)) this.state?.costExact?.setDouble(row, slot.number);
        return !slot.keepsText;
      case "event_timestamp":
        this.eventMicros = slot.number;
        return !slot.keepsText;
      default:
        return false;
    }
  }

  /** Sets a column of integers or of billionths; says whether there is anything to set. */
  private setWide(slot: Slot, value: bigint | undefined): boolean {
    if (value === undefined) return false;
    slot.buffer?.setWords(this.row, ...integerWords(value));
    return true;
  }

  private setMoney(slot: Slot, usd: number): boolean {
    const value = billionths(usd);
    if (Number.isNaN(value)) {
      const wide = billionthsOfText(String(usd));
      if (!this.setWide(slot, wide)) return false;
      if (!isExact(usd, Number(wide))) this.state?.costExact?.setDouble(this.row, usd);
      return true;
    }
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

/** A short text of ASCII; what is longer or is not stands for no number. */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > MOST_DIGITS) return "";
  let text = "";
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] as number);
  return text;
}

function beginsWith(word: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < word.length) return false;
  for (let at = 0; at < word.length; at++) if (bytes[start + at] !== word[at]) return false;
  return true;
}

/** Only a name with the prefix is kept as text beside its column. */
function kindOfRequest({ keepsText }: Slot): NamedKind {
  return keepsText ? "claude_request" : "api_request";
}
