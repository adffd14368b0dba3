import { namesOfField } from "../field-names.ts";
import { Problems } from "../problems.ts";
import type {
  MetricHandle,
  RecordSink,
  ResourceDescription,
  ResourceHandle,
  ScopeHandle,
} from "../sink.ts";
import { AnyValueReader } from "./any-value.ts";
import { heldRequest, parseHeld } from "./held-request.ts";
import { describeMetric, writeMetric } from "./metrics.ts";
import { isObject, type MessageValue, readMessage } from "./read.ts";
import { attributesOf, objectJson, otherFields, writeLogRecord, writeSpan } from "./records.ts";
import { type MessageType, resource as resourceType, scope as scopeType } from "./schema.ts";

export type SignalName = "logs" | "metrics" | "traces";

/** What became of a request. */
export interface DecodeOutcome {
  /** Records handed to the sink. */
  records: number;
  /** Records, or whole containers, that do not fit. */
  rejected: number;
  /** The first thing that does not fit, with its place. */
  problem: string | undefined;
  /** Whether it must be decoded again from JSON read exactly: an integer beyond 2^53 stood bare. */
  inexact: boolean;
}

/** Unknown fields of an entry, as JSON texts. */
type Members = readonly (readonly [name: string, json: string])[];

const none: Members = [];
/** How many levels of requests within records of requests are read. */
const MOST_DEPTH = 4;

/** The containers of a signal, each with all its names. */
interface SignalShape {
  readonly signal: SignalName;
  readonly resources: readonly string[];
  readonly scopes: readonly string[];
  readonly records: readonly string[];
}

const signalShapes: readonly SignalShape[] = [
  shapeOf("logs", "resourceLogs", "scopeLogs", "logRecords"),
  shapeOf("metrics", "resourceMetrics", "scopeMetrics", "metrics"),
  shapeOf("traces", "resourceSpans", "scopeSpans", "spans"),
];
const resourceNames = namesOfField("resource");
const scopeNames = namesOfField("scope");
const schemaUrlNames = namesOfField("schemaUrl");

/** Decodes parsed export requests. Never throws: what does not fit is counted and reported. */
export class RequestDecoder {
  private readonly sink: RecordSink;
  private readonly problems: Problems = new Problems();
  private outcome: DecodeOutcome = emptyOutcome();
  private place = "";
  private depth = 0;

  constructor(sink: RecordSink) {
    this.sink = sink;
  }

  /** Decodes one request, or a list of requests. */
  decode(input: unknown): DecodeOutcome {
    this.outcome = emptyOutcome();
    if (!Array.isArray(input)) this.request(input);
    else for (const each of input) this.request(each);
    return this.takeOutcome();
  }

  /** Takes in a resource, given as parsed JSON; `other` holds the unknown fields of its entry. Undefined if it does not fit. */
  openResource(
    resource: unknown,
    schemaUrl: unknown,
    other: Members = none,
  ): ResourceHandle | undefined {
    this.problems.clear();
    const read = this.readContext(resource, resourceType);
    const description = this.describe(
      read,
      resourceType,
      schemaUrl,
      other,
      new Set(["attributes"]),
    );
    return this.problems.count > 0 ? undefined : this.sink.openResource(description);
  }

  /** Takes in a scope, given as parsed JSON. Undefined if it does not fit. */
  openScope(scope: unknown, schemaUrl: unknown, other: Members = none): ScopeHandle | undefined {
    this.problems.clear();
    const read = this.readContext(scope, scopeType);
    const text = (name: string): string => String(read.fields.get(name) ?? "");
    const columns = new Set(["attributes", "name", "version"]);
    const description = {
      ...this.describe(read, scopeType, schemaUrl, other, columns),
      name: text("name"),
      version: text("version"),
    };
    return this.problems.count > 0 ? undefined : this.sink.openScope(description);
  }

  /** Takes in what the points of a metric have in common, given as a parsed metric without points. */
  openMetric(metric: unknown): MetricHandle | undefined {
    this.problems.clear();
    const description = describeMetric(metric, this.problems);
    return description === undefined ? undefined : this.sink.openMetric(description);
  }

  /** Begins an entry of a document read piece by piece; says whether its resource fits. */
  beginEntry(resource: unknown, schemaUrl: unknown, other: Members, place: string): boolean {
    const handle = this.openResource(resource, schemaUrl, other);
    if (handle !== undefined) this.sink.beginEntry(handle);
    else this.noteAt(place);
    return handle !== undefined;
  }

  /** Sets the scope of the records that follow; returns whether it fits. */
  useScope(scope: unknown, schemaUrl: unknown, other: Members, place: string): boolean {
    const handle = this.openScope(scope, schemaUrl, other);
    if (handle !== undefined) this.sink.useScope(handle);
    else this.noteAt(place);
    return handle !== undefined;
  }

  /**
   * Decodes one log record, metric or span of the entry and scope that were begun. A record that
   * carries a request counts as what it carries.
   */
  element(signal: SignalName, input: unknown, place: string): void {
    const { problems, sink } = this;
    const held = signal === "logs" ? heldRequest(input) : undefined;
    if (held !== undefined) {
      this.held(held, `${place}.body`);
      return;
    }
    problems.clear();
    this.place = place;
    if (signal === "metrics") {
      const counts = writeMetric(input, sink, problems, () => this.note());
      this.outcome.records += counts.written;
      return;
    }
    const write = signal === "logs" ? writeLogRecord : writeSpan;
    if (write(input, sink, problems)) this.outcome.records++;
    else this.note();
  }

  /** Whether an integer beyond 2^53 stood bare in what was taken in since this was asked last. */
  takeInexact(): boolean {
    const { inexact } = this.problems;
    this.problems.inexact = false;
    return inexact;
  }

  /** What became of the elements since this was asked last. */
  takeOutcome(): DecodeOutcome {
    const outcome = { ...this.outcome, inexact: this.takeInexact() };
    this.outcome = emptyOutcome();
    return outcome;
  }

  private request(input: unknown): void {
    if (!isObject(input)) {
      this.reject("", "is not an export request");
      return;
    }
    const known = new Set<string>();
    for (const shape of signalShapes) {
      for (const name of shape.resources) {
        known.add(name);
        const entries = input[name];
        if (Array.isArray(entries)) this.entries(shape, entries, name);
        else if (entries !== undefined && entries !== null) this.reject(name, "is not a list");
      }
    }
    for (const name of Object.keys(input)) {
      if (!known.has(name)) this.reject(name, "is not a signal this version knows");
    }
  }

  private held(text: string, place: string): void {
    const request = parseHeld(text);
    if (request === undefined) this.reject(place, "is an export request that breaks off");
    else if (this.depth === MOST_DEPTH) this.reject(place, "is a request within too many others");
    else {
      this.depth++;
      this.sink.aside(() => {
        for (const each of Array.isArray(request) ? request : [request]) this.request(each);
      });
      this.depth--;
    }
  }

  private entries(shape: SignalShape, entries: readonly unknown[], name: string): void {
    for (const [index, entry] of entries.entries()) {
      const place = `${name}[${index}]`;
      if (isObject(entry)) this.entry(shape, entry, place);
      else this.reject(place, "is not an object");
    }
  }

  private entry(shape: SignalShape, entry: Readonly<Record<string, unknown>>, place: string): void {
    const { context, schemaUrl, other, lists } = this.splitEntry(
      entry,
      resourceNames,
      shape.scopes,
      place,
    );
    if (!this.beginEntry(context, schemaUrl, other, place)) return;
    for (const [name, list] of lists) {
      for (const [at, scope] of list.entries()) {
        this.scope(shape, scope, `${place}.${name}[${at}]`);
      }
    }
  }

  /** Parts of a resource or scope entry: what it describes, its lists, its schema URL, and what is unknown. */
  private splitEntry(
    entry: Readonly<Record<string, unknown>>,
    contexts: readonly string[],
    listNames: readonly string[],
    place: string,
  ): EntryParts {
    const parts = { context: undefined as unknown, schemaUrl: undefined as unknown };
    const lists: [string, readonly unknown[]][] = [];
    const other: [string, string][] = [];
    const unknownLists: string[] = [];
    for (const key of Object.keys(entry)) {
      const value = entry[key];
      if (value === null) continue;
      if (contexts.includes(key)) parts.context = value;
      else if (schemaUrlNames.includes(key)) parts.schemaUrl = value;
      else if (!listNames.includes(key)) {
        other.push([key, this.unknownField(value, `${place}.${key}`)]);
        if (holdsObjects(value)) unknownLists.push(key);
      } else if (Array.isArray(value)) lists.push([key, value]);
      else this.reject(`${place}.${key}`, "is not a list");
    }
    // Records under another name than OTLP's would go unnoticed.
    if (lists.length === 0) {
      for (const name of unknownLists) {
        this.reject(`${place}.${name}`, `is not a list this version knows, as ${listNames[0]} is`);
      }
    }
    return { ...parts, lists, other };
  }

  /** A field this version does not know, as JSON text. */
  private unknownField(value: unknown, place: string): string {
    this.problems.clear();
    const json = new AnyValueReader(this.problems).plainJson(value);
    if (this.problems.count > 0) this.reject(place, "is nested too deep");
    return json;
  }

  private scope(shape: SignalShape, scope: unknown, place: string): void {
    if (!isObject(scope)) {
      this.reject(place, "is not an object");
      return;
    }
    const { context, schemaUrl, other, lists } = this.splitEntry(
      scope,
      scopeNames,
      shape.records,
      place,
    );
    if (!this.useScope(context, schemaUrl, other, place)) return;
    for (const [name, list] of lists) {
      for (const [index, element] of list.entries()) {
        this.element(shape.signal, element, `${place}.${name}[${index}]`);
      }
    }
  }

  /** A resource or scope that does not fit takes its records with it. */
  private noteAt(place: string): void {
    this.place = place;
    this.note();
  }

  private readContext(input: unknown, type: MessageType): MessageValue {
    return readMessage(input ?? {}, type, this.problems);
  }

  private describe(
    read: MessageValue,
    type: MessageType,
    schemaUrl: unknown,
    other: Members,
    columns: ReadonlySet<string>,
  ): ResourceDescription {
    if (schemaUrl !== undefined && typeof schemaUrl !== "string") {
      this.problems.report("schemaUrl", "is not a string");
    }
    const others = [...otherFields(read, type, columns), ...other];
    return {
      attributes: attributesOf(read),
      schemaUrl: typeof schemaUrl === "string" ? schemaUrl : "",
      other: others.length === 0 ? undefined : objectJson(others),
    };
  }

  private note(): void {
    this.outcome.rejected++;
    this.outcome.problem ??= `${this.place}: ${this.problems.first ?? "does not fit"}`;
  }

  private reject(place: string, reason: string): void {
    this.outcome.rejected++;
    this.outcome.problem ??= place === "" ? reason : `${place} ${reason}`;
  }
}

interface EntryParts {
  readonly context: unknown;
  readonly schemaUrl: unknown;
  readonly lists: readonly (readonly [name: string, list: readonly unknown[]])[];
  readonly other: [string, string][];
}

function shapeOf(
  signal: SignalName,
  resources: string,
  scopes: string,
  records: string,
): SignalShape {
  return {
    signal,
    resources: namesOfField(resources),
    scopes: namesOfField(scopes),
    records: namesOfField(records),
  };
}

/** Whether a value is a list with an object in it, as lists of records are. */
function holdsObjects(value: unknown): boolean {
  return Array.isArray(value) && value.some((each) => isObject(each));
}

function emptyOutcome(): DecodeOutcome {
  return { records: 0, rejected: 0, problem: undefined, inexact: false };
}
