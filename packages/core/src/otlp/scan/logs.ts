import {
  API_REQUEST,
  EVENT_PREFIX,
  type LogKind,
  logKind,
  type NamedKind,
} from "../event-names.ts";
import { quoted } from "../json/any-value.ts";
import type { NanoTime, RecordSink } from "../sink.ts";
import { AttributeScanner } from "./attributes.ts";
import { type ByteCursor, type Literal, literal, type Spacing } from "./byte-cursor.ts";
import { MemberOrder } from "./members.ts";

const OBJECT_START = 0x7b;
const OBJECT_END = 0x7d;
const END_OF_UINT32 = 2 ** 32;
const END_OF_INT32 = 2 ** 31;

/** How far a body is looked for. */
const NEAR_BYTES = 8192;

/** The body of an api_request with its closing quote. */
const apiRequest: Literal = literal(`${EVENT_PREFIX}${API_REQUEST}"`);

type LogMember =
  | "time"
  | "observed"
  | "body"
  | "attributes"
  | "flags"
  | "traceId"
  | "spanId"
  | "dropped"
  | "severityNumber"
  | "severityText"
  | "eventName";

/** Scans log records, their members in any order. */
export class LogScanner {
  private readonly cursor: ByteCursor;
  private readonly sink: RecordSink;
  private readonly scanners: Readonly<Record<LogKind, AttributeScanner>>;
  private readonly order: MemberOrder<LogMember>;
  private readonly bodyStart: Literal;
  private readonly time: NanoTime = { low: 0, high: 0, nanos: 0 };
  private readonly observed: NanoTime = { low: 0, high: 0, nanos: 0 };
  private hasTime = false;
  private hasObserved = false;
  private bodyAt = 0;
  private bodyEnd = -1;
  private attributesAt = -1;
  private begun: LogKind | undefined;
  private flags = 0;
  private dropped = 0;
  private severityNumber = 0;
  private severityText = "";
  private eventName = "";
  private traceAt = -1;
  private spanAt = -1;

  constructor(cursor: ByteCursor, sink: RecordSink, spacing: Spacing) {
    this.cursor = cursor;
    this.sink = sink;
    this.scanners = {
      api_request: new AttributeScanner(cursor, sink, spacing),
      other_log: new AttributeScanner(cursor, sink, spacing),
    };
    this.bodyStart = literal('"body":{"stringValue":"', spacing);
    this.order = new MemberOrder<LogMember>([
      ["time", literal('"timeUnixNano":"', spacing)],
      ["observed", literal('"observedTimeUnixNano":"', spacing)],
      ["body", this.bodyStart],
      ["attributes", literal('"attributes":[', spacing)],
      ["flags", literal('"flags":', spacing)],
      ["traceId", literal('"traceId":"', spacing)],
      ["spanId", literal('"spanId":"', spacing)],
      ["dropped", literal('"droppedAttributesCount":', spacing)],
      ["severityNumber", literal('"severityNumber":', spacing)],
      ["severityText", literal('"severityText":"', spacing)],
      ["eventName", literal('"eventName":"', spacing)],
    ]);
  }

  /** Scans one log record; false if it must be parsed. */
  record(): boolean {
    const { cursor } = this;
    if (!cursor.takeByte(OBJECT_START)) return false;
    this.begin();
    if (this.members() && this.attributes() && this.write()) return true;
    if (this.begun !== undefined) this.sink.abandonRecord();
    return false;
  }

  private begin(): void {
    this.order.begin();
    this.hasTime = false;
    this.hasObserved = false;
    this.bodyEnd = -1;
    this.attributesAt = -1;
    this.begun = undefined;
    this.flags = 0;
    this.dropped = 0;
    this.severityNumber = 0;
    this.severityText = "";
    this.eventName = "";
    this.traceAt = -1;
    this.spanAt = -1;
  }

  private members(): boolean {
    const { cursor, order } = this;
    do {
      const member = order.next(cursor);
      if (member === undefined || !this.member(member)) return false;
    } while (cursor.takeComma());
    return cursor.takeByte(OBJECT_END);
  }

  private member(name: LogMember): boolean {
    const { cursor } = this;
    switch (name) {
      case "time":
        this.hasTime = cursor.nanoTime(this.time);
        return this.hasTime || cursor.zeroText();
      case "observed":
        this.hasObserved = cursor.nanoTime(this.observed);
        return this.hasObserved || cursor.zeroText();
      case "body":
        this.bodyAt = cursor.at;
        this.bodyEnd = cursor.plainString();
        return this.bodyEnd >= 0 && cursor.takeByte(OBJECT_END);
      case "attributes":
        return this.attributeList();
      case "flags":
        this.flags = cursor.integer();
        return this.flags >= 0 && this.flags < END_OF_UINT32;
      case "dropped":
        this.dropped = cursor.integer();
        return this.dropped >= 0 && this.dropped < END_OF_UINT32;
      case "severityNumber":
        this.severityNumber = cursor.integer();
        return this.severityNumber >= 0 && this.severityNumber < END_OF_INT32;
      case "traceId":
        this.traceAt = cursor.at;
        return cursor.hexId(32);
      case "spanId":
        this.spanAt = cursor.at;
        return cursor.hexId(16);
      case "severityText":
        return this.plainText((text) => {
          this.severityText = text;
        });
      case "eventName":
        return this.plainText((text) => {
          this.eventName = text;
        });
    }
  }

  private plainText(keep: (text: string) => void): boolean {
    const { cursor } = this;
    const start = cursor.at;
    const end = cursor.plainString();
    if (end < 0) return false;
    keep(cursor.text(start, end));
    return true;
  }

  /** Scans the attributes as the kind of record that the body usually says, even if it follows later. */
  private attributeList(): boolean {
    this.attributesAt = this.cursor.at;
    const isRequest = this.bodyEnd >= 0 ? this.bodyIsRequest() : this.requestIsAhead();
    return this.listAs(isRequest ? "api_request" : "other_log");
  }

  /** Whether the next body that comes is that of an api_request. */
  private requestIsAhead(): boolean {
    const { bytes, at, end } = this.cursor;
    const near = bytes.subarray(at, Math.min(at + NEAR_BYTES, end));
    const body = near.indexOf(this.bodyStart.bytes);
    return body >= 0 && this.isApiRequest(at + body + this.bodyStart.length);
  }

  /** Begins the record that has no attributes, and scans them again if they were scanned as another kind. */
  private attributes(): boolean {
    const { cursor, sink } = this;
    const end = cursor.at;
    if (this.begun === undefined && !this.listAs(this.kind(undefined))) return false;
    const kind = this.kind(sink.kindByAttribute());
    if (kind !== this.begun) {
      sink.abandonRecord();
      if (!this.listAs(kind)) return false;
    }
    cursor.at = end;
    return true;
  }

  private listAs(kind: LogKind): boolean {
    const { cursor, sink } = this;
    sink.beginRecord(kind);
    this.begun = kind;
    if (this.attributesAt < 0) return true;
    cursor.at = this.attributesAt;
    return this.scanners[kind].list();
  }

  private kind(named: NamedKind | undefined): LogKind {
    if (this.bodyIsRequest() || named === "claude_request") return "api_request";
    if (named === "other_log") return named;
    const field = this.eventName === "" ? undefined : this.eventName;
    const length = this.bodyEnd - this.bodyAt;
    // No other body of another length than this name makes an api_request.
    const isUnnamed = named === undefined && field === undefined;
    if (isUnnamed && length !== API_REQUEST.length) return "other_log";
    const body = this.bodyEnd < 0 ? undefined : this.cursor.text(this.bodyAt, this.bodyEnd);
    const attribute = named === undefined ? undefined : API_REQUEST;
    return logKind({ attribute, field, body }, () => this.sink.isAnothers());
  }

  private bodyIsRequest(): boolean {
    const { bodyAt, bodyEnd } = this;
    return bodyEnd - bodyAt === apiRequest.length - 1 && this.isApiRequest(bodyAt);
  }

  private isApiRequest(at: number): boolean {
    const { bytes } = this.cursor;
    for (let i = 0; i < apiRequest.length; i++)
      if (bytes[at + i] !== apiRequest.bytes[i]) return false;
    return true;
  }

  /** Hands on what was scanned, in the order in which the general decoder does. */
  private write(): boolean {
    const { cursor, sink, time, observed } = this;
    if (this.hasTime) sink.time(time);
    else sink.time(this.hasObserved ? observed : noTime);
    if (this.hasObserved) sink.observedTime(observed);
    if (this.bodyEnd >= 0) sink.textBytes("body", cursor.bytes, this.bodyAt, this.bodyEnd);
    if (this.hasId(this.traceAt)) {
      sink.textBytes("trace_id", cursor.bytes, this.traceAt, this.traceAt + 32);
    }
    if (this.hasId(this.spanAt)) {
      sink.textBytes("span_id", cursor.bytes, this.spanAt, this.spanAt + 16);
    }
    const others = this.otherFields();
    if (others !== "") sink.text("other_fields", `{${others}}`);
    if (this.eventName !== "") sink.eventName(this.eventName);
    sink.endRecord();
    return true;
  }

  private hasId(at: number): boolean {
    return at >= 0 && this.cursor.bytes[at] !== QUOTE;
  }

  private otherFields(): string {
    let text = "";
    if (this.severityNumber > 0) text += `,"severityNumber":${this.severityNumber}`;
    if (this.severityText !== "") text += `,"severityText":${quoted(this.severityText)}`;
    if (this.dropped > 0) text += `,"droppedAttributesCount":${this.dropped}`;
    if (this.flags > 0) text += `,"flags":${this.flags}`;
    if (this.eventName !== "") text += `,"eventName":${quoted(this.eventName)}`;
    if (!this.hasTime) text += ',"timeUnixNano":"0"';
    return text.slice(1);
  }
}

const QUOTE = 0x22;
const noTime: NanoTime = { low: 0, high: 0, nanos: 0 };
