import { isUtf8 } from "node:buffer";
import { isNamedText, isOwnExport, nameJson, nameText, wrappedText } from "../model/other-forms.ts";
import type { RecordWriter } from "../model/record-writer.ts";
import { parseExact } from "../otlp/json/exact-json.ts";
import { isObject } from "../otlp/json/read.ts";
import { type DecodeOutcome, RequestDecoder } from "../otlp/json/request.ts";
import { ByteCursor } from "../otlp/scan/byte-cursor.ts";
import { Scanner } from "../otlp/scan/scanner.ts";
import { detectUtf16 } from "../source/codec/utf16.ts";
import { jsonInCells } from "./lines/csv-cells.ts";
import {
  hasRequestKey,
  type ReadBody,
  requests,
  wantedWithin,
  withoutEnvelope,
} from "./lines/envelope.ts";
import { flattened } from "./lines/flattened.ts";
import { gluedValues } from "./lines/glued.ts";
import type { ParseJson } from "./lines/prefix.ts";
import { isPrefix, type JsonBehind, jsonBehind } from "./lines/prefix.ts";
import { type Rejection, rejection } from "./rejections.ts";

/** How every export request begins, with the blanks that some writers leave. */
const requestStart = /\{\s*"resource_?(?:logs|metrics|spans)"\s*:\s*\[/gi;
/** How a Collector begins one. */
const PLAIN_START = '{"resource';
const OBJECT_START = 0x7b;

/**
 * Decodes lines into a batch. A line as the Collector writes it is scanned;
 * whatever the scanner does not know is parsed as JSON, and requests are looked
 * for within it and behind a prefix; what is no JSON is searched for whole
 * requests, since a writer that was killed leaves a torn line with the next
 * request glued to it.
 */
export class LineDecoder {
  /** Records taken since `take` was asked last. */
  private records = 0;
  /** Where the last line in UTF-16 among lines in UTF-8 ended. */
  private utf16End = -1;
  private readonly writer: RecordWriter;
  private readonly decoder: RequestDecoder;
  private readonly scanner: Scanner;
  private readonly cursor: ByteCursor = new ByteCursor();
  private readonly readBody: ReadBody | undefined;

  /** `readBody` reads what stands in lines as base64; without it that is passed over. */
  constructor(writer: RecordWriter, readBody?: ReadBody) {
    this.writer = writer;
    this.decoder = new RequestDecoder(writer);
    this.scanner = new Scanner(writer, this.decoder);
    this.readBody = readBody;
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
    if (validUtf8 && this.scan(bytes, start, end)) return none;
    const line = bytes.subarray(start, end);
    if (line[1] === 0 && detectUtf16(line) === "utf16le") {
      this.utf16End = offset + line.length;
      return this.text(Buffer.from(line.toString("utf16le")), offset);
    }
    return validUtf8 || isUtf8(line) ? this.text(line, offset) : this.mended(line, offset);
  }

  /** Whether a NUL is the second half of the line feed of a line in UTF-16, as `>>` of PowerShell appends it. */
  endsUtf16(offset: number, length: number): boolean {
    return length === 1 && offset === this.utf16End + 1;
  }

  /** Decodes one line if it holds whole requests and nothing is wrong with it; says whether it was. */
  whole(line: Buffer): boolean {
    if (!isUtf8(line)) return false;
    const outcome = this.requestsIn(line.toString("utf8")).outcome;
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

  /** Scans a request as the Collector writes it; false, and nothing is kept, if it is another line. */
  private scan(bytes: Buffer, start: number, end: number): boolean {
    const { batch } = this.writer;
    const scanned = this.scanner.line(bytes, start, end);
    if (scanned < 0) {
      batch.rollback();
      return false;
    }
    batch.commit();
    this.records += scanned;
    return true;
  }

  private text(line: Buffer, offset: number): readonly Rejection[] {
    if (line[0] !== OBJECT_START && this.scanBehindPrefix(line)) return none;
    const text = line.toString("utf8");
    if (text.trim() === "") return none;
    const { value, behindPrefix, outcome } = this.requestsIn(text);
    if (outcome !== undefined) {
      this.keep(outcome);
      return outcome.rejected === 0 ? none : [invalid(outcome, line, offset, line.length)];
    }
    if (value === undefined) return this.glued(line, offset) ?? this.recover(line, offset);
    // An empty list, as some programs end a stream with, holds nothing to report.
    if (Array.isArray(value) && value.length === 0) return none;
    const printed = behindPrefix ? text : wrappedText(value);
    if (printed !== undefined) return [rejection("other-text", nameText(printed), line, offset)];
    return [rejection("not-otlp", nameJson(value), line, offset)];
  }

  /** Decodes the values of JSON that are glued together to a line; undefined for another line. */
  private glued(line: Buffer, offset: number): readonly Rejection[] | undefined {
    const values = gluedValues(line);
    const isOne = values?.[0]?.end === line.length && values[0].start === 0;
    if (values === undefined || isOne) return undefined;
    return values.flatMap(({ start, end }) =>
      this.line(line, start, end, offset + start, isUtf8(line.subarray(start, end))),
    );
  }

  /** Scans a prefix with a request as the Collector writes it behind it; false if it is another line. */
  private scanBehindPrefix(line: Buffer): boolean {
    const at = line.indexOf(PLAIN_START);
    return at > 0 && isPrefix(line.toString("latin1", 0, at)) && this.scan(line, at, line.length);
  }

  /** A line that is no UTF-8: its records are kept with U+FFFD, and the line is reported. */
  private mended(line: Buffer, offset: number): readonly Rejection[] {
    const { outcome } = this.requestsIn(line.toString("utf8"));
    if (outcome === undefined) return this.glued(line, offset) ?? this.recover(line, offset);
    this.keep(outcome);
    const detail = "bytes that are not UTF-8 were replaced by U+FFFD";
    return [rejection("invalid-utf8", detail, line, offset, { recordsKept: outcome.records })];
  }

  /** Decodes the requests in a text into the batch, uncommitted. */
  private requestsIn(text: string): TextContent {
    const read = (parse: ParseJson): TextContent => {
      const json = parsed(text, parse) ?? jsonBehind(text, parse) ?? inCells(text, parse);
      if (json === undefined) return nothing;
      const found = this.wantedIn(json.value, parse);
      const outcome = found === undefined ? undefined : this.decoder.decode(found);
      return { value: json.value, behindPrefix: json.start > 0, outcome };
    };
    const content = read(JSON.parse);
    if (content.outcome?.inexact !== true) return content;
    this.writer.batch.rollback();
    return read(parseExact);
  }

  /** A request or several, as a value is one or holds them; undefined where it does not. */
  private wantedIn(value: unknown, parse: ParseJson): unknown {
    if (isObject(value)) {
      if (hasRequestKey(value)) return withoutEnvelope(value);
      if (Object.keys(value).length === 0) return value;
    }
    // A list of lists is nobody's envelope.
    if (Array.isArray(value) && value.some((each) => hasRequestKey(each) || Array.isArray(each))) {
      return value.some(hasRequestKey) ? value : undefined;
    }
    const first: unknown = Array.isArray(value) ? value[0] : value;
    // Its events are those of the files it came from.
    if (isObject(first) && isOwnExport(first)) return undefined;
    for (const wanted of [requests, flattened]) {
      const found = wantedWithin(value, parse, wanted, this.readBody);
      if (found.length > 0) return found;
    }
    return undefined;
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
    // Everything between two complete requests is reported as one rejection.
    const passTorn = (to: number): void => {
      const part = line.subarray(passed, to);
      const isTorn = passed > 0 || !isPrefix(part.toString("latin1"));
      if (isTorn && part.toString("utf8").trim() !== "")
        rejections.push(torn(part, offset + passed));
    };
    for (const [at, from] of starts.entries()) {
      const rest = line.subarray(from, starts[at + 1]);
      const part = rest.subarray(0, this.endOfContainer(rest));
      const { outcome } = this.requestsIn(part.toString("utf8"));
      if (outcome === undefined) continue;
      found = true;
      this.keep(outcome);
      passTorn(from);
      passed = from + part.length;
      if (outcome.rejected > 0) rejections.push(invalid(outcome, part, offset + from, part.length));
    }
    if (found) {
      passTorn(line.length);
      return rejections;
    }
    if (starts.length > 0) {
      return [rejection("not-json", "an export request that breaks off", line, offset)];
    }
    const detail = "JSON that breaks off or is malformed";
    const shown = line.toString("utf8");
    return [
      isPieceOfJson(text) && !isNamedText(shown)
        ? rejection("not-json", detail, line, offset)
        : rejection("other-text", nameText(shown), line, offset),
    ];
  }

  /** Where the object that begins here ends, or all of the bytes if it does not. */
  private endOfContainer(bytes: Buffer): number {
    this.cursor.open(bytes, 0, bytes.length);
    const end = this.cursor.skipContainer();
    return end < 0 ? bytes.length : end;
  }
}

/** What a text is. */
interface TextContent {
  /** The JSON in it; undefined where there is none. */
  readonly value?: unknown;
  readonly behindPrefix?: boolean;
  /** What became of its requests; undefined where it has none. */
  readonly outcome?: DecodeOutcome | undefined;
}

const nothing: TextContent = {};
const none: readonly Rejection[] = [];

function parsed(text: string, parse: ParseJson): { value: unknown; start: 0 } | undefined {
  try {
    return { value: parse(text), start: 0 };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function inCells(text: string, parse: ParseJson): JsonBehind | undefined {
  const value = jsonInCells(text, parse);
  return value.length === 0 ? undefined : { value, start: 1 };
}

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

/** Whether a line that is no JSON begins or ends like it, so that the rest of it is missing. */
function isPieceOfJson(text: string): boolean {
  return (
    /^\s*(?:\{\s*"|\[\s*[[{])/.test(text) || (/[}\]],?\s*$/.test(text) && /"\s*[:,}\]]/.test(text))
  );
}
