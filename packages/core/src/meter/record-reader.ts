import { isUtf8 } from "node:buffer";
import { LineDecoder } from "../ingest/line-decoder.ts";
import { batchMarks, recordsOf } from "../live/from-batch.ts";
import type { LiveRecord } from "../live/record.ts";
import { Batch } from "../model/batch.ts";
import { RecordWriter } from "../model/record-writer.ts";
import { marksIn, type StageMark } from "./marks.ts";

const LINE_FEED = 0x0a;
/** Room for the records of a few seconds: more of it takes longer to make than they take to read. */
const FEW_ROWS = 64;
/** Rows after which the memory of earlier lines is given back. */
const MOST_ROWS = 2000;

/** Finds the lines that name a session, and decodes those alone. */
export class RecordReader {
  private readonly sessionId: string;
  private readonly needle: Buffer;
  private found: readonly StageMark[] = [];
  private readonly writer: RecordWriter = new RecordWriter(new Batch(FEW_ROWS));
  private readonly decoder: LineDecoder = new LineDecoder(this.writer);

  constructor(sessionId: string) {
    this.sessionId = sessionId;
    this.needle = Buffer.from(sessionId);
  }

  /** The records of those of some whole lines that name the session; others may be among them. */
  *records(lines: Buffer): Generator<LiveRecord> {
    for (let from = 0; from < lines.length; ) {
      const at = lines.indexOf(this.needle, from);
      if (at < 0) return;
      const start = lines.lastIndexOf(LINE_FEED, at) + 1;
      const end = lines.indexOf(LINE_FEED, at);
      yield* this.decode(lines.subarray(start, end));
      from = end + 1;
    }
  }

  /** The session's marks among the lines that were read since this was asked last. */
  takeMarks(): readonly StageMark[] {
    const { found } = this;
    this.found = [];
    return found;
  }

  private decode(line: Buffer): readonly LiveRecord[] {
    this.found = [...this.found, ...marksIn(line, this.sessionId)];
    const { batch } = this.writer;
    const marks = batchMarks(batch);
    this.decoder.line(line, 0, line.length, 0, isUtf8(line));
    const records = recordsOf(batch, marks);
    if (batch.rows > MOST_ROWS) batch.reset();
    return records;
  }
}
