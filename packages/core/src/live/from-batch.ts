import type { Batch } from "../model/batch.ts";
import type { Dictionary } from "../model/dictionary.ts";
import type { ColumnBuffer, TableBuffer } from "../model/table-buffer.ts";
import { eventRecord, type Row, requestRecord, usageRecord } from "./from-row.ts";
import type { LiveRecord } from "./record.ts";

/** Numbers of rows in the tables that the live state reads. */
export interface RowMarks {
  readonly api_request_logs: number;
  readonly other_logs: number;
  readonly metric_points: number;
}

/** How many rows a batch holds whose lines are committed. */
export function batchMarks(batch: Batch): RowMarks {
  return {
    api_request_logs: batch.state("api_request").firstUncommitted,
    other_logs: batch.state("other_log").firstUncommitted,
    metric_points: batch.state("point").firstUncommitted,
  };
}

/** The committed rows of a batch after some, as live records; points of other metrics are left out. */
export function recordsOf(batch: Batch, since: RowMarks): readonly LiveRecord[] {
  const marks = batchMarks(batch);
  const texts = new Texts(batch.dictionary);
  const records: LiveRecord[] = [];
  const requests = new BatchRow(batch.state("api_request").buffer, texts);
  for (let row = since.api_request_logs; row < marks.api_request_logs; row++) {
    records.push(requestRecord(requests.at(row)));
  }
  const others = new BatchRow(batch.state("other_log").buffer, texts);
  for (let row = since.other_logs; row < marks.other_logs; row++) {
    records.push(eventRecord(others.at(row)));
  }
  const points = new BatchRow(batch.state("point").buffer, texts);
  for (let row = since.metric_points; row < marks.metric_points; row++) {
    const record = usageRecord(points.at(row));
    if (record !== undefined) records.push(record);
  }
  return records;
}

/** The texts of a dictionary, each decoded once. */
class Texts {
  private readonly dictionary: Dictionary;
  private readonly decoded: Map<number, string> = new Map();

  constructor(dictionary: Dictionary) {
    this.dictionary = dictionary;
  }

  of(code: number): string | undefined {
    if (code === 0) return undefined;
    let text = this.decoded.get(code);
    if (text === undefined) {
      text = this.dictionary.text(code);
      this.decoded.set(code, text);
    }
    return text;
  }
}

/** A row of a table that is being written. */
class BatchRow implements Row {
  private readonly buffer: TableBuffer;
  private readonly texts: Texts;
  private readonly columns: Map<string, ColumnBuffer> = new Map();
  private row = 0;

  constructor(buffer: TableBuffer, texts: Texts) {
    this.buffer = buffer;
    this.texts = texts;
  }

  /** Goes to a row. */
  at(row: number): this {
    this.row = row;
    return this;
  }

  get id(): string {
    const { words } = this.column("record_id");
    const at = this.row * 4;
    // The store orders ids as signed numbers, so the highest bit is turned in what it prints.
    const high = (words[at + 3] ?? 0) ^ 0x80000000;
    const hex = [high, words[at + 2], words[at + 1], words[at]].map((word = 0) =>
      (word >>> 0).toString(16).padStart(8, "0"),
    );
    const [a = "", b = "", c = "", d = ""] = hex;
    return `${a}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${d}`;
  }

  text(name: string): string | undefined {
    return this.texts.of(this.column(name).codes[this.row] ?? 0);
  }

  integer(name: string): bigint | undefined {
    return this.column(name).integerAt(this.row);
  }

  double(name: string): number | undefined {
    const column = this.column(name);
    return column.codes[this.row] === 1 ? column.doubles[this.row] : undefined;
  }

  truth(name: string): boolean | undefined {
    const code = this.column(name).codes[this.row] ?? 0;
    return code === 0 ? undefined : code === 2;
  }

  private column(name: string): ColumnBuffer {
    let column = this.columns.get(name);
    if (column === undefined) {
      column = this.buffer.column(name);
      this.columns.set(name, column);
    }
    return column;
  }
}
