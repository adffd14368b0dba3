import type { Column } from "./column.ts";
import type { RecordTable } from "./columns.ts";
import type { Lanes } from "./hash.ts";

/** Rows a table has room for at first; many, since most are written in bulk. */
export const INITIAL_ROWS = 4096;

/** NULL of a staged 64-bit integer: the least of them, which no column holds. */
const NULL_HIGH = -2147483648;

/**
 * One staged column. Only the array that the column's kind needs is there:
 * `codes` for text (0 is NULL) and bool (1 false, 2 true), `words` for 64-bit
 * integers, times and money (two words a row, low first) and ids (four words),
 * `doubles` for doubles (no double stands for NULL, so a double column keeps a
 * code beside each value: 0 NULL, 1 set).
 */
export class ColumnBuffer {
  readonly column: Column;
  codes: Uint32Array;
  words: Int32Array;
  doubles: Float64Array;
  /** Whether a row has been set since the last reset. */
  used = false;

  constructor(column: Column, rows: number) {
    this.column = column;
    this.codes = new Uint32Array(0);
    this.words = new Int32Array(0);
    this.doubles = new Float64Array(0);
    this.resize(rows, 0);
  }

  /** Sets a 64-bit integer by its two words. */
  setWords(row: number, low: number, high: number): void {
    this.words[row * 2] = low;
    this.words[row * 2 + 1] = high;
    this.used = true;
  }

  /** Whether a 64-bit integer is NULL. */
  isNull(row: number): boolean {
    return this.words[row * 2 + 1] === NULL_HIGH && this.words[row * 2] === 0;
  }

  /** A 64-bit integer; undefined for NULL. */
  integerAt(row: number): bigint | undefined {
    if (this.isNull(row)) return undefined;
    const [low = 0, high = 0] = [this.words[row * 2], this.words[row * 2 + 1]];
    return (BigInt(high) << 32n) | BigInt(low >>> 0);
  }

  /** Sets a safe integer. */
  setInteger(row: number, value: number): void {
    this.words[row * 2] = value | 0;
    this.words[row * 2 + 1] = Math.floor(value / 4294967296);
    this.used = true;
  }

  /** Reads an id as the lanes of a hash. */
  readLanes(row: number, lanes: Lanes): void {
    const { words } = this;
    const at = row * 4;
    lanes.a = words[at] as number;
    lanes.b = words[at + 1] as number;
    lanes.c = words[at + 2] as number;
    lanes.d = words[at + 3] as number;
  }

  /** Sets an id to the lanes of a hash. */
  writeLanes(row: number, lanes: Lanes): void {
    const { words } = this;
    const at = row * 4;
    words[at] = lanes.a;
    words[at + 1] = lanes.b;
    words[at + 2] = lanes.c;
    words[at + 3] = lanes.d;
    this.used = true;
  }

  /** Sets the code of a text, or of a boolean. */
  setCode(row: number, code: number): void {
    this.codes[row] = code;
    this.used = true;
  }

  /** Sets a double. */
  setDouble(row: number, value: number): void {
    this.doubles[row] = value;
    this.codes[row] = 1;
    this.used = true;
  }

  /** Makes room for `rows` rows; rows from `kept` on are NULL. */
  resize(rows: number, kept: number): void {
    const { kind } = this.column;
    if (kind === "text" || kind === "bool" || kind === "double") {
      const codes = new Uint32Array(rows);
      codes.set(this.codes.subarray(0, kept));
      this.codes = codes;
    }
    if (kind === "double") {
      const doubles = new Float64Array(rows);
      doubles.set(this.doubles.subarray(0, kept));
      this.doubles = doubles;
    }
    if (kind === "id") {
      const words = new Int32Array(rows * 4);
      words.set(this.words.subarray(0, kept * 4));
      this.words = words;
    }
    if (kind === "int" || kind === "money" || kind === "time") {
      const words = new Int32Array(rows * 2);
      words.set(this.words.subarray(0, kept * 2));
      this.words = words;
      this.clear(kept, rows);
    }
  }

  /** Copies the value of one row to another. */
  copy(from: number, to: number): void {
    if (this.codes.length > 0) this.codes[to] = this.codes[from] as number;
    if (this.doubles.length > 0) this.doubles[to] = this.doubles[from] as number;
    const width = this.column.kind === "id" ? 4 : 2;
    if (this.words.length > 0) this.words.copyWithin(to * width, from * width, (from + 1) * width);
  }

  /** Sets the rows `from` to before `to` to NULL. */
  clear(from: number, to: number): void {
    const { kind } = this.column;
    if (kind === "int" || kind === "money" || kind === "time") {
      const { words } = this;
      for (let at = from * 2; at < to * 2; at += 2) {
        words[at] = 0;
        words[at + 1] = NULL_HIGH;
      }
    } else if (kind !== "id") {
      this.codes.fill(0, from, to);
    }
  }
}

/** The staged rows of one record table, column by column. */
export class TableBuffer {
  readonly table: RecordTable;
  readonly columns: readonly ColumnBuffer[];
  /** Number of finished rows; the row being written is the one after them. */
  rows = 0;
  private capacity: number;
  private readonly byName: ReadonlyMap<string, ColumnBuffer>;

  constructor(table: RecordTable, rows: number) {
    this.table = table;
    this.capacity = rows;
    this.columns = table.columns.map((column) => new ColumnBuffer(column, rows));
    this.byName = new Map(this.columns.map((buffer) => [buffer.column.name, buffer]));
  }

  /** The buffer of a column of this table; a name that is not there is a bug. */
  column(name: string): ColumnBuffer {
    const found = this.byName.get(name);
    if (found === undefined) throw new Error(`no column ${name} in ${this.table.name}`);
    return found;
  }

  /** The earliest and the latest time of the rows, of which there is at least one, microseconds. */
  timeSpan(): { readonly first: bigint; readonly last: bigint } {
    const { words } = this.column("time");
    let first = 0;
    let last = 0;
    for (let row = 1; row < this.rows; row++) {
      if (isBefore(words, row, first)) first = row;
      else if (isBefore(words, last, row)) last = row;
    }
    return { first: wordsAt(words, first), last: wordsAt(words, last) };
  }

  /** Makes room for one more row. */
  reserve(): void {
    if (this.rows < this.capacity) return;
    this.capacity *= 2;
    for (const column of this.columns) column.resize(this.capacity, this.rows);
  }

  /** Takes back what was written into the rows from `row` on. */
  rollback(row: number): void {
    const written = Math.min(this.rows + 1, this.capacity);
    for (const column of this.columns) if (column.used) column.clear(row, written);
    this.rows = row;
  }

  /** Takes one finished row out; the last row takes its place. */
  remove(row: number): void {
    const last = this.rows - 1;
    for (const column of this.columns) {
      if (!column.used) continue;
      if (row !== last) column.copy(last, row);
      column.clear(last, last + 1);
    }
    this.rows = last;
  }

  /** Forgets all rows. */
  reset(): void {
    this.rollback(0);
    for (const column of this.columns) column.used = false;
  }
}

/** Whether the 64-bit integer of one row is less than that of another. */
function isBefore(words: Int32Array, row: number, other: number): boolean {
  const high = words[row * 2 + 1] as number;
  const otherHigh = words[other * 2 + 1] as number;
  if (high !== otherHigh) return high < otherHigh;
  return (words[row * 2] as number) >>> 0 < (words[other * 2] as number) >>> 0;
}

function wordsAt(words: Int32Array, row: number): bigint {
  const high = BigInt(words[row * 2 + 1] as number);
  return (high << 32n) | BigInt((words[row * 2] as number) >>> 0);
}
