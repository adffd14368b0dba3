import { splitNanos } from "../otlp/json/numbers.ts";
import { objectJson } from "../otlp/json/records.ts";
import type { NanoTime } from "../otlp/sink.ts";
import type { Dictionary } from "./dictionary.ts";
import { isPlausible, plausibleNanos } from "./plausible-times.ts";
import type { TableState, TimeColumns } from "./table-state.ts";
import { hashString, integerWords } from "./values.ts";

const WORD = 4294967296;
const SEED_AS_SENT = 0x73656e74;

/** The times of a record beside the one it is sorted by. */
export type OtherTime = "observed" | "start" | "end";

/** What OTLP calls the time that a record of each table is sorted by. */
const namesOfTime = { span: "startTimeUnixNano", other: "timeUnixNano" } as const;
const namesOfOthers: Readonly<Record<OtherTime, string>> = {
  observed: "observedTimeUnixNano",
  start: "startTimeUnixNano",
  end: "endTimeUnixNano",
};

/** The times of a record in nanoseconds since 1970. */
export interface SentTimes {
  readonly time: bigint;
  readonly other: bigint | undefined;
}

/** What the times of a record can only mean; `eventMicros` is what its attribute event.timestamp means, NaN where there is none. */
export function meantTimes({ time, other }: SentTimes, eventMicros: number): SentTimes {
  const meant = other === undefined ? undefined : plausibleNanos(other);
  const event = isPlausible(eventMicros) ? BigInt(eventMicros) * 1000n : undefined;
  return { time: plausibleNanos(time) ?? meant ?? event ?? time, other: meant ?? other };
}

/**
 * Puts the times of a record into their columns. A time that lies before 2020
 * or after 2099 is read in the unit that puts it between; where none does, or
 * where there is no time, another of the record's times stands in, and then its
 * attribute event.timestamp. What was sent is kept in other_fields, and alone
 * counts for the identity of the record.
 */
export class RecordTimes {
  private readonly dictionary: Dictionary;
  private state: TableState | undefined;
  private row = 0;
  private micros = 0;
  private odd = false;
  private other: OtherTime | undefined;
  private readonly sentTime: NanoTime = { low: 0, high: 0, nanos: 0 };
  private readonly sentOther: NanoTime = { low: 0, high: 0, nanos: 0 };

  constructor(dictionary: Dictionary) {
    this.dictionary = dictionary;
  }

  /** Begins a record in a row of a table. */
  begin(state: TableState, row: number): void {
    this.state = state;
    this.row = row;
    this.micros = 0;
    this.odd = false;
    this.other = undefined;
  }

  /** The time that the record is sorted by; it comes before the others. */
  time(time: NanoTime): void {
    copy(time, this.sentTime);
    this.micros = microsOf(time);
    this.odd = !isPlausible(this.micros);
    this.state?.time.set(this.row, time);
  }

  /** Another time of the record; no record has two of them. */
  another(name: OtherTime, time: NanoTime): void {
    copy(time, this.sentOther);
    this.other = name;
    if (!isPlausible(microsOf(time))) this.odd = true;
    if (name === "observed") this.state?.setLag(this.row, time);
    else this.columnsOf(name)?.set(this.row, time);
  }

  /** Ends the record; `eventMicros` is what its attribute event.timestamp means, NaN where there is none. */
  end(eventMicros: number): void {
    if (this.odd) this.mend(eventMicros);
    if (Number.isNaN(eventMicros)) return;
    const lag = this.micros - eventMicros;
    if (Number.isSafeInteger(this.micros)) this.state?.eventLag?.setInteger(this.row, lag);
    else this.state?.eventLag?.setWords(this.row, ...integerWords(this.exactLag(eventMicros)));
  }

  private mend(eventMicros: number): void {
    const { state, row, other } = this;
    if (state === undefined) return;
    const sentTime = nanosOf(this.sentTime);
    const sentOther = other === undefined ? undefined : nanosOf(this.sentOther);
    const sent = { time: sentTime, other: sentOther };
    const { time, other: meantOther } = meantTimes(sent, eventMicros);
    splitNanos(time, this.sentTime);
    this.micros = microsOf(this.sentTime);
    state.time.set(row, this.sentTime);
    const asSent: [name: string, json: string][] = [];
    if (time !== sentTime) {
      asSent.push([namesOfTime[state.endTime === undefined ? "other" : "span"], `"${sentTime}"`]);
    }
    if (other !== undefined && sentOther !== undefined && meantOther !== undefined) {
      splitNanos(meantOther, this.sentOther);
      if (other === "observed") state.setLag(row, this.sentOther);
      else this.columnsOf(other)?.set(row, this.sentOther);
      // An observed time is stored as its distance to the time.
      const isKept = other !== "observed" || fitsInteger(sentOther - time);
      if (meantOther !== sentOther || !isKept) {
        asSent.push([namesOfOthers[other], `"${sentOther}"`]);
      }
    }
    this.keepAsSent(asSent);
  }

  /** Adds what was sent to the other fields of the row, where they do not say so already. */
  private keepAsSent(asSent: readonly (readonly [name: string, json: string])[]): void {
    const column = this.state?.texts.other_fields;
    const code = column?.codes[this.row] ?? 0;
    const own: object = code === 0 ? {} : JSON.parse(this.dictionary.text(code));
    const more = asSent.filter(([name]) => !Object.hasOwn(own, name));
    if (column === undefined || more.length === 0) return;
    const json = objectJson(more);
    const text = code === 0 ? json : `${this.dictionary.text(code).slice(0, -1)},${json.slice(1)}`;
    const lanes = hashString(SEED_AS_SENT, text);
    column.setCode(
      this.row,
      this.dictionary.internText(lanes, () => text),
    );
  }

  private columnsOf(name: "start" | "end"): TimeColumns | undefined {
    return name === "start" ? this.state?.startTime : this.state?.endTime;
  }

  private exactLag(eventMicros: number): bigint {
    return nanosOf(this.sentTime) / 1000n - BigInt(eventMicros);
  }
}

function microsOf(time: NanoTime): number {
  return time.high * WORD + (time.low >>> 0);
}

function nanosOf(time: NanoTime): bigint {
  return ((BigInt(time.high) << 32n) + BigInt(time.low >>> 0)) * 1000n + BigInt(time.nanos);
}

function copy(from: NanoTime, to: NanoTime): void {
  to.low = from.low;
  to.high = from.high;
  to.nanos = from.nanos;
}

function fitsInteger(value: bigint): boolean {
  return value === BigInt.asIntN(64, value);
}
