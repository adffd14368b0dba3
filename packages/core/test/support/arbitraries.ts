import fc from "fast-check";

/**
 * Export requests as JSON texts for property tests: mostly in the very form the
 * Collector writes, so that the scanner takes them, with every deviation that
 * JSON allows mixed in.
 */

/** How often a property is tried; FC_RUNS raises it. */
export function runs(usual: number): number {
  return Number(process.env["FC_RUNS"] ?? usual);
}

/** A JSON text that lets keys come twice and numbers be written in any way. */
type Json =
  | { readonly kind: "raw"; readonly text: string }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, Json])[] }
  | { readonly kind: "list"; readonly items: readonly Json[] };

const raw = (text: string): Json => ({ kind: "raw", text });
const str = (text: string): Json => raw(JSON.stringify(text));
const list = (items: readonly Json[]): Json => ({ kind: "list", items });
const object = (...members: readonly (readonly [string, Json | undefined])[]): Json => ({
  kind: "object",
  members: members.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
});

/** How a text is written. */
interface Style {
  readonly space: string;
  readonly htmlEscapes: boolean;
  readonly shuffle: number;
}

function print(json: Json, style: Style): string {
  const { space } = style;
  switch (json.kind) {
    case "raw":
      return style.htmlEscapes ? json.text.replace(/[<>&]/g, htmlEscape) : json.text;
    case "list":
      return `[${json.items.map((item) => print(item, style)).join(`,${space}`)}]`;
    case "object": {
      const at = json.members.length === 0 ? 0 : style.shuffle % json.members.length;
      const turned = [...json.members.slice(at), ...json.members.slice(0, at)];
      const members = turned.map(
        ([key, value]) => `${JSON.stringify(key)}:${space}${print(value, style)}`,
      );
      return `{${members.join(`,${space}`)}${space}}`;
    }
  }
}

function htmlEscape(letter: string): string {
  return `\\u00${letter.charCodeAt(0).toString(16)}`;
}

const canonical: Style = { space: "", htmlEscapes: false, shuffle: 0 };

const style: fc.Arbitrary<Style> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(canonical) },
  { weight: 1, arbitrary: fc.constant({ ...canonical, htmlEscapes: true }) },
  { weight: 1, arbitrary: fc.constant({ ...canonical, space: " " }) },
  { weight: 1, arbitrary: fc.nat(5).map((shuffle) => ({ ...canonical, shuffle })) },
);

const text: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("", "a", "claude-opus-5", "sdk", "true", "false", "accept"),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "0",
      "1",
      "-1",
      "007",
      "12345",
      "0.25",
      "1e-7",
      "1e999",
      "9007199254740993",
      "-0",
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "<b>&</b>",
      "line\nbreak",
      'quote "',
      "back\\slash",
      "tab\t",
      "\u0000",
      "\u007f",
      "\u2028",
      "\ud800",
      "\udc00x",
      "\u{1f600}",
      "\ufeff",
      '"dataPoints":[',
      "}}",
      "]}",
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 600 }) },
);

const keys = [
  "event.name",
  "event.timestamp",
  "event.sequence",
  "session.id",
  "model",
  "type",
  "prompt.id",
  "input_tokens",
  "cost_usd",
  "duration_ms",
  "success",
  "workflow_id",
  "stage",
  "user.email",
  "app.version",
  "service.name",
  "team",
  "unknown",
  "__proto__",
  "constructor",
  'key with "quotes"',
  "",
];
const key: fc.Arbitrary<string> = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...keys) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
);

const timestampText = fc
  .date({ min: new Date("1965-01-01"), max: new Date("2300-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());

const integer: fc.Arbitrary<Json> = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => raw(`"${value}"`)),
  fc.integer().map((value) => raw(`"${value}"`)),
  fc.integer().map((value) => raw(String(value))),
  fc
    .constantFrom(
      "0",
      "-0",
      "1.0",
      "1e3",
      "9007199254740993",
      "-9223372036854775808",
      "999999999999999",
      "1000000000000000",
    )
    .map(raw),
  fc.constantFrom('"007"', '"-0"', '"9223372036854775807"', '"-9223372036854775808"').map(raw),
);

const double: fc.Arbitrary<Json> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => raw(String(value))),
  fc
    .constantFrom(
      "0",
      "-0",
      "12",
      "-12",
      "0.1",
      "1e+21",
      "1e-07",
      "1E5",
      "5e-324",
      "1.7976931348623157e308",
      "123456789012345678",
      "12345678901234567890",
      '"NaN"',
      '"Infinity"',
      '"-Infinity"',
      '"0.5"',
    )
    .map(raw),
);

const { value: anyValue }: { value: fc.Arbitrary<Json> } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 12, arbitrary: text.map((each) => object(["stringValue", str(each)])) },
    { weight: 2, arbitrary: timestampText.map((each) => object(["stringValue", str(each)])) },
    { weight: 4, arbitrary: integer.map((each) => object(["intValue", each])) },
    { weight: 4, arbitrary: double.map((each) => object(["doubleValue", each])) },
    { weight: 2, arbitrary: fc.boolean().map((each) => object(["boolValue", raw(String(each))])) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(object(), object(["stringValue", raw("null")]), raw("null")),
    },
    {
      weight: 1,
      arbitrary: fc
        .base64String({ maxLength: 12 })
        .map((each) => object(["bytesValue", str(each)])),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        object(["futureValue", list([raw("1"), raw('"x"')])]),
        object(["futureValue", raw("9007199254740993")], ["stringValue", str("x")]),
        object(["intValue", raw('"1"')], ["stringValue", str("x")]),
        object(["arrayValue", object(["values", list([])], ["futureField", raw("1")])]),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constant(object(["stringValue", str("a")], ["stringValue", str("b")])),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(tie("value"), { maxLength: 3 })
        .map((items) =>
          object(["arrayValue", items.length === 0 ? object() : object(["values", list(items)])]),
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.tuple(key, tie("value")), { maxLength: 3 })
        .map((items) =>
          object([
            "kvlistValue",
            object(["values", list(items.map(([k, v]) => object(["key", str(k)], ["value", v])))]),
          ]),
        ),
    },
  ),
}));

const attribute: fc.Arbitrary<Json> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.tuple(key, anyValue).map(([k, v]) => object(["key", str(k)], ["value", v])),
  },
  { weight: 1, arbitrary: anyValue.map((v) => object(["value", v])) },
  { weight: 1, arbitrary: key.map((k) => object(["key", str(k)])) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(key, anyValue)
      .map(([k, v]) => object(["key", str(k)], ["value", v], ["futureField", raw("true")])),
  },
);
const attributes: fc.Arbitrary<Json> = fc.array(attribute, { maxLength: 6 }).map(list);

const nanos: fc.Arbitrary<Json | undefined> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .constantFrom("1767225600123456789", "1767225600123000000")
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
const mostlyFilled = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.array(arbitrary, { minLength: 1, maxLength }) },
    { weight: 1, arbitrary: fc.constant<T[]>([]) },
  );
const flags = rarely(fc.constantFrom("0", "1", "257", "4294967295", '"01"', '"1"').map(raw));
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
    severity: rarely(fc.constantFrom(raw("9"), raw('"SEVERITY_NUMBER_INFO"'))),
    severityText: rarely(text.map(str)),
    body: fc.oneof(
      {
        weight: 4,
        arbitrary: fc
          .constantFrom("claude_code.api_request", "claude_code.user_prompt", "claude_code.")
          .map((each) => object(["stringValue", str(each)])),
      },
      { weight: 1, arbitrary: anyValue },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    attributes: fc.oneof(
      { weight: 9, arbitrary: attributes },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    dropped: rarely(fc.constant(raw("3"))),
    flags,
    traceId: id(32),
    spanId: id(16),
    eventName: rarely(text.map(str)),
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
    unknownField,
  })
  .map((each) =>
    object(
      ["attributes", each.attributes],
      ["startTimeUnixNano", each.start],
      ["timeUnixNano", each.time],
      each.value,
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
  ["name", rarely(text.map(str))],
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
