import { tryParse } from "../json/exact-json.ts";
import type { RequestDecoder, SignalName } from "../json/request.ts";
import type { RecordSink, ResourceHandle, ScopeHandle } from "../sink.ts";
import { ByteCursor, Literal, literal, type Spacing } from "./byte-cursor.ts";
import { LogScanner } from "./logs.ts";
import { MetricScanner } from "./metrics.ts";

const OBJECT_START = 0x7b;
const OBJECT_END = 0x7d;
const LIST_END = 0x5d;
const CARRIAGE_RETURN = 0x0d;
const MOST_KNOWN = 4096;
const MOST_RECENT = 8;
/** Longer texts are read again each time, so that memory stays bounded. */
const MOST_CHARACTERS = 16_384;

/**
 * Scans lines as the Collector writes them, without parsing them as JSON:
 * attributes that repeat are only compared. Members may come in any order, and
 * there may be a space after each colon and comma. It gives up at whatever else
 * has another form, so that only the general decoder decides what unusual input
 * means; what both accept, both write alike.
 */
export class Scanner {
  private readonly compact: LineScanner;
  private readonly spaced: LineScanner;

  constructor(sink: RecordSink, decoder: RequestDecoder) {
    this.compact = new LineScanner(sink, decoder, "compact");
    this.spaced = new LineScanner(sink, decoder, "spaced");
  }

  /** Scans a line of valid UTF-8. Gives the number of its records, or -1 if it must be parsed; the caller then discards what was written. */
  line(bytes: Buffer, start: number, end: number): number {
    const stop = bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    const records = this.compact.line(bytes, start, stop);
    return records === NOT_MINE ? Math.max(-1, this.spaced.line(bytes, start, stop)) : records;
  }
}

/** What a line comes to that has not even the beginning of one. */
const NOT_MINE = -2;

/** What resources and scopes stand for. The latest of them are known by their bytes, without making a string. */
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

  /** Keeps what a text stands for. */
  keep(text: string, value: T): void {
    if (this.byText.size >= MOST_KNOWN) this.byText.clear();
    if (text.length <= MOST_CHARACTERS) this.byText.set(text, value);
  }

  /** Counts a text among the latest. */
  keepRecent(bytes: Uint8Array, value: T): void {
    this.recent[this.next] = { bytes: new Literal(new Uint8Array(bytes)), value };
    this.next = (this.next + 1) % MOST_RECENT;
  }
}

/** A level of containers: entries of resourceLogs and their like, or of scopeLogs and their like. */
class Level<T> {
  readonly context: Literal;
  readonly known: KnownTexts<T> = new KnownTexts();
  /** Takes in what an entry describes. */
  readonly open: (parsed: unknown, schemaUrl: string) => T | undefined;
  readonly use: (handle: T) => void;
  /** What the last entry described: it stands for that of the next where this comes behind its list. */
  last: T | undefined;
  /** The schema URL behind the list of the last entry. */
  lateUrl = "";
  /** Whether what comes behind a list was once not as in the entry before, so that it is read first. */
  varies = false;
  /** Where the description of the entry being read stands, and what it is if that was met lately. */
  start = -1;
  end = -1;
  recent: T | undefined;
  schemaUrl: string | undefined;

  constructor(
    context: Literal,
    open: (parsed: unknown, schemaUrl: string) => T | undefined,
    use: (handle: T) => void,
  ) {
    this.context = context;
    this.open = open;
    this.use = use;
  }

  begin(): void {
    this.start = -1;
    this.recent = undefined;
    this.schemaUrl = undefined;
  }
}

/** The containers of one signal. */
interface Shape {
  readonly signal: SignalName;
  readonly start: Literal;
  readonly scopes: Literal;
  readonly records: Literal;
  /** The levels of each signal: what one describes foretells nothing of another. */
  readonly entry: Level<ResourceHandle>;
  readonly scope: Level<ScopeHandle>;
}

/** Scans lines of one spacing. */
class LineScanner {
  private readonly decoder: RequestDecoder;
  private readonly cursor: ByteCursor;
  private readonly shapes: readonly Shape[];
  private readonly schemaUrl: Literal;
  private readonly logs: LogScanner;
  private readonly metrics: MetricScanner;
  private records = 0;

  constructor(sink: RecordSink, decoder: RequestDecoder, spacing: Spacing) {
    this.decoder = decoder;
    this.cursor = new ByteCursor(spacing);
    const levels = (): Pick<Shape, "entry" | "scope"> => ({
      entry: new Level<ResourceHandle>(
        literal('"resource":', spacing),
        (parsed, schemaUrl) => this.exact(decoder.openResource(parsed, schemaUrl)),
        (resource) => sink.beginEntry(resource),
      ),
      scope: new Level<ScopeHandle>(
        literal('"scope":', spacing),
        (parsed, schemaUrl) => this.exact(decoder.openScope(parsed, schemaUrl)),
        (scope) => sink.useScope(scope),
      ),
    });
    const member = (name: string): Literal => literal(`"${name}":[`, spacing);
    const start = (name: string): Literal => literal(`{"${name}":[`, spacing);
    this.shapes = [
      {
        signal: "logs",
        start: start("resourceLogs"),
        scopes: member("scopeLogs"),
        records: member("logRecords"),
        ...levels(),
      },
      {
        signal: "metrics",
        start: start("resourceMetrics"),
        scopes: member("scopeMetrics"),
        records: member("metrics"),
        ...levels(),
      },
    ];
    this.schemaUrl = literal('"schemaUrl":"', spacing);
    this.logs = new LogScanner(this.cursor, sink, spacing);
    this.metrics = new MetricScanner(this.cursor, sink, spacing, (metric) =>
      this.exact(decoder.openMetric(metric)),
    );
  }

  /** See `Scanner.line`; `NOT_MINE` where the line has another beginning. */
  line(bytes: Buffer, start: number, end: number): number {
    const { cursor } = this;
    cursor.open(bytes, start, end);
    this.records = 0;
    const shape = this.shapes.find((each) => cursor.take(each.start));
    if (shape === undefined) return NOT_MINE;
    const scanned = this.list(() =>
      this.container(shape.entry, shape.scopes, () => this.scope(shape)),
    );
    const whole = scanned && cursor.takeByte(OBJECT_END) && cursor.at === cursor.end;
    return whole ? this.records : -1;
  }

  private scope(shape: Shape): boolean {
    return this.container(shape.scope, shape.records, () => this.record(shape));
  }

  /** Scans a list whose beginning was passed. */
  private list(element: () => boolean): boolean {
    const { cursor } = this;
    do {
      if (!element()) return false;
    } while (cursor.takeComma());
    return cursor.takeByte(LIST_END);
  }

  /**
   * Scans an entry: what it describes and the elements of its list. What comes
   * behind the list is assumed to be as in the entry before. Once that was
   * wrong, it is read first from then on.
   */
  private container<T>(level: Level<T>, listStart: Literal, element: () => boolean): boolean {
    const { cursor } = this;
    if (!cursor.takeByte(OBJECT_START)) return false;
    level.begin();
    let list = -1;
    let end = -1;
    do {
      if (list >= 0 || !cursor.take(listStart)) {
        if (!this.member(level)) return false;
        continue;
      }
      list = cursor.at;
      if (!level.varies && (level.start >= 0 || level.last !== undefined)) break;
      end = cursor.at--;
      if (cursor.skipContainer() < 0) return false;
    } while (cursor.takeComma());
    if (list < 0) return false;
    if (end >= 0) {
      if (!cursor.takeByte(OBJECT_END)) return false;
      end = cursor.at;
    }
    const handle = this.handleOf(level, end < 0);
    if (handle === undefined) return false;
    level.use(handle);
    cursor.at = list;
    if (!this.list(element)) return false;
    if (end < 0) return this.behind(level, handle);
    level.last = handle;
    cursor.at = end;
    return true;
  }

  /** Passes what comes behind the list of an entry; false if it is not what was assumed. */
  private behind<T>(level: Level<T>, taken: T): boolean {
    const { cursor } = this;
    const early = level.start >= 0;
    const earlyUrl = level.schemaUrl;
    let late = false;
    while (cursor.takeComma()) {
      late = true;
      if (!this.member(level)) return false;
    }
    if (!cursor.takeByte(OBJECT_END)) return false;
    const asTaken = early && !late && (earlyUrl !== undefined || level.lateUrl === "");
    const handle = asTaken ? taken : this.handleOf(level, false);
    level.last = handle;
    level.lateUrl = earlyUrl === undefined ? (level.schemaUrl ?? "") : "";
    if (handle === taken) return true;
    level.varies = true;
    return false;
  }

  /** Passes a member of an entry that is not its list. */
  private member<T>(level: Level<T>): boolean {
    const { cursor } = this;
    if (level.start < 0 && cursor.take(level.context)) {
      level.start = cursor.at;
      level.recent = level.known.take(cursor);
      level.end = level.recent === undefined ? cursor.skipContainer() : cursor.at;
      return level.end >= 0;
    }
    if (level.schemaUrl !== undefined || !cursor.take(this.schemaUrl)) return false;
    const from = cursor.at;
    const to = cursor.plainString();
    if (to < 0) return false;
    level.schemaUrl = cursor.text(from, to);
    return true;
  }

  /** A resource or scope: decoded once, then recognised by its text. If it may still follow, the last one is assumed. */
  private handleOf<T>(level: Level<T>, more: boolean): T | undefined {
    const { start, end, recent } = level;
    if (start < 0 && more) return level.last;
    const schemaUrl = level.schemaUrl ?? (more ? level.lateUrl : "");
    if (recent !== undefined && schemaUrl === "") return recent;
    const { cursor } = this;
    const text = start < 0 ? "{}" : cursor.text(start, end);
    const key = schemaUrl === "" ? text : `${JSON.stringify(schemaUrl)}${text}`;
    const found = level.known.get(key);
    if (found !== undefined) return found;
    const parsed = tryParse(text);
    const opened = parsed === undefined ? undefined : level.open(parsed, schemaUrl);
    if (opened === undefined) return undefined;
    level.known.keep(key, opened);
    if (schemaUrl === "" && start >= 0) {
      level.known.keepRecent(cursor.bytes.subarray(start, end), opened);
    }
    return opened;
  }

  /** What was decoded, unless it must be read again exactly. */
  private exact<T>(opened: T | undefined): T | undefined {
    return this.decoder.takeInexact() ? undefined : opened;
  }

  private record({ signal }: Shape): boolean {
    const { cursor, logs, metrics } = this;
    const start = cursor.at;
    if (signal === "logs") {
      if (!logs.record()) return this.parse(signal, start);
      this.records++;
      return true;
    }
    if (!metrics.metric()) return this.parse(signal, start);
    this.records += metrics.points;
    return true;
  }

  /** Lets the general decoder read one record. False if it has anything to report. */
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
}
