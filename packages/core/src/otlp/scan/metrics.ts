import { tryParse } from "../json/exact-json.ts";
import type { MetricHandle, NanoTime, RecordSink } from "../sink.ts";
import { AttributeScanner } from "./attributes.ts";
import { type ByteCursor, type Literal, literal, type Spacing } from "./byte-cursor.ts";
import { MemberOrder } from "./members.ts";

const OBJECT_START = 0x7b;
const OBJECT_END = 0x7d;
const LIST_END = 0x5d;
const QUOTE = 0x22;
const END_OF_UINT32 = 2 ** 32;
const MOST_KNOWN = 4096;
/** Longer texts are read again each time, so that memory stays bounded. */
const MOST_CHARACTERS = 16_384;
/** A metric in which the list of points might come twice, so that the first does not count. */
const repeatsPoints = /\\|data_points|dataPoints.*dataPoints/s;

/** A metric that was met, by the bytes before and behind its points. */
class KnownMetric {
  readonly head: Literal;
  readonly tail: Literal;
  readonly handle: MetricHandle;
  /** The metric that followed this one last. */
  next: KnownMetric | undefined;

  constructor(head: string, tail: string, handle: MetricHandle) {
    this.head = literal(head);
    this.tail = literal(tail);
    this.handle = handle;
  }
}

type PointMember = "attributes" | "start" | "time" | "double" | "integer" | "flags" | "exemplars";

/** Scans metrics: the points one by one, the rest of a metric as one text that mostly repeats. */
export class MetricScanner {
  /** Points scanned since `begin`. */
  points = 0;
  private readonly cursor: ByteCursor;
  private readonly sink: RecordSink;
  private readonly open: (metric: unknown) => MetricHandle | undefined;
  private readonly scanner: AttributeScanner;
  private readonly order: MemberOrder<PointMember>;
  private readonly dataPoints: Literal;
  private readonly metrics: Map<string, KnownMetric> = new Map();
  private last: KnownMetric | undefined;
  private readonly time: NanoTime = { low: 0, high: 0, nanos: 0 };
  private readonly start: NanoTime = { low: 0, high: 0, nanos: 0 };
  private hasTime = false;
  private hasStart = false;
  private double: number | undefined;
  private integer: number | undefined;
  private flags = 0;

  /** `open` takes in a parsed metric without points. */
  constructor(
    cursor: ByteCursor,
    sink: RecordSink,
    spacing: Spacing,
    open: (metric: unknown) => MetricHandle | undefined,
  ) {
    this.cursor = cursor;
    this.sink = sink;
    this.open = open;
    this.scanner = new AttributeScanner(cursor, sink, spacing);
    this.dataPoints = literal('"dataPoints":[', spacing);
    this.order = new MemberOrder<PointMember>([
      ["attributes", literal('"attributes":[', spacing)],
      ["start", literal('"startTimeUnixNano":"', spacing)],
      ["time", literal('"timeUnixNano":"', spacing)],
      ["double", literal('"asDouble":', spacing)],
      ["integer", literal('"asInt":"', spacing)],
      ["flags", literal('"flags":', spacing)],
      ["exemplars", literal('"exemplars":[', spacing)],
    ]);
  }

  /** Scans one metric and counts its points; false if it must be parsed. */
  metric(): boolean {
    const { sink, last } = this;
    this.points = 0;
    sink.beginMetric();
    const known = this.scan(last?.next);
    if (known === undefined) {
      sink.abandonMetric();
      return false;
    }
    sink.endMetric(known.handle);
    if (last !== undefined) last.next = known;
    this.last = known;
    return true;
  }

  /** Scans a metric, which is compared with the one that is expected. */
  private scan(guess: KnownMetric | undefined): KnownMetric | undefined {
    const { cursor, dataPoints } = this;
    const start = cursor.at;
    const isGuessed = guess !== undefined && cursor.take(guess.head);
    if (!isGuessed) {
      const head = cursor.bytes.indexOf(dataPoints.bytes, start);
      if (head < 0 || head >= cursor.end) return undefined;
      cursor.at = head + dataPoints.length;
    }
    const points = cursor.at;
    do {
      if (!this.point()) return undefined;
    } while (cursor.takeComma());
    const tail = cursor.at;
    if (isGuessed && cursor.take(guess.tail)) return guess;
    if (cursor.bytes[tail] !== LIST_END) return undefined;
    // The list, its data and the metric are open.
    const end = cursor.leaveContainers(3);
    return end < 0 ? undefined : this.known(cursor.text(start, points), cursor.text(tail, end));
  }

  /** The metric that a text without its points describes. */
  private known(head: string, tail: string): KnownMetric | undefined {
    const text = head + tail;
    const found = this.metrics.get(text);
    if (found !== undefined) return found;
    const parsed = repeatsPoints.test(text) ? undefined : tryParse(text);
    const opened = parsed === undefined ? undefined : this.open(parsed);
    if (opened === undefined) return undefined;
    const known = new KnownMetric(head, tail, opened);
    if (this.metrics.size >= MOST_KNOWN) this.metrics.clear();
    if (text.length <= MOST_CHARACTERS) this.metrics.set(text, known);
    return known;
  }

  private point(): boolean {
    const { cursor, sink, order } = this;
    if (!cursor.takeByte(OBJECT_START)) return false;
    order.begin();
    this.hasTime = false;
    this.hasStart = false;
    this.double = undefined;
    this.integer = undefined;
    this.flags = 0;
    sink.beginRecord("point");
    if (this.members() && this.write()) {
      this.points++;
      return true;
    }
    sink.abandonRecord();
    return false;
  }

  private members(): boolean {
    const { cursor, order } = this;
    do {
      const member = order.next(cursor);
      if (member === undefined || !this.member(member)) return false;
    } while (cursor.takeComma());
    return cursor.takeByte(OBJECT_END);
  }

  private member(name: PointMember): boolean {
    const { cursor } = this;
    switch (name) {
      case "attributes":
        return this.scanner.list();
      case "start":
        this.hasStart = cursor.nanoTime(this.start);
        return this.hasStart || cursor.zeroText();
      case "time":
        this.hasTime = cursor.nanoTime(this.time);
        return this.hasTime || cursor.zeroText();
      case "double":
        this.double = cursor.double();
        return !Number.isNaN(this.double);
      case "integer":
        this.integer = cursor.integer();
        return !Number.isNaN(this.integer) && cursor.takeByte(QUOTE);
      case "flags":
        this.flags = cursor.integer();
        return this.flags >= 0 && this.flags < END_OF_UINT32;
      case "exemplars":
        return cursor.takeByte(LIST_END);
    }
  }

  /** Hands on what was scanned, in the order in which the general decoder does. */
  private write(): boolean {
    const { sink } = this;
    const value = this.double;
    if (value !== undefined && this.integer !== undefined) return false;
    if (this.hasTime) sink.time(this.time);
    else sink.time(this.hasStart ? this.start : noTime);
    if (this.hasStart) sink.startTime(this.start);
    if (value !== undefined) sink.doubleValue(value);
    if (this.integer !== undefined) sink.integerValue(BigInt(this.integer));
    let others = this.flags > 0 ? `,"flags":${this.flags}` : "";
    if (!this.hasTime) others += ',"timeUnixNano":"0"';
    if (others !== "") sink.text("other_fields", `{${others.slice(1)}}`);
    sink.endRecord();
    return true;
  }
}

const noTime: NanoTime = { low: 0, high: 0, nanos: 0 };
