import type { NanoTime, RecordText } from "../otlp/sink.ts";
import type { RecordTable } from "./columns.ts";
import type { InheritedText, ResourceContext, ScopeContext } from "./contexts.ts";
import type { Dictionary } from "./dictionary.ts";
import type { Lanes } from "./hash.ts";
import { SlotTable } from "./slots.ts";
import { type ColumnBuffer, TableBuffer } from "./table-buffer.ts";
import { integerWords } from "./values.ts";

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
  readonly value: ColumnBuffer | undefined;
  readonly valueInt: ColumnBuffer | undefined;
  readonly costExact: ColumnBuffer | undefined;
  readonly texts: Readonly<Partial<Record<RecordText, ColumnBuffer>>>;
  private readonly named: Readonly<Partial<Record<string, ColumnBuffer>>>;
  private readonly lag: ColumnBuffer | undefined;
  /** The resource entry each uncommitted row belongs to. */
  private entries: Int32Array = new Int32Array(1024);
  private committed = 0;
  private fills: Map<string, Fills> = new Map();
  private lastKey: ResourceContext | undefined;
  private lastScope: ScopeContext | undefined;
  private lastFills: Fills | undefined;

  constructor(table: RecordTable) {
    this.buffer = new TableBuffer(table);
    this.slots = new SlotTable(this.buffer);
    const columns = new Map(this.buffer.columns.map((each) => [each.column.name, each]));
    this.id = this.buffer.column("record_id");
    this.attributes = this.buffer.column("attributes");
    this.tags = this.buffer.column("tags");
    this.eventName = columns.get("event_name");
    this.value = columns.get("value");
    this.valueInt = columns.get("value_int");
    this.costExact = columns.get("cost_usd_exact");
    this.lag = columns.get("observed_lag_ns");
    this.texts = Object.fromEntries(columns) as Partial<Record<RecordText, ColumnBuffer>>;
    this.named = Object.fromEntries(columns);
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
    const { words } = this.id;
    words[row * 4] = content.a;
    words[row * 4 + 1] = content.b;
    words[row * 4 + 2] = content.c;
    words[row * 4 + 3] = content.d;
    this.id.used = true;
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
    const { words } = this.id;
    const dropped: number[] = [];
    for (let row = this.committed; row < this.buffer.rows; row++) {
      content.a = words[row * 4] as number;
      content.b = words[row * 4 + 1] as number;
      content.c = words[row * 4 + 2] as number;
      content.d = words[row * 4 + 3] as number;
      const place = number(content, this.entries[row - this.committed] as number);
      if (place < 0) dropped.push(row);
      content.absorb(place, 0, 0, 0).finish();
      words[row * 4] = content.a;
      words[row * 4 + 1] = content.b;
      words[row * 4 + 2] = content.c;
      words[row * 4 + 3] = content.d;
    }
    for (const row of dropped.reverse()) this.buffer.remove(row);
    this.committed = this.buffer.rows;
    return dropped.length;
  }

  /** Gives the row what its resource and scope tell, where it has nothing of its own. */
  inherit(row: number, resource: ResourceContext, scope: ScopeContext, words: Dictionary): void {
    const fills = this.fillsOf(resource, scope, words);
    for (const { buffer, code } of fills.always) buffer.setCode(row, code);
    for (const { buffer, code } of fills.whereNull) {
      if (buffer.codes[row] === 0) buffer.setCode(row, code);
    }
  }

  /** Sets a time column and its nanoseconds. */
  setTime(name: string, row: number, time: NanoTime): void {
    this.named[name]?.setWords(row, time.low, time.high);
    this.named[`${name}_nanos`]?.setInteger(row, time.nanos);
  }

  /** Sets how long after its time a record was observed; beyond 64 bits of nanoseconds it wraps around. */
  setLag(row: number, observed: NanoTime): void {
    const time = this.named["time"];
    const nanos = this.named["time_nanos"];
    if (this.lag === undefined || time === undefined || nanos === undefined) return;
    const low = time.words[row * 2] as number;
    const high = time.words[row * 2 + 1] as number;
    const apart = (observed.high - high) * WORD + ((observed.low >>> 0) - (low >>> 0));
    const lag = apart * 1000 + observed.nanos - (nanos.words[row * 2] as number);
    if (Number.isSafeInteger(lag)) this.lag.setInteger(row, lag);
    else this.lag.setWords(row, ...integerWords(BigInt(apart) * 1000n + BigInt(lag - apart * 1000)));
  }

  /** Forgets all rows, and the codes of the dictionary that goes with them. */
  reset(): void {
    this.buffer.reset();
    this.committed = 0;
    this.fills.clear();
    this.lastKey = undefined;
    this.slots.forgetTexts();
  }

  private fillsOf(resource: ResourceContext, scope: ScopeContext, words: Dictionary): Fills {
    if (resource === this.lastKey && scope === this.lastScope && this.lastFills !== undefined) {
      return this.lastFills;
    }
    const key = resource.id + scope.id;
    let fills = this.fills.get(key);
    if (fills === undefined) {
      const ids = [
        { column: "resource_id", text: resource.id, lanes: resource.lanes },
        { column: "scope_id", text: scope.id, lanes: scope.lanes },
      ];
      fills = {
        always: [...ids, ...resource.own].flatMap((each) => this.fill(each, words)),
        whereNull: resource.inherited.flatMap((each) => this.fill(each, words)),
      };
      this.fills.set(key, fills);
    }
    this.lastKey = resource;
    this.lastScope = scope;
    this.lastFills = fills;
    return fills;
  }

  private fill({ column, text, lanes }: InheritedText, words: Dictionary): readonly Fill[] {
    const buffer = this.named[column];
    return buffer === undefined ? [] : [{ buffer, code: words.internText(lanes, () => text) }];
  }
}
