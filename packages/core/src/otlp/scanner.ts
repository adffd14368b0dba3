import { ByteCursor, Literal, literal } from "./byte-cursor.ts";
import type { RequestDecoder, SignalName } from "./request.ts";
import { AttributeScanner } from "./scan-attributes.ts";
import type {
  MetricHandle,
  NanoTime,
  RecordKind,
  RecordSink,
  ResourceHandle,
  ScopeHandle,
} from "./sink.ts";

const COMMA = 0x2c;
const QUOTE = 0x22;
const OBJECT_END = 0x7d;
const LIST_END = 0x5d;
const MOST_KNOWN = 4096;
const MOST_RECENT = 8;
/** Longer texts are read anew each time, so that memory stays bounded. */
const MOST_CHARACTERS = 16_384;

const logsStart = literal('{"resourceLogs":[');
const metricsStart = literal('{"resourceMetrics":[');
const resourceStart = literal('{"resource":');
const scopeLogs = literal(',"scopeLogs":[');
const scopeMetrics = literal(',"scopeMetrics":[');
const scopeStart = literal('{"scope":');
const logRecords = literal(',"logRecords":[');
const metrics = literal(',"metrics":[');
const requestEnd = literal("]}");
const logTime = literal('{"timeUnixNano":"');
const observedTime = literal(',"observedTimeUnixNano":"');
const body = literal(',"body":{"stringValue":"');
const attributes = literal(',"attributes":[');
const pointAttributes = literal('{"attributes":[');
const flags = literal(',"flags":');
const traceId = literal(',"traceId":"');
const spanId = literal(',"spanId":"');
const startTime = literal(',"startTimeUnixNano":"');
const pointTime = literal(',"timeUnixNano":"');
const asDouble = literal(',"asDouble":');
const asInt = literal(',"asInt":"');
const dataPoints = literal('"dataPoints":[');
const apiRequest = literal("claude_code.api_request");
/** A metric in which the list of points might come twice, so that the first does not count. */
const repeatsPoints = /\\|data_points|dataPoints.*dataPoints/s;

/** What texts stand for. The latest of them are known by their bytes, without making a string. */
class KnownTexts<T> {
  private readonly byText: Map<string, T> = new Map();
  private readonly recent: { readonly bytes: Literal; readonly value: T }[] = [];
  private next = 0;

  /** Passes a text that was met lately; gives what it stands for. */
  take(cursor: ByteCursor): T | undefined {
    for (const { bytes, value } of this.recent) if (cursor.take(bytes)) return value;
    return undefined;
  }

  /** What a text stands for. */
  get(text: string): T | undefined {
    return this.byText.get(text);
  }

  /** Keeps what a text stands for, and counts it among the latest. */
  keep(text: string, value: T, bytes: Uint8Array): void {
    if (this.byText.size >= MOST_KNOWN) this.byText.clear();
    if (text.length <= MOST_CHARACTERS) this.byText.set(text, value);
    this.recent[this.next] = { bytes: new Literal(new Uint8Array(bytes)), value };
    this.next = (this.next + 1) % MOST_RECENT;
  }
}

/** The containers of one signal. */
interface Shape {
  readonly signal: SignalName;
  readonly scopes: Literal;
  readonly records: Literal;
}

const logShape: Shape = { signal: "logs", scopes: scopeLogs, records: logRecords };
const metricShape: Shape = { signal: "metrics", scopes: scopeMetrics, records: metrics };

/**
 * Scans lines in the very form in which the Collector writes them, without
 * parsing them as JSON: attributes that repeat are only compared. It gives up
 * at whatever has another form, so that only the general decoder decides what
 * unusual input means; what both accept, both write alike.
 */
export class Scanner {
  private readonly sink: RecordSink;
  private readonly decoder: RequestDecoder;
  private readonly cursor: ByteCursor = new ByteCursor();
  private readonly scanners: Readonly<Record<RecordKind, AttributeScanner>>;
  private readonly resources: KnownTexts<ResourceHandle> = new KnownTexts();
  private readonly scopes: KnownTexts<ScopeHandle> = new KnownTexts();
  private readonly metrics: Map<string, MetricHandle> = new Map();
  private readonly time: NanoTime = { low: 0, high: 0, nanos: 0 };
  private readonly otherTime: NanoTime = { low: 0, high: 0, nanos: 0 };
  private records = 0;

  constructor(sink: RecordSink, decoder: RequestDecoder) {
    this.sink = sink;
    this.decoder = decoder;
    const scanner = (): AttributeScanner => new AttributeScanner(this.cursor, sink);
    this.scanners = {
      api_request: scanner(),
      other_log: scanner(),
      point: scanner(),
      span: scanner(),
    };
  }

  /** Scans a line of valid UTF-8. Gives the number of its records, or -1 if it must be parsed; then what was written must be taken back. */
  line(bytes: Buffer, start: number, end: number): number {
    const { cursor } = this;
    cursor.open(bytes, start, bytes[end - 1] === 0x0d ? end - 1 : end);
    this.records = 0;
    const shape = cursor.take(logsStart)
      ? logShape
      : cursor.take(metricsStart)
        ? metricShape
        : undefined;
    if (shape === undefined) return -1;
    do {
      if (!this.entry(shape)) return -1;
    } while (cursor.takeByte(COMMA));
    return cursor.take(requestEnd) && cursor.at === cursor.end ? this.records : -1;
  }

  private entry(shape: Shape): boolean {
    const { cursor, sink } = this;
    if (!cursor.take(resourceStart)) return false;
    const resource = this.context(this.resources, (parsed) =>
      this.exact(this.decoder.openResource(parsed, undefined)),
    );
    if (resource === undefined || !cursor.take(shape.scopes)) return false;
    sink.beginEntry(resource);
    do {
      if (!this.scope(shape)) return false;
    } while (cursor.takeByte(COMMA));
    return cursor.takeByte(LIST_END) && cursor.takeByte(OBJECT_END);
  }

  private scope(shape: Shape): boolean {
    const { cursor, sink } = this;
    if (!cursor.take(scopeStart)) return false;
    const scope = this.context(this.scopes, (parsed) =>
      this.exact(this.decoder.openScope(parsed, undefined)),
    );
    if (scope === undefined || !cursor.take(shape.records)) return false;
    sink.useScope(scope);
    do {
      const start = cursor.at;
      const scanned = shape === logShape ? this.logRecord() : this.metric();
      if (!scanned && !this.parse(shape.signal, start)) return false;
    } while (cursor.takeByte(COMMA));
    return cursor.takeByte(LIST_END) && cursor.takeByte(OBJECT_END);
  }

  /** A resource or scope: taken in once, known again by its bytes. */
  private context<T>(
    known: KnownTexts<T>,
    open: (parsed: unknown) => T | undefined,
  ): T | undefined {
    const { cursor } = this;
    const start = cursor.at;
    const recent = known.take(cursor);
    if (recent !== undefined) return recent;
    const end = cursor.skipContainer();
    if (end < 0) return undefined;
    const text = cursor.text(start, end);
    let found = known.get(text);
    if (found === undefined) {
      const parsed = tryParse(text);
      found = parsed === undefined ? undefined : open(parsed);
    }
    if (found !== undefined) known.keep(text, found, cursor.bytes.subarray(start, end));
    return found;
  }

  /** What was taken in, unless it must be read again exactly. */
  private exact<T>(opened: T | undefined): T | undefined {
    return this.decoder.takeInexact() ? undefined : opened;
  }

  /** Lets the general decoder read one record. False if it finds anything to tell. */
  private parse(signal: SignalName, start: number): boolean {
    const { cursor, decoder } = this;
    cursor.at = start;
    const end = cursor.skipContainer();
    if (end < 0) return false;
    const parsed = tryParse(cursor.text(start, end));
    if (parsed === undefined) return false;
    decoder.element(signal, parsed, "");
    const outcome = decoder.takeOutcome();
    this.records += outcome.records;
    return outcome.rejected === 0 && !outcome.inexact;
  }

  private logRecord(): boolean {
    const { cursor, sink, time, otherTime } = this;
    if (!cursor.take(logTime) || !cursor.nanoTime(time)) return false;
    if (!cursor.take(observedTime) || !cursor.nanoTime(otherTime)) return false;
    if (!cursor.take(body)) return false;
    const bodyStart = cursor.at;
    const bodyEnd = cursor.plainString();
    if (bodyEnd < 0 || !cursor.takeByte(OBJECT_END) || !cursor.take(attributes)) return false;
    const kind = this.kindOf(bodyStart, bodyEnd);
    sink.beginRecord(kind);
    sink.time(time);
    sink.observedTime(otherTime);
    sink.textBytes("body", cursor.bytes, bodyStart, bodyEnd);
    if (this.scanners[kind].list() && sink.kindFits() && this.logEnd()) {
      sink.endRecord();
      this.records++;
      return true;
    }
    sink.abandonRecord();
    return false;
  }

  /** What may follow the attributes of a log record: flags and ids of a trace. */
  private logEnd(): boolean {
    const { cursor, sink } = this;
    if (cursor.takeByte(OBJECT_END)) return true;
    let flagged = 0;
    if (cursor.take(flags)) {
      flagged = cursor.integer();
      if (!(flagged > 0 && flagged < 4294967296)) return false;
    }
    if (!this.id(traceId, "trace_id", 32) || !this.id(spanId, "span_id", 16)) return false;
    if (flagged > 0) sink.text("other_fields", `{"flags":${flagged}}`);
    return cursor.takeByte(OBJECT_END);
  }

  private id(name: Literal, field: "trace_id" | "span_id", digits: number): boolean {
    const { cursor } = this;
    if (!cursor.take(name)) return true;
    const start = cursor.at;
    const end = cursor.plainString();
    if (end === start) return true;
    if (end - start !== digits || !isLowerHex(cursor.bytes, start, end)) return false;
    this.sink.textBytes(field, cursor.bytes, start, end);
    return true;
  }

  private metric(): boolean {
    const { cursor, sink } = this;
    const start = cursor.at;
    const head = cursor.bytes.indexOf(dataPoints.bytes, start);
    if (head < 0 || head >= cursor.end) return false;
    const before = this.records;
    sink.beginMetric();
    cursor.at = head + dataPoints.length;
    const headText = cursor.text(start, cursor.at);
    let scanned = this.point();
    while (scanned && cursor.takeByte(COMMA)) scanned = this.point();
    const tail = cursor.at;
    const closed = scanned && cursor.bytes[tail] === LIST_END;
    const end = closed ? cursor.bytes.indexOf("}}", tail, "latin1") + 2 : 1;
    if (end > 1 && end <= cursor.end) {
      const handle = this.metricOf(headText, cursor.text(tail, end));
      if (handle !== undefined) {
        sink.endMetric(handle);
        cursor.at = end;
        return true;
      }
    }
    sink.abandonMetric();
    this.records = before;
    return false;
  }

  /** The metric that a text without its points describes. */
  private metricOf(head: string, tail: string): MetricHandle | undefined {
    const text = head + tail;
    const found = this.metrics.get(text);
    if (found !== undefined) return found;
    const parsed = repeatsPoints.test(text) ? undefined : tryParse(text);
    const opened = parsed === undefined ? undefined : this.exact(this.decoder.openMetric(parsed));
    if (opened === undefined) return undefined;
    if (this.metrics.size >= MOST_KNOWN) this.metrics.clear();
    if (text.length <= MOST_CHARACTERS) this.metrics.set(text, opened);
    return opened;
  }

  private point(): boolean {
    const { cursor, sink, time, otherTime } = this;
    if (!cursor.take(pointAttributes)) return false;
    sink.beginRecord("point");
    if (
      this.scanners.point.list() &&
      cursor.take(startTime) &&
      cursor.nanoTime(otherTime) &&
      cursor.take(pointTime) &&
      cursor.nanoTime(time)
    ) {
      sink.time(time);
      sink.startTime(otherTime);
      if (this.pointValue()) {
        sink.endRecord();
        this.records++;
        return true;
      }
    }
    sink.abandonRecord();
    return false;
  }

  private pointValue(): boolean {
    const { cursor, sink } = this;
    if (cursor.take(asDouble)) {
      const value = cursor.double();
      if (Number.isNaN(value) || !cursor.takeByte(OBJECT_END)) return false;
      sink.doubleValue(value);
      return true;
    }
    if (!cursor.take(asInt)) return false;
    const value = cursor.integer();
    if (Number.isNaN(value) || !cursor.takeByte(QUOTE) || !cursor.takeByte(OBJECT_END))
      return false;
    sink.integerValue(BigInt(value));
    return true;
  }

  private kindOf(start: number, end: number): RecordKind {
    if (end - start !== apiRequest.length) return "other_log";
    const { bytes } = this.cursor;
    for (let i = 0; i < apiRequest.length; i++)
      if (bytes[start + i] !== apiRequest.bytes[i]) return "other_log";
    return "api_request";
  }
}

function isLowerHex(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (!((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66))) return false;
  }
  return true;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
