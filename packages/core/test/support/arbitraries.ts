import fc from "fast-check";
import { anyValue, attributes, double, integer, text } from "./arbitrary-values.ts";
import { canonical, type Json, list, object, print, raw, type Style, str } from "./json-text.ts";

/**
 * Export requests as JSON texts for property tests: mostly in the very form the
 * Collector writes, so that the scanner takes them, with every deviation that
 * JSON allows mixed in.
 */

const style: fc.Arbitrary<Style> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(canonical) },
  { weight: 1, arbitrary: fc.constant({ ...canonical, htmlEscapes: true }) },
  { weight: 3, arbitrary: fc.constant({ ...canonical, space: " " }) },
  { weight: 1, arbitrary: fc.constant({ ...canonical, space: " ", closing: " " }) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.nat(3 ** 10), fc.constantFrom("", " "))
      .map(([shuffle, space]) => ({ ...canonical, shuffle, space })),
  },
);

const nanos: fc.Arbitrary<Json | undefined> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc
      .constantFrom(
        "1767225600123456789",
        "1767225600123000000",
        "1767225600123456",
        "1767225600123",
      )
      .map((each) => raw(`"${each}"`)),
  },
  {
    weight: 2,
    arbitrary: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((each) => raw(`"${each}"`)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      raw("1767225600123456789"),
      raw('"0"'),
      raw('"999"'),
      raw('"1000"'),
      raw('"01000"'),
      undefined,
    ),
  },
);

const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 14, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const mostlyFilled = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.array(arbitrary, { minLength: 1, maxLength }) },
    { weight: 1, arbitrary: fc.constant<T[]>([]) },
  );
const flags = sometimes(fc.constantFrom("0", "1", "257", "4294967295", '"01"', '"1"').map(raw));
const id = (digits: number): fc.Arbitrary<Json | undefined> =>
  rarely(
    fc
      .constantFrom(
        "",
        "0af7651916cd43dd8448eb211c80319c".slice(0, digits),
        "0AF7651916CD43DD8448EB211C80319C".slice(0, digits),
        "abcd",
      )
      .map(str),
  );
const unknownField = rarely(
  fc.constantFrom(raw("1"), raw('{"a":[null,{"b":"c"}]}'), raw("12345678901234567890"), raw('"x"')),
);

const logRecord: fc.Arbitrary<Json> = fc
  .record({
    time: nanos,
    observed: nanos,
    severity: rarely(fc.constantFrom("0", "9", '"SEVERITY_NUMBER_INFO"').map(raw)),
    severityText: rarely(text.map(str)),
    body: fc.oneof(
      {
        weight: 4,
        arbitrary: fc
          .constantFrom(
            "claude_code.api_request",
            "claude_code.user_prompt",
            "claude_code.",
            "api_request",
            "user_prompt",
          )
          .map((each) => object(["stringValue", str(each)])),
      },
      { weight: 1, arbitrary: anyValue },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    attributes: fc.oneof(
      { weight: 9, arbitrary: attributes },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    dropped: sometimes(fc.constantFrom("0", "0", "3").map(raw)),
    flags,
    traceId: id(32),
    spanId: id(16),
    eventName: rarely(
      fc.oneof(text, fc.constantFrom("claude_code.api_request", "api_request")).map(str),
    ),
    unknownField,
  })
  .map((log) =>
    object(
      ["timeUnixNano", log.time],
      ["observedTimeUnixNano", log.observed],
      ["severityNumber", log.severity],
      ["severityText", log.severityText],
      ["body", log.body],
      ["attributes", log.attributes],
      ["droppedAttributesCount", log.dropped],
      ["flags", log.flags],
      ["traceId", log.traceId],
      ["spanId", log.spanId],
      ["eventName", log.eventName],
      ["unknownField", log.unknownField],
    ),
  );

const point: fc.Arbitrary<Json> = fc
  .record({
    attributes: fc.oneof(
      { weight: 9, arbitrary: attributes },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    start: nanos,
    time: nanos,
    value: fc.oneof(
      double.map((each) => ["asDouble", each] as const),
      integer.map((each) => ["asInt", each] as const),
      fc.constant(["asInt", undefined] as const),
    ),
    flags,
    exemplars: rarely(fc.constant(list([]))),
    unknownField,
  })
  .map((each) =>
    object(
      ["attributes", each.attributes],
      ["startTimeUnixNano", each.start],
      ["timeUnixNano", each.time],
      each.value,
      ["exemplars", each.exemplars],
      ["flags", each.flags],
      ["unknownField", each.unknownField],
    ),
  );
const points = mostlyFilled(point, 3).map(list);

const metric: fc.Arbitrary<Json> = fc
  .record({
    name: fc.oneof(fc.constant("claude_code.token.usage"), text),
    description: rarely(text.map(str)),
    unit: rarely(text.map(str)),
    points,
    more: rarely(points),
    temporality: fc.constantFrom("1", "2", '"AGGREGATION_TEMPORALITY_DELTA"').map(raw),
    monotonic: fc.constantFrom(raw("true"), raw("false"), undefined),
    kind: fc.constantFrom("sum", "sum", "sum", "gauge"),
    extra: rarely(points.map((each) => object(["dataPoints", each]))),
    second: rarely(points.map((each) => object(["dataPoints", each]))),
    metadata: rarely(attributes),
    unknownField,
  })
  .map((each) =>
    object(
      ["name", str(each.name)],
      ["description", each.description],
      ["unit", each.unit],
      ["extra", each.extra],
      [
        each.kind,
        each.kind === "gauge"
          ? object(["dataPoints", each.points], ["dataPoints", each.more])
          : object(
              ["dataPoints", each.points],
              ["dataPoints", each.more],
              ["aggregationTemporality", each.temporality],
              ["isMonotonic", each.monotonic],
            ),
      ],
      [each.kind, each.second],
      ["metadata", each.metadata],
      ["unknownField", each.unknownField],
    ),
  );

const span: fc.Arbitrary<Json> = fc
  .record({ start: nanos, end: nanos, attributes, traceId: id(32), name: text })
  .map((each) =>
    object(
      ["traceId", each.traceId],
      ["name", str(each.name)],
      ["startTimeUnixNano", each.start],
      ["endTimeUnixNano", each.end],
      ["attributes", each.attributes],
      ["status", object()],
    ),
  );

const context = (
  members: readonly (readonly [string, fc.Arbitrary<Json | undefined>])[],
): fc.Arbitrary<Json> =>
  fc
    .tuple(...members.map(([, arbitrary]) => arbitrary))
    .map((values) => object(...members.map(([name], at) => [name, values[at]] as const)));

const resource = context([
  ["attributes", fc.oneof(fc.constant(undefined), attributes)],
  ["droppedAttributesCount", rarely(fc.constant(raw("2")))],
  ["unknownField", unknownField],
]);
const scope = context([
  ["name", rarely(fc.oneof(text, fc.constant("com.anthropic.claude_code.events")).map(str))],
  ["version", rarely(text.map(str))],
  ["attributes", rarely(attributes)],
]);

function request(
  names: readonly [resources: string, scopes: string, records: string],
  record: fc.Arbitrary<Json>,
): fc.Arbitrary<Json> {
  const [resources, scopes, records] = names;
  const scoped = context([
    ["scope", scope],
    [records, mostlyFilled(record, 4).map(list)],
    ["schemaUrl", rarely(text.map(str))],
  ]);
  const entry = context([
    ["resource", resource],
    [scopes, mostlyFilled(scoped, 2).map(list)],
    ["schemaUrl", rarely(text.map(str))],
    ["unknownField", unknownField],
  ]);
  return fc
    .array(entry, { minLength: 1, maxLength: 2 })
    .map((entries) => object([resources, list(entries)]));
}

/** One line holding an export request of any signal. */
export const requestLine: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: request(["resourceLogs", "scopeLogs", "logRecords"], logRecord) },
      { weight: 4, arbitrary: request(["resourceMetrics", "scopeMetrics", "metrics"], metric) },
      { weight: 1, arbitrary: request(["resourceSpans", "scopeSpans", "spans"], span) },
    ),
    style,
  )
  .map(([json, chosen]) => print(json, chosen));
