/**
 * The messages of OTLP below the records, as data (opentelemetry-proto,
 * common/v1, logs/v1, metrics/v1, trace/v1). One reader walks them all.
 */

/** The type of a field. */
export type FieldType =
  | "uint64"
  | "time"
  | "int64"
  | "uint32"
  | "int32"
  | "double"
  | "bool"
  | "string"
  | "hex"
  | "bytes"
  | "attributes"
  | "any"
  | { readonly names: readonly string[]; readonly prefix: string }
  | { readonly list: FieldType }
  | { readonly message: MessageType };

/** A field: its type, and whether it is a member of a oneof, which is written even when it is zero. */
export interface Field {
  readonly type: FieldType;
  readonly oneof?: true;
}

/** A message: its fields by their name in JSON. */
export type MessageType = Readonly<Record<string, Field>>;

const exemplar: MessageType = {
  filteredAttributes: { type: "attributes" },
  timeUnixNano: { type: "time" },
  asDouble: { type: "double", oneof: true },
  asInt: { type: "int64", oneof: true },
  spanId: { type: "hex" },
  traceId: { type: "hex" },
};

const buckets: MessageType = {
  offset: { type: "int32" },
  bucketCounts: { type: { list: "uint64" } },
};

const point: MessageType = {
  attributes: { type: "attributes" },
  startTimeUnixNano: { type: "time" },
  timeUnixNano: { type: "time" },
  flags: { type: "uint32" },
};

export const numberDataPoint: MessageType = {
  ...point,
  asDouble: { type: "double", oneof: true },
  asInt: { type: "int64", oneof: true },
  exemplars: { type: { list: { message: exemplar } } },
};

export const histogramDataPoint: MessageType = {
  ...point,
  count: { type: "uint64", oneof: true },
  sum: { type: "double", oneof: true },
  bucketCounts: { type: { list: "uint64" } },
  explicitBounds: { type: { list: "double" } },
  exemplars: { type: { list: { message: exemplar } } },
  min: { type: "double", oneof: true },
  max: { type: "double", oneof: true },
};

export const exponentialHistogramDataPoint: MessageType = {
  ...point,
  count: { type: "uint64", oneof: true },
  sum: { type: "double", oneof: true },
  scale: { type: "int32" },
  zeroCount: { type: "uint64" },
  positive: { type: { message: buckets } },
  negative: { type: { message: buckets } },
  exemplars: { type: { list: { message: exemplar } } },
  min: { type: "double", oneof: true },
  max: { type: "double", oneof: true },
  zeroThreshold: { type: "double" },
};

export const summaryDataPoint: MessageType = {
  ...point,
  count: { type: "uint64", oneof: true },
  sum: { type: "double", oneof: true },
  quantileValues: {
    type: {
      list: {
        message: {
          quantile: { type: "double", oneof: true },
          value: { type: "double", oneof: true },
        },
      },
    },
  },
};

export const temporalities = {
  names: ["UNSPECIFIED", "DELTA", "CUMULATIVE"],
  prefix: "AGGREGATION_TEMPORALITY_",
} as const;

export const spanKinds = {
  names: ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"],
  prefix: "SPAN_KIND_",
} as const;

export const statusCodes = { names: ["UNSET", "OK", "ERROR"], prefix: "STATUS_CODE_" } as const;

export const severities = {
  names: [
    "UNSPECIFIED",
    ...["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"].flatMap((name) => [
      name,
      `${name}2`,
      `${name}3`,
      `${name}4`,
    ]),
  ],
  prefix: "SEVERITY_NUMBER_",
} as const;

export const logRecord: MessageType = {
  timeUnixNano: { type: "time" },
  observedTimeUnixNano: { type: "time" },
  severityNumber: { type: severities },
  severityText: { type: "string" },
  body: { type: "any" },
  attributes: { type: "attributes" },
  droppedAttributesCount: { type: "uint32" },
  flags: { type: "uint32" },
  traceId: { type: "hex" },
  spanId: { type: "hex" },
  eventName: { type: "string" },
};

const spanEvent: MessageType = {
  timeUnixNano: { type: "time" },
  name: { type: "string" },
  attributes: { type: "attributes" },
  droppedAttributesCount: { type: "uint32" },
};

const spanLink: MessageType = {
  traceId: { type: "hex" },
  spanId: { type: "hex" },
  traceState: { type: "string" },
  attributes: { type: "attributes" },
  droppedAttributesCount: { type: "uint32" },
  flags: { type: "uint32" },
};

const spanStatus: MessageType = {
  message: { type: "string" },
  code: { type: statusCodes },
};

export const span: MessageType = {
  traceId: { type: "hex" },
  spanId: { type: "hex" },
  traceState: { type: "string" },
  parentSpanId: { type: "hex" },
  flags: { type: "uint32" },
  name: { type: "string" },
  kind: { type: spanKinds },
  startTimeUnixNano: { type: "time" },
  endTimeUnixNano: { type: "time" },
  attributes: { type: "attributes" },
  droppedAttributesCount: { type: "uint32" },
  events: { type: { list: { message: spanEvent } } },
  droppedEventsCount: { type: "uint32" },
  links: { type: { list: { message: spanLink } } },
  droppedLinksCount: { type: "uint32" },
  status: { type: { message: spanStatus } },
};

const entityRef: MessageType = {
  schemaUrl: { type: "string" },
  type: { type: "string" },
  idKeys: { type: { list: "string" } },
  descriptionKeys: { type: { list: "string" } },
};

export const resource: MessageType = {
  attributes: { type: "attributes" },
  droppedAttributesCount: { type: "uint32" },
  entityRefs: { type: { list: { message: entityRef } } },
};

export const scope: MessageType = {
  name: { type: "string" },
  version: { type: "string" },
  attributes: { type: "attributes" },
  droppedAttributesCount: { type: "uint32" },
};

export const metric: MessageType = {
  name: { type: "string" },
  description: { type: "string" },
  unit: { type: "string" },
  metadata: { type: "attributes" },
};
