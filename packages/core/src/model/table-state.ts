import type { NanoTime, RecordText } from "../otlp/sink.ts";
import type { RecordTable } from "./columns.ts";
import {
  type InheritedText,
  keyLanes,
  type ResourceContext,
  type ScopeContext,
} from "./contexts.ts";
import { DerivedColumn } from "./derived-column.ts";
import type { Dictionary } from "./dictionary.ts";
import { Lanes } from "./hash.ts";
import { CostColumn } from "./request-cost.ts";
import { SlotTable } from "./slots.ts";
import { type ColumnBuffer, TableBuffer } from "./table-buffer.ts";
import { hashValue, integerWords } from "./values.ts";

const WORD = 4294967296;

/** A column and the code it is to be given. */
interface Fill {
  readonly buffer: ColumnBuffer;
  readonly code: number;
}

/** What the records of one resource and scope have in common, with this batch's codes. */
interface Fills {
  readonly always: readonly Fill[];
  readonly whereNull: readonly Fill[];
}

/** A time column with the nanoseconds that its microseconds leave over. */
export class TimeColumns {
  private readonly micros: ColumnBuffer;
  private readonly nanos: ColumnBuffer;

  constructor(micros: ColumnBuffer, nanos: ColumnBuffer) {
    this.micros = micros;
    this.nanos = nanos;
  }

  /** Sets the time of a row. */
  set(row: number, time: NanoTime): void {
    this.micros.setWords(row, time.low, time.high);
    this.nanos.setWords(row, time.nanos, 0);
  }

  /** Microseconds from the time of a row to another time; rounded beyond 2^53. */
  microsBefore(row: number, other: NanoTime): number {
    const low = this.micros.words[row * 2] as number;
    const high = this.micros.words[row * 2 + 1] as number;
    return (other.high - high) * WORD + ((other.low >>> 0) - (low >>> 0));
  }

  /** The same, exact whatever the times. */
  exactMicrosBefore(row: number, other: NanoTime): bigint {
    const low = this.micros.words[row * 2] as number;
    const high = this.micros.words[row * 2 + 1] as number;
    return (BigInt(other.high - high) << 32n) + BigInt((other.low >>> 0) - (low >>> 0));
  }

  /** Nanoseconds of a row's time below the microsecond. */
  nanosAt(row: number): number {
    return this.nanos.words[row * 2] as number;
  }
}

/** One record table while it is written: its rows, its slots, its columns by meaning. */
export class TableState {
  readonly buffer: TableBuffer;
  readonly slots: SlotTable;
  /** Number of the record being written. */
  serial = 0;
  readonly id: ColumnBuffer;
  readonly attributes: ColumnBuffer;
  readonly tags: ColumnBuffer;
  readonly eventName: ColumnBuffer | undefined;
  readonly eventLag: ColumnBuffer | undefined;
  readonly value: ColumnBuffer | undefined;
  readonly valueInt: ColumnBuffer | undefined;
  readonly costExact: ColumnBuffer | undefined;
  readonly texts: Readonly<Partial<Record<RecordText, ColumnBuffer>>>;
  private readonly named: ReadonlyMap<string, ColumnBuffer>;
  readonly time: TimeColumns;
  readonly startTime: TimeColumns | undefined;
  readonly endTime: TimeColumns | undefined;
  private readonly lag: ColumnBuffer | undefined;
  private readonly derived: readonly DerivedColumn[];
  private readonly cost: CostColumn | undefined;
  /** The resource entry each uncommitted row belongs to. */
  private entries: Int32Array = new Int32Array(1024);
  private committed = 0;
  private readonly fills: Map<ResourceContext, Map<ScopeContext, Fills>> = new Map();
  private lastKey: ResourceContext | undefined;
  private lastScope: ScopeContext | undefined;
  private lastFills: Fills | undefined;

  constructor(table: RecordTable, rows: number) {
    this.buffer = new TableBuffer(table, rows);
    this.slots = new SlotTable(this.buffer);
    const columns = new Map(this.buffer.columns.map((each) => [each.column.name, each]));
    this.id = this.buffer.column("record_id");
    this.attributes = this.buffer.column("attributes");
    this.tags = this.buffer.column("tags");
    this.eventName = columns.get("event_name");
    this.eventLag = columns.get("event_lag_us");
    this.value = columns.get("value");
    this.valueInt = columns.get("value_int");
    this.costExact = columns.get("cost_usd_exact");
    this.lag = columns.get("observed_lag_ns");
    this.texts = Object.fromEntries(columns) as Partial<Record<RecordText, ColumnBuffer>>;
    this.named = columns;
    this.cost = costColumn(columns);
    this.time = new TimeColumns(this.buffer.column("time"), this.buffer.column("time_nanos"));
    this.startTime = timeColumns(columns, "start_time");
    this.endTime = timeColumns(columns, "end_time");
    this.derived = this.buffer.columns.flatMap((target) => {
      const { derived } = target.column;
      if (derived === undefined) return [];
      return [new DerivedColumn(this.buffer.column(derived.from), target, derived.of)];
    });
  }

  /** Number of rows before the line being written. */
  get firstUncommitted(): number {
    return this.committed;
  }

  /** Begins a row and gives its number. */
  begin(): number {
    this.buffer.reserve();
    return this.buffer.rows;
  }

  /** Ends the row: keeps the hash of its content and its entry for the commit. */
  end(content: Lanes, entry: number): void {
    const row = this.buffer.rows++;
    this.id.writeLanes(row, content);
    const at = row - this.committed;
    if (at >= this.entries.length) {
      const larger = new Int32Array(this.entries.length * 2);
      larger.set(this.entries);
      this.entries = larger;
    }
    this.entries[at] = entry;
  }

  /** Takes back the row that was begun. */
  abandon(): void {
    this.buffer.rollback(this.buffer.rows);
  }

  /** Takes back all rows since the last commit. */
  rollback(): void {
    if (this.buffer.rows > this.committed) this.buffer.rollback(this.committed);
  }

  /** Makes the rows since the last commit final: `number` gives a row's place among its equals, or -1 to drop it. */
  commit(content: Lanes, number: (content: Lanes, entry: number) => number): number {
    const dropped: number[] = [];
    for (let row = this.committed; row < this.buffer.rows; row++) {
      this.id.readLanes(row, content);
      const place = number(content, this.entries[row - this.committed] as number);
      if (place < 0) dropped.push(row);
      this.id.writeLanes(row, content.absorb(place, 0, 0, 0).finish());
    }
    for (const row of dropped.reverse()) this.buffer.remove(row);
    this.committed = this.buffer.rows;
    return dropped.length;
  }

  /** Fills the row from its resource and scope where it has no value of its own. */
  inherit(row: number, resource: ResourceContext, scope: ScopeContext, words: Dictionary): void {
    const fills = this.fillsOf(resource, scope, words);
    for (const { buffer, code } of fills.always) buffer.setCode(row, code);
    for (const { buffer, code } of fills.whereNull) {
      if (buffer.codes[row] === 0) buffer.setCode(row, code);
    }
  }

  /** Gives the row a text for a column that is still NULL. */
  standIn(row: number, column: string, text: string, words: Dictionary): void {
    const buffer = this.named.get(column);
    if (buffer === undefined || buffer.codes[row] !== 0) return;
    const value = { kind: "text", text } as const;
    buffer.setCode(
      row,
      words.internText(hashValue(new Lanes(), keyLanes(column), value), () => text),
    );
  }

  /** Gives the row what follows from its other columns, when those are all set. */
  derive(row: number, words: Dictionary): void {
    for (const column of this.derived) column.set(row, words);
    this.cost?.set(row);
  }

  /** Sets how long after its time a record was observed; beyond 64 bits of nanoseconds it wraps around. */
  setLag(row: number, observed: NanoTime): void {
    const { lag, time } = this;
    if (lag === undefined) return;
    const nanos = observed.nanos - time.nanosAt(row);
    const value = time.microsBefore(row, observed) * 1000 + nanos;
    if (Number.isSafeInteger(value)) {
      lag.setInteger(row, value);
    } else {
      const apart = time.exactMicrosBefore(row, observed);
      lag.setWords(row, ...integerWords(apart * 1000n + BigInt(nanos)));
    }
  }

  /** Forgets all rows, and the codes of the dictionary that goes with them. */
  reset(): void {
    this.buffer.reset();
    this.committed = 0;
    this.fills.clear();
    this.lastKey = undefined;
    this.slots.forgetTexts();
    for (const column of this.derived) column.forgetTexts();
  }

  private fillsOf(resource: ResourceContext, scope: ScopeContext, words: Dictionary): Fills {
    if (resource === this.lastKey && scope === this.lastScope && this.lastFills !== undefined) {
      return this.lastFills;
    }
    let ofScopes = this.fills.get(resource);
    if (ofScopes === undefined) {
      ofScopes = new Map();
      this.fills.set(resource, ofScopes);
    }
    let fills = ofScopes.get(scope);
    if (fills === undefined) {
      const ids = [
        { column: "resource_id", text: resource.id, lanes: resource.lanes },
        { column: "scope_id", text: scope.id, lanes: scope.lanes },
      ];
      fills = {
        always: [...ids, ...resource.own].flatMap((each) => this.fill(each, words)),
        whereNull: resource.inherited.flatMap((each) => this.fill(each, words)),
      };
      ofScopes.set(scope, fills);
    }
    this.lastKey = resource;
    this.lastScope = scope;
    this.lastFills = fills;
    return fills;
  }

  private fill({ column, text, lanes }: InheritedText, words: Dictionary): readonly Fill[] {
    const buffer = this.named.get(column);
    return buffer === undefined ? [] : [{ buffer, code: words.internText(lanes, () => text) }];
  }
}

function costColumn(columns: ReadonlyMap<string, ColumnBuffer>): CostColumn | undefined {
  const [cost, micros, fromMicros] = [
    columns.get("cost_nano_usd"),
    columns.get("cost_usd_micros"),
    columns.get("cost_from_micros"),
  ];
  if (cost === undefined || micros === undefined || fromMicros === undefined) return undefined;
  return new CostColumn(cost, micros, fromMicros);
}

function timeColumns(
  columns: ReadonlyMap<string, ColumnBuffer>,
  name: string,
): TimeColumns | undefined {
  const micros = columns.get(name);
  const nanos = columns.get(`${name}_nanos`);
  return micros === undefined || nanos === undefined ? undefined : new TimeColumns(micros, nanos);
}
