import { isUtf8 } from "node:buffer";
import { LineDecoder } from "../ingest/line-decoder.ts";
import { PartJoiner } from "../ingest/lines/part-joiner.ts";
import { batchMarks, recordsOf } from "../live/from-batch.ts";
import type { LiveRecord } from "../live/record.ts";
import { Batch } from "../model/batch.ts";
import type { OwnTags } from "../model/own-tags.ts";
import { RecordWriter } from "../model/record-writer.ts";
import { LINE_FEED } from "../source/codec/bytes.ts";
import { isPlain } from "./plain-lines.ts";

/** Room for the records of a few seconds: more of it takes longer to make than they take to read. */
const FEW_ROWS = 64;
/** Rows after which the memory of earlier lines is given back. */
const MOST_ROWS = 2000;

/** Finds the lines that name a session, and decodes those alone. */
export class RecordReader {
  private readonly needle: Buffer;
  /** Puts lines together that stand in parts in the file that is read. */
  private readonly joiner: PartJoiner = new PartJoiner((bytes, start, end) => {
    const line = bytes.subarray(start, end);
    if (line.includes(this.needle)) this.joined.push(...this.decode(line));
    return [];
  });
  private joined: LiveRecord[] = [];
  private readonly writer: RecordWriter;
  private readonly decoder: LineDecoder;

  constructor(sessionId: string, ownTags: OwnTags = {}) {
    this.writer = new RecordWriter(new Batch(FEW_ROWS), ownTags);
    this.decoder = new LineDecoder(this.writer);
    this.needle = Buffer.from(sessionId);
  }

  /** The records of those of some whole lines that name the session; others may be among them. */
  *records(lines: Buffer): Generator<LiveRecord> {
    if (this.joiner.heldFrom !== undefined || !isPlain(lines)) {
      yield* this.joinedRecords(lines);
      return;
    }
    for (let from = 0; from < lines.length; ) {
      const at = lines.indexOf(this.needle, from);
      if (at < 0) return;
      const start = lines.lastIndexOf(LINE_FEED, at) + 1;
      const end = lines.indexOf(LINE_FEED, at);
      yield* this.decode(lines.subarray(start, end));
      from = end + 1;
    }
  }

  /**
   * Ends a file. Gives how many of its last bytes belong to lines of which parts are missing, and
   * were not read.
   */
  endFile(): number {
    const held = this.joiner.heldBytes().length;
    this.joiner.drop();
    return held;
  }

  /** Line by line, since one of the session may have its name in another part. */
  private joinedRecords(lines: Buffer): readonly LiveRecord[] {
    for (let from = 0; from < lines.length; ) {
      const end = lines.indexOf(LINE_FEED, from);
      this.joiner.line(lines, from, end, 0, false);
      from = end + 1;
    }
    const { joined } = this;
    this.joined = [];
    return joined;
  }

  private decode(line: Buffer): readonly LiveRecord[] {
    const { batch } = this.writer;
    const marks = batchMarks(batch);
    this.decoder.line(line, 0, line.length, 0, isUtf8(line));
    const records = recordsOf(batch, marks);
    if (batch.rows > MOST_ROWS) batch.reset();
    return records;
  }
}
