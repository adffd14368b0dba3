/**
 * What decoders hand on: the content of OTLP in the protocol's own words. The
 * decoders call a sink instead of building an object for every record, since
 * making the objects would cost as much as parsing.
 */

/** A value of an attribute or of a body. */
export type AttributeValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "int"; readonly value: bigint }
  /** `spelled` is the integer that was written, where the double does not hold it. */
  | { readonly kind: "double"; readonly value: number; readonly spelled?: bigint }
  | { readonly kind: "bool"; readonly value: boolean }
  /**
   * An array, a key-value list, bytes or nothing: `json` is how SQL reads it,
   * `wire` the same with every type written out, which is what identity is made of.
   */
  | { readonly kind: "complex"; readonly json: string; readonly wire: string };

/** An attribute. */
export interface KeyValue {
  readonly key: string;
  readonly value: AttributeValue;
}

/** A resource with its schema URL; `other` is a JSON object of further fields. */
export interface ResourceDescription {
  readonly attributes: readonly KeyValue[];
  readonly schemaUrl: string;
  readonly other: string | undefined;
}

/** An instrumentation scope with its schema URL. */
export interface ScopeDescription extends ResourceDescription {
  readonly name: string;
  readonly version: string;
}

export type MetricDataType = "sum" | "gauge" | "histogram" | "exponential_histogram" | "summary";
export type Temporality = "delta" | "cumulative" | "unspecified";

/** What all points of a metric have in common. */
export interface MetricDescription {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly dataType: MetricDataType;
  /** Undefined for gauges and summaries. */
  readonly temporality: Temporality | undefined;
  /** Undefined for all but sums. */
  readonly monotonic: boolean | undefined;
  readonly other: string | undefined;
}

/** A resource, scope or metric the sink has taken in; to be used again for equal ones. */
export interface ResourceHandle {
  readonly kind: "resource";
}
export interface ScopeHandle {
  readonly kind: "scope";
}
export interface MetricHandle {
  readonly kind: "metric";
}

/** Where an attribute goes in the record being written. */
export interface AttributeSlot {
  readonly key: string;
  /** Changes whenever the text that `repeatText` would repeat changes. */
  version: number;
}

/** The texts of a record that are not attributes. */
export type RecordText =
  | "body"
  | "trace_id"
  | "span_id"
  | "parent_span_id"
  | "trace_state"
  | "span_name"
  | "span_kind"
  | "status_code"
  | "status_message"
  | "events"
  | "links"
  | "distribution"
  | "other_fields";

/** Nanoseconds since 1970 UTC in parts: a 64-bit count of microseconds in two words, and the rest. */
export interface NanoTime {
  low: number;
  high: number;
  nanos: number;
}

/** Which table a record goes to. */
export type RecordKind = "api_request" | "other_log" | "point" | "span";

/** Takes records in. Every call but `openX` belongs between `beginRecord` and `endRecord`. */
export interface RecordSink {
  openResource(description: ResourceDescription): ResourceHandle;
  openScope(description: ScopeDescription): ScopeHandle;
  openMetric(description: MetricDescription): MetricHandle;
  /** Begins an entry of resourceLogs, resourceMetrics or resourceSpans: equal records are numbered within it. */
  beginEntry(resource: ResourceHandle): void;
  useScope(scope: ScopeHandle): void;
  /** Reads other entries in the middle of one, which continues afterwards. */
  aside(takeIn: () => void): void;
  /** Begins the points of a metric. */
  beginMetric(): void;
  /** Ends the points of a metric and passes what they have in common. */
  endMetric(metric: MetricHandle): void;
  /** Takes back the points since `beginMetric`. */
  abandonMetric(): void;
  beginRecord(kind: RecordKind): void;
  endRecord(): void;
  /** Takes back the record that was begun. */
  abandonRecord(): void;
  /**
   * What the attribute event.name of the record makes of it, `claude_request` being an api_request
   * with the prefix of Claude Code; undefined where it has none.
   */
  kindByAttribute(): "claude_request" | "api_request" | "other_log" | undefined;
  /** Whether resource and scope are those of another program than Claude Code. */
  isAnothers(): boolean;
  /** The field eventName of a log record; it is no part of the identity beside other_fields, which holds it too. */
  eventName(name: string): void;
  /** The slot of an attribute key in the kind of record being written. */
  slot(key: string): AttributeSlot;
  /** An attribute of any type. */
  attribute(attribute: KeyValue): void;
  /** A string attribute, UTF-8 in `bytes[start, end)`, which must stay as they are until the record ends. */
  textAttribute(slot: AttributeSlot, bytes: Uint8Array, start: number, end: number): void;
  /** The same, where the caller knows it to be the string that this slot was given last. */
  repeatText(slot: AttributeSlot, bytes: Uint8Array, start: number, end: number): void;
  /** An integer attribute within the safe integers. */
  integerAttribute(slot: AttributeSlot, value: number): void;
  doubleAttribute(slot: AttributeSlot, value: number): void;
  boolAttribute(slot: AttributeSlot, value: boolean): void;
  /** time of a log, a point; start of a span. */
  time(time: NanoTime): void;
  observedTime(time: NanoTime): void;
  /** start of a point. */
  startTime(time: NanoTime): void;
  endTime(time: NanoTime): void;
  text(field: RecordText, value: string): void;
  textBytes(field: RecordText, bytes: Uint8Array, start: number, end: number): void;
  /** Value of a point as a double. */
  doubleValue(value: number): void;
  /** Value of a point as an integer. */
  integerValue(value: bigint): void;
}
