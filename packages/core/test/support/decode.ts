import { isUtf8 } from "node:buffer";
import { LineDecoder } from "../../src/ingest/line-decoder.ts";
import type { Rejection } from "../../src/ingest/rejections.ts";
import { RecordWriter } from "../../src/model/record-writer.ts";
import { parseExact } from "../../src/otlp/json/exact-json.ts";
import { type DecodeOutcome, RequestDecoder } from "../../src/otlp/json/request.ts";
import { Scanner } from "../../src/otlp/scan/scanner.ts";
import { type PlainRow, takeRows } from "./batch-rows.ts";

/** The general decoder alone: what every other way of reading a request must agree with. */
export class GeneralDecoder {
  private readonly writer: RecordWriter = new RecordWriter();
  private readonly decoder: RequestDecoder = new RequestDecoder(this.writer);

  /** Decodes a JSON text, which must be JSON. */
  text(text: string): DecodeOutcome {
    const outcome = this.decoder.decode(JSON.parse(text));
    if (!outcome.inexact) return this.keep(outcome);
    this.writer.batch.rollback();
    return this.keep(this.decoder.decode(parseExact(text)));
  }

  /** Decodes a parsed request. */
  parsed(request: unknown): DecodeOutcome {
    return this.keep(this.decoder.decode(request));
  }

  /** The rows decoded since this was asked last. */
  take(): PlainRow[] {
    return takeRows(this.writer.batch);
  }

  private keep(outcome: DecodeOutcome): DecodeOutcome {
    this.writer.batch.commit();
    return outcome;
  }
}

/** The scanner alone, without the decoder of lines around it. */
export class ScanningDecoder {
  private readonly writer: RecordWriter = new RecordWriter();
  private readonly scanner: Scanner = new Scanner(this.writer, new RequestDecoder(this.writer));

  /** Scans a line as it would lie in a file. Gives the number of its records, -1 if it was left to the general decoder. */
  line(line: Buffer): number {
    const bytes = Buffer.concat([line, Buffer.from("\n")]);
    const records = this.scanner.line(bytes, 0, line.length);
    if (records < 0) this.writer.batch.rollback();
    else this.writer.batch.commit();
    return records;
  }

  /** The rows scanned since this was asked last. */
  take(): PlainRow[] {
    return takeRows(this.writer.batch);
  }
}

/** The decoder of lines as imports use it: the scanner, and the general decoder where that gives up. */
export class ImportingDecoder {
  private readonly writer: RecordWriter = new RecordWriter();
  private readonly decoder: LineDecoder = new LineDecoder(this.writer);

  /** Decodes all lines of a text; the last one needs no line feed. */
  block(text: Buffer): Rejection[] {
    const rejections: Rejection[] = [];
    const bytes = text.at(-1) === 0x0a ? text : Buffer.concat([text, Buffer.from("\n")]);
    const valid = isUtf8(bytes);
    for (let from = 0; from < bytes.length; ) {
      const to = bytes.indexOf(0x0a, from);
      rejections.push(...this.decoder.line(bytes, from, to, from, valid));
      from = to + 1;
    }
    return rejections;
  }

  /** The rows decoded since this was asked last. */
  take(): PlainRow[] {
    return takeRows(this.writer.batch);
  }
}
