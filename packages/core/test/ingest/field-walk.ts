/**
 * One export request per signal in which every field of OTLP has a value of its
 * own, and fields that no version of OTLP has stand at every level.
 */

const values = {
  string: { stringValue: 'text "quoted" \u{1f600}' },
  bool: { boolValue: true },
  int: { intValue: "9007199254740993" },
  intLeast: { intValue: "-9223372036854775808" },
  double: { doubleValue: 0.1 },
  whole: { doubleValue: 3 },
  nan: { doubleValue: "NaN" },
  bytes: { bytesValue: "AAEC/w==" },
  array: { arrayValue: { values: [{ stringValue: "a" }, { intValue: "2" }, {}] } },
  kvlist: {
    kvlistValue: {
      values: [
        { key: "inner", value: { arrayValue: { values: [{ doubleValue: 2.5 }] } } },
        { key: "empty", value: {} },
      ],
    },
  },
  empty: {},
};

/** Attributes of every type, their keys beginning with a prefix. */
const attributes = (prefix: string): object[] =>
  Object.entries(values).map(([type, value]) => ({ key: `${prefix}.${type}`, value }));

/** What `attributes` and the strange one look like as a JSON object; integers beyond 2^53 as text. */
export const attributesAsJson = (prefix: string): Record<string, unknown> => ({
  [`${prefix}.strange`]: "known",
  [`${prefix}.string`]: 'text "quoted" \u{1f600}',
  [`${prefix}.bool`]: true,
  [`${prefix}.int`]: "9007199254740993",
  [`${prefix}.intLeast`]: "-9223372036854775808",
  [`${prefix}.double`]: 0.1,
  [`${prefix}.whole`]: 3,
  [`${prefix}.nan`]: "NaN",
  [`${prefix}.bytes`]: "AAEC/w==",
  [`${prefix}.array`]: ["a", 2, null],
  [`${prefix}.kvlist`]: { inner: [2.5], empty: null },
  [`${prefix}.empty`]: null,
});

/** An attribute with fields that no version of OTLP has, and how they are reported. */
const strange = (prefix: string): object => ({
  key: `${prefix}.strange`,
  futureKeyField: "attribute-future",
  value: { stringValue: "known", futureValueField: ["value-future"] },
});
export const strangeFields = (prefix: string): Record<string, unknown> => ({
  [`attributes.${prefix}.strange.futureKeyField`]: "attribute-future",
  [`attributes.${prefix}.strange.futureValueField`]: ["value-future"],
});

const resource = {
  attributes: [
    { key: "service.name", value: { stringValue: "walk" } },
    strange("resource"),
    ...attributes("resource"),
  ],
  droppedAttributesCount: 11,
  entityRefs: [
    {
      schemaUrl: "entity-schema",
      type: "service",
      idKeys: ["service.name"],
      descriptionKeys: ["d"],
    },
  ],
  futureResourceField: { deep: [1, null, 12345678901234567890n] },
};
const scope = {
  name: "scope-name",
  version: "scope-version",
  attributes: [strange("scope"), ...attributes("scope")],
  droppedAttributesCount: 12,
  futureScopeField: "scope-future",
};

/** Wraps records as the export request of a signal. */
function request(signal: "Logs" | "Metrics" | "Spans", records: readonly object[]): object {
  const name = { Logs: "logRecords", Metrics: "metrics", Spans: "spans" }[signal];
  const scopes = [
    { scope, [name]: records, schemaUrl: "scope-schema", futureScopeEntry: { x: "scope-entry" } },
  ];
  return {
    [`resource${signal}`]: [
      {
        resource,
        [`scope${signal}`]: scopes,
        schemaUrl: "resource-schema",
        futureEntry: [true, "entry"],
      },
    ],
  };
}

const log = {
  timeUnixNano: "1767225600123456789",
  observedTimeUnixNano: "1767225600987654321",
  severityNumber: 10,
  severityText: "severity-text",
  body: { stringValue: "claude_code.walk" },
  attributes: [strange("log"), ...attributes("log")],
  droppedAttributesCount: 13,
  flags: 257,
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  eventName: "event-name",
  futureLogField: { a: ["log-future"] },
};
/** Records whose body is of each type. */
const bodies = Object.entries(values).map(([type, body]) => ({
  timeUnixNano: "1767225600000000001",
  body,
  attributes: [{ key: "body.type", value: { stringValue: type } }],
}));

const exemplar = {
  filteredAttributes: [strange("exemplar"), ...attributes("exemplar")],
  timeUnixNano: "1767225600000000021",
  spanId: "00f067aa0ba902b7",
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  futureExemplarField: "exemplar-future",
};
const point = (kind: string, more: object): object => ({
  attributes: [strange(kind), ...attributes(kind)],
  startTimeUnixNano: "1767225600000000031",
  timeUnixNano: "1767225600000000042",
  flags: 1,
  exemplars: [
    { ...exemplar, asDouble: 1.25 },
    { ...exemplar, asInt: "9223372036854775807" },
  ],
  futurePointField: `${kind}-future`,
  ...more,
});
const metric = (name: string, data: object): object => ({
  name,
  description: `${name}-description`,
  unit: `${name}-unit`,
  metadata: [strange("metadata"), ...attributes("metadata")],
  futureMetricField: `${name}-future`,
  ...data,
});

const distribution = { count: "18446744073709551615", sum: 4.5, min: -0.5, max: 9.75 };

/** The export requests, one a signal. */
export const requests: readonly object[] = [
  request("Logs", [log, ...bodies]),
  request("Metrics", [
    metric("walk.sum", {
      sum: {
        dataPoints: [
          point("sum", { asInt: "9007199254740993" }),
          point("sum2", { asDouble: -0.25 }),
          point("sum3", { asInt: "-9223372036854775808" }),
        ],
        aggregationTemporality: 2,
        isMonotonic: true,
        futureDataField: "data-future",
      },
    }),
    metric("walk.gauge", { gauge: { dataPoints: [point("gauge", { asDouble: "Infinity" })] } }),
    metric("walk.histogram", {
      histogram: {
        dataPoints: [
          point("histogram", {
            ...distribution,
            bucketCounts: ["1", "18446744073709551614", "0"],
            explicitBounds: [1, 2.5],
          }),
        ],
        aggregationTemporality: 1,
      },
    }),
    metric("walk.exponential", {
      exponentialHistogram: {
        dataPoints: [
          point("exponential", {
            ...distribution,
            scale: -3,
            zeroCount: "7",
            zeroThreshold: 0.001,
            positive: { offset: 5, bucketCounts: ["3", "4"], futureBucketField: 1 },
            negative: { offset: -6, bucketCounts: ["5"] },
          }),
        ],
        aggregationTemporality: 1,
      },
    }),
    metric("walk.summary", {
      summary: {
        dataPoints: [
          point("summary", {
            count: "8",
            sum: 2.25,
            exemplars: undefined,
            quantileValues: [
              { quantile: 0, value: 0 },
              { quantile: 0.99, value: 12.5 },
            ],
          }),
        ],
      },
    }),
  ]),
  request("Spans", [
    {
      traceId: "0af7651916cd43dd8448eb211c80319d",
      spanId: "b7ad6b7169203332",
      traceState: "vendor=state",
      parentSpanId: "b7ad6b7169203333",
      flags: 769,
      name: "span-name",
      kind: 3,
      startTimeUnixNano: "1767225600000000051",
      endTimeUnixNano: "18446744073709551615",
      attributes: [strange("span"), ...attributes("span")],
      droppedAttributesCount: 14,
      events: [
        {
          timeUnixNano: "1767225600000000061",
          name: "event-of-span",
          attributes: [strange("event"), ...attributes("event")],
          droppedAttributesCount: 15,
          futureEventField: "event-future",
        },
      ],
      droppedEventsCount: 16,
      links: [
        {
          traceId: "0af7651916cd43dd8448eb211c80319e",
          spanId: "b7ad6b7169203334",
          traceState: "link=state",
          attributes: [strange("link"), ...attributes("link")],
          droppedAttributesCount: 17,
          flags: 1025,
          futureLinkField: "link-future",
        },
      ],
      droppedLinksCount: 18,
      status: { message: "status-message", code: 2, futureStatusField: "status-future" },
      futureSpanField: "span-future",
    },
  ]),
];

/** JSON with bare integers for bigints. */
export function asLine(request: object): string {
  return JSON.stringify(request, (_, value: unknown) =>
    typeof value === "bigint" ? `bare:${value}` : value,
  ).replace(/"bare:(-?\d+)"/g, "$1");
}
