import { isUtf8 } from "node:buffer";
import type { RecordWriter } from "../model/record-writer.ts";
import { ByteCursor } from "../otlp/byte-cursor.ts";
import { parseExact } from "../otlp/exact-json.ts";
import { type DecodeOutcome, RequestDecoder } from "../otlp/request.ts";
import { Scanner } from "../otlp/scanner.ts";
import { type Rejection, rejection } from "./rejections.ts";

/** How every export request begins that a Collector writes. */
const requestStart = /\{"resource(?:Logs|Metrics|Spans)":\[/g;

/**
 * Decodes lines into a batch. A line as the Collector writes it is scanned;
 * whatever the scanner does not know is parsed as JSON; what is no JSON is
 * searched for whole requests, since a writer that was killed leaves a torn
 * line with the next request glued to it.
 */
export class LineDecoder {
  /** Records taken since `take` was asked last. */
  private records = 0;
  private readonly writer: RecordWriter;
  private readonly decoder: RequestDecoder;
  private readonly scanner: Scanner;
  private readonly cursor: ByteCursor = new ByteCursor();

  constructor(writer: RecordWriter) {
    this.writer = writer;
    this.decoder = new RequestDecoder(writer);
    this.scanner = new Scanner(writer, this.decoder);
  }

  /** The decoder of parsed requests, for sources that are not lines. */
  get requests(): RequestDecoder {
    return this.decoder;
  }

  /** Decodes `bytes[start, end)`, one line without its line feed, at `offset` of its source. Gives what was rejected. */
  line(
    bytes: Buffer,
    start: number,
    end: number,
    offset: number,
    validUtf8: boolean,
  ): readonly Rejection[] {
    const { batch } = this.writer;
    if (validUtf8) {
      const scanned = this.scanner.line(bytes, start, end);
      if (scanned >= 0) {
        batch.commit();
        this.records += scanned;
        return none;
      }
      batch.rollback();
    }
    const line = bytes.subarray(start, end);
    return validUtf8 || isUtf8(line) ? this.text(line, offset) : this.mended(line, offset);
  }

  /** Decodes one line if it is a whole request and nothing is wrong with it; says whether it was. */
  whole(line: Buffer): boolean {
    if (!isUtf8(line)) return false;
    const outcome = this.request(line.toString("utf8"));
    if (outcome === undefined || outcome.rejected > 0) {
      this.writer.batch.rollback();
      return false;
    }
    this.keep(outcome);
    return true;
  }

  /** Decodes a parsed request of a source that is not lines. */
  parsed(request: unknown, bytes: Buffer, offset: number, length: number): readonly Rejection[] {
    const outcome = this.decoder.decode(request);
    this.keep(outcome);
    return outcome.rejected === 0 ? none : [invalid(outcome, bytes, offset, length)];
  }

  /** Keeps the records that were decoded one by one, and says what became of them. */
  keepElements(): DecodeOutcome {
    const outcome = this.decoder.takeOutcome();
    this.keep(outcome);
    return outcome;
  }

  /** Number of records taken since `take` was asked last. */
  get taken(): number {
    return this.records;
  }

  /** Number of records taken since this was asked last. */
  take(): number {
    const { records } = this;
    this.records = 0;
    return records;
  }

  private text(line: Buffer, offset: number): readonly Rejection[] {
    const text = line.toString("utf8");
    if (text.trim() === "") return none;
    const outcome = this.request(text);
    if (outcome === undefined) return this.recover(line, offset);
    this.keep(outcome);
    return outcome.rejected === 0 ? none : [invalid(outcome, line, offset, line.length)];
  }

  /** A line that is no UTF-8: its records are kept with U+FFFD, and the line is told. */
  private mended(line: Buffer, offset: number): readonly Rejection[] {
    const text = line.toString("utf8");
    const outcome = this.request(text);
    if (outcome === undefined) return this.recover(line, offset);
    this.keep(outcome);
    const detail = "bytes that are not UTF-8 were replaced by U+FFFD";
    return [rejection("invalid-utf8", detail, line, offset, { recordsKept: outcome.records })];
  }

  /** Decodes a text into the batch, uncommitted; undefined if it is no JSON. */
  private request(text: string): DecodeOutcome | undefined {
    try {
      const outcome = this.decoder.decode(JSON.parse(text));
      if (!outcome.inexact) return outcome;
      this.writer.batch.rollback();
      return this.decoder.decode(parseExact(text));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return undefined;
    }
  }

  private keep(outcome: DecodeOutcome): void {
    this.writer.batch.commit();
    this.records += outcome.records;
  }

  /** Looks for whole requests in a line that is no JSON. */
  private recover(line: Buffer, offset: number): readonly Rejection[] {
    const text = line.toString("latin1");
    const starts = [...text.matchAll(requestStart)].map((match) => match.index);
    const rejections: Rejection[] = [];
    let found = false;
    let passed = 0;
    // What lies between two whole requests is told as one.
    const passTorn = (to: number): void => {
      const part = line.subarray(passed, to);
      if (part.toString("utf8").trim() !== "") rejections.push(torn(part, offset + passed));
    };
    for (const [at, from] of starts.entries()) {
      const rest = line.subarray(from, starts[at + 1]);
      const part = rest.subarray(0, this.endOfContainer(rest));
      const outcome = this.request(part.toString("utf8"));
      if (outcome === undefined) continue;
      found = true;
      this.keep(outcome);
      passTorn(from);
      passed = from + part.length;
      if (outcome.rejected > 0) rejections.push(invalid(outcome, part, offset + from, part.length));
    }
    passTorn(line.length);
    if (found) return rejections;
    const detail = starts.length > 0 ? "an export request that breaks off" : describe(line);
    return [rejection("not-json", detail, line, offset)];
  }

  /** Where the object that begins here ends, or all of the bytes if it does not. */
  private endOfContainer(bytes: Buffer): number {
    this.cursor.open(bytes, 0, bytes.length);
    const end = this.cursor.skipContainer();
    return end < 0 ? bytes.length : end;
  }
}

const none: readonly Rejection[] = [];

function torn(part: Buffer, offset: number): Rejection {
  return rejection("torn-line", "bytes that are no request, beside one that is", part, offset);
}

function invalid(outcome: DecodeOutcome, bytes: Buffer, offset: number, length: number): Rejection {
  const reason = outcome.records > 0 ? "invalid-record" : "not-otlp";
  const more = outcome.rejected > 1 ? ` (and ${outcome.rejected - 1} more)` : "";
  return rejection(reason, `${outcome.problem ?? "does not fit"}${more}`, bytes, offset, {
    recordsKept: outcome.records,
    length,
  });
}

function describe(line: Buffer): string {
  return /^\s*[[{]/.test(line.toString("latin1", 0, 64))
    ? "JSON that breaks off or is malformed"
    : "no JSON";
}
