import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseExact } from "../../src/otlp/json/exact-json.ts";
import type { Value } from "../../src/store/session.ts";
import { TestStore } from "../support/test-store.ts";
import { asLine, attributesAsJson, requests, strangeFields } from "./field-walk.ts";

type Row = Readonly<Record<string, Value>>;

let store: TestStore;

beforeAll(async () => {
  store = await TestStore.open();
  const { totals } = await store.importText(`${requests.map(asLine).join("\n")}\n`);
  expect(totals).toMatchObject({ logRecords: 12, points: 7, spans: 1, rejectedLines: 0 });
});
afterAll(() => store.remove());

/** The one row of a statement. */
async function row(sql: string): Promise<Row> {
  const rows = await store.rows(sql);
  expect(rows).toHaveLength(1);
  return rows[0] as Row;
}

/** A JSON column, its integers beyond 2^53 as text. */
function json(value: Value | undefined): unknown {
  return parseExact(String(value));
}

/** Nanoseconds since 1970 of a time column and the column of what is left over. */
const nanos = (column: string): string =>
  `(epoch_us(${column})::HUGEINT * 1000 + ${column}_nanos)::VARCHAR`;

/** Every value of a JSON object, asked for by SQL one by one, is what was sent. */
async function expectReadable(
  table: string,
  where: string,
  column: string,
  expected: unknown,
): Promise<void> {
  const leaves = leavesOf(expected);
  const asked = leaves.map(([pointer], at) => {
    const path = pointer.replaceAll("'", "''");
    return `json_extract_string(${column}, '${path}') AS v${at}`;
  });
  const found = await row(`SELECT ${asked.join(", ")} FROM ${table} WHERE ${where}`);
  expect(leaves.map(([pointer], at) => [pointer, found[`v${at}`]])).toEqual(leaves);
}

/** JSON pointers of all scalars with their texts. */
function leavesOf(value: unknown, at = ""): [pointer: string, text: string | null][] {
  if (typeof value !== "object" || value === null) {
    return [[at, value === null ? null : String(value)]];
  }
  return Object.entries(value).flatMap(([key, each]) =>
    leavesOf(each, `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
}

describe("every field of a resource and a scope", () => {
  test("resource", async () => {
    const found = await row("FROM base.resources");
    expect(found).toMatchObject({ service_name: "walk", schema_url: "resource-schema" });
    const expected = { "service.name": "walk", ...attributesAsJson("resource") };
    expect(json(found["attributes"])).toEqual({ ...expected, "resource.whole": 3 });
    expect(json(found["other_fields"])).toEqual({
      droppedAttributesCount: 11,
      entityRefs: [
        {
          schemaUrl: "entity-schema",
          type: "service",
          idKeys: ["service.name"],
          descriptionKeys: ["d"],
        },
      ],
      futureResourceField: { deep: [1, null, "12345678901234567890"] },
      futureEntry: [true, "entry"],
      ...strangeFields("resource"),
    });
  });

  test("scope", async () => {
    const found = await row("FROM base.scopes");
    expect(found).toMatchObject({
      name: "scope-name",
      version: "scope-version",
      schema_url: "scope-schema",
    });
    expect(json(found["attributes"])).toEqual(attributesAsJson("scope"));
    expect(json(found["other_fields"])).toEqual({
      droppedAttributesCount: 12,
      futureScopeField: "scope-future",
      futureScopeEntry: { x: "scope-entry" },
      ...strangeFields("scope"),
    });
  });
});

describe("every field of a log record", () => {
  const here = "severity_text = 'severity-text'";
  const logs = "(SELECT *, other_fields->>'severityText' AS severity_text FROM base.other_logs)";

  test("fields", async () => {
    const found = await row(
      `SELECT *, ${nanos("time")} AS nanos,
         (epoch_us(time)::HUGEINT * 1000 + time_nanos + observed_lag_ns)::VARCHAR AS observed
       FROM ${logs} WHERE ${here}`,
    );
    expect(found).toMatchObject({
      nanos: "1767225600123456789",
      observed: "1767225600987654321",
      body: "claude_code.walk",
      event_name: "walk",
      trace_id: "0af7651916cd43dd8448eb211c80319c",
      span_id: "b7ad6b7169203331",
    });
    expect(json(found["other_fields"])).toEqual({
      severityNumber: 10,
      severityText: "severity-text",
      droppedAttributesCount: 13,
      flags: 257,
      eventName: "event-name",
      futureLogField: { a: ["log-future"] },
      ...strangeFields("log"),
    });
  });

  test("attributes of every type", () =>
    expectReadable(logs, here, "attributes", {
      ...attributesAsJson("log"),
      "log.whole": "3.0",
      "log.array": ["a", "2", null],
      "log.kvlist": { inner: ["2.5"], empty: null },
    }));

  test.each([
    ["string", 'text "quoted" \u{1f600}'],
    ["bool", true],
    ["int", "9007199254740993"],
    ["intLeast", "-9223372036854775808"],
    ["double", 0.1],
    ["whole", 3],
    ["nan", "NaN"],
    ["bytes", "AAEC/w=="],
    ["array", ["a", 2, null]],
    ["kvlist", { inner: [2.5], empty: null }],
    ["empty", null],
  ])("a body of type %s", async (type, expected) => {
    const found = await row(
      `SELECT body, other_fields FROM base.other_logs WHERE attributes->>'$."body.type"' = '${type}'`,
    );
    if (type === "string") expect(found).toMatchObject({ body: expected, other_fields: null });
    else expect(json(found["other_fields"])).toMatchObject({ body: expected });
  });
});

describe("every field of a metric", () => {
  const exemplars = [{ asDouble: 1.25 }, { asInt: "9223372036854775807" }].map((value) => ({
    ...value,
    filteredAttributes: attributesAsJson("exemplar"),
    timeUnixNano: "1767225600000000021",
    spanId: "00f067aa0ba902b7",
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    futureExemplarField: "exemplar-future",
    ...strangeFields("exemplar"),
  }));
  const distribution = { count: "18446744073709551615", sum: 4.5, min: -0.5, max: 9.75 };

  test.each([
    ["sum", "walk.sum", { value_int: 9007199254740993n, is_monotonic: true }, {}],
    ["sum2", "walk.sum", { value: -0.25, value_int: null, is_monotonic: true }, {}],
    [
      "sum3",
      "walk.sum",
      { value: -(2 ** 63), is_monotonic: true },
      { asInt: "-9223372036854775808" },
    ],
    ["gauge", "walk.gauge", { value: Number.POSITIVE_INFINITY, temporality: null }, {}],
    ["histogram", "walk.histogram", { temporality: "delta", data_type: "histogram" }, {}],
    ["exponential", "walk.exponential", { data_type: "exponential_histogram" }, {}],
    ["summary", "walk.summary", { data_type: "summary", temporality: null }, {}],
  ])("point %s", async (kind, name, columns, others) => {
    const found = await row(
      `SELECT *, ${nanos("time")} AS nanos, ${nanos("start_time")} AS start_nanos
       FROM base.metric_points WHERE other_fields->>'futurePointField' = '${kind}-future'`,
    );
    expect(found).toMatchObject({
      nanos: "1767225600000000042",
      start_nanos: "1767225600000000031",
      metric_name: name,
      metric_description: `${name}-description`,
      metric_unit: `${name}-unit`,
      ...columns,
    });
    if (name === "walk.sum") {
      expect(found).toMatchObject({ data_type: "sum", temporality: "cumulative" });
    }
    expect(json(found["attributes"])).toEqual(attributesAsJson(kind));
    expect(json(found["other_fields"])).toEqual({
      flags: 1,
      ...(kind === "summary" ? {} : { exemplars }),
      futurePointField: `${kind}-future`,
      metric: {
        metadata: attributesAsJson("metadata"),
        futureMetricField: `${name}-future`,
        ...(name === "walk.sum" ? { "data.futureDataField": "data-future" } : {}),
        ...strangeFields("metadata"),
      },
      ...strangeFields(kind),
      ...others,
    });
  });

  test.each([
    [
      "histogram",
      {
        ...distribution,
        bucketCounts: ["1", "18446744073709551614", "0"],
        explicitBounds: [1, 2.5],
      },
    ],
    [
      "exponential_histogram",
      {
        ...distribution,
        scale: -3,
        zeroCount: "7",
        zeroThreshold: 0.001,
        positive: { offset: 5, bucketCounts: ["3", "4"], futureBucketField: 1 },
        negative: { offset: -6, bucketCounts: ["5"] },
      },
    ],
    [
      "summary",
      {
        count: "8",
        sum: 2.25,
        quantileValues: [
          { quantile: 0, value: 0 },
          { quantile: 0.99, value: 12.5 },
        ],
      },
    ],
  ])("distribution of a %s", async (type, expected) => {
    const where = `data_type = '${type}'`;
    await expectReadable("base.metric_points", where, "distribution", expected);
    const found = await row(`SELECT distribution FROM base.metric_points WHERE ${where}`);
    expect(json(found["distribution"])).toEqual(expected);
  });
});

describe("every field of a span", () => {
  test("fields", async () => {
    const found = await row(
      `SELECT *, ${nanos("time")} AS nanos, ${nanos("end_time")} AS end_nanos FROM base.spans`,
    );
    expect(found).toMatchObject({
      nanos: "1767225600000000051",
      end_nanos: "18446744073709551615",
      trace_id: "0af7651916cd43dd8448eb211c80319d",
      span_id: "b7ad6b7169203332",
      parent_span_id: "b7ad6b7169203333",
      trace_state: "vendor=state",
      span_name: "span-name",
      span_kind: "client",
      status_code: "error",
      status_message: "status-message",
    });
    expect(json(found["attributes"])).toEqual(attributesAsJson("span"));
    expect(json(found["other_fields"])).toEqual({
      flags: 769,
      droppedAttributesCount: 14,
      droppedEventsCount: 16,
      droppedLinksCount: 18,
      futureSpanField: "span-future",
      "status.futureStatusField": "status-future",
      ...strangeFields("span"),
    });
  });

  test("events and links", async () => {
    const found = await row("SELECT events, links FROM base.spans");
    expect(json(found["events"])).toEqual([
      {
        timeUnixNano: "1767225600000000061",
        name: "event-of-span",
        attributes: attributesAsJson("event"),
        droppedAttributesCount: 15,
        futureEventField: "event-future",
        ...strangeFields("event"),
      },
    ]);
    expect(json(found["links"])).toEqual([
      {
        traceId: "0af7651916cd43dd8448eb211c80319e",
        spanId: "b7ad6b7169203334",
        traceState: "link=state",
        attributes: attributesAsJson("link"),
        droppedAttributesCount: 17,
        flags: 1025,
        futureLinkField: "link-future",
        ...strangeFields("link"),
      },
    ]);
  });
});

describe("64-bit integers and times", () => {
  test.each([
    ["intValue as text", '"9223372036854775807"', "9223372036854775807"],
    ["intValue as a bare number", "9223372036854775807", "9223372036854775807"],
    ["a bare number just beyond 2^53", "9007199254740993", "9007199254740993"],
    ["the least", "-9223372036854775808", "-9223372036854775808"],
  ])("%s", async (_, text, expected) => {
    const store = await TestStore.open();
    const attributes = ["anything", "input_tokens"].map(
      (key) => `{"key":"${key}","value":{"intValue":${text}}}`,
    );
    await store.importText(
      `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1","body":{"stringValue":"claude_code.api_request"},"attributes":[${attributes}]}]}]}]}\n`,
    );
    const found = await store.rows(
      `SELECT coalesce(input_tokens::VARCHAR, attributes->>'input_tokens') AS tokens,
         attributes->>'anything' AS anything FROM base.api_request_logs`,
    );
    expect(found).toEqual([{ tokens: expected, anything: expected }]);
    await store.remove();
  });

  test.each([
    "1",
    "999",
    "1000",
    "9007199254740993",
    "1767225600123456789",
    "18446744073709551615",
  ])("time %s, as text and as a bare number", async (time) => {
    const store = await TestStore.open();
    const line = (field: string): string =>
      `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":${field},"observedTimeUnixNano":"18446744073709551615"}]}]}]}\n`;
    await store.importText(line(`"${time}"`) + line(time));
    const found = await store.rows(
      `SELECT ${nanos("time")} AS nanos,
           ((epoch_us(time)::HUGEINT * 1000 + time_nanos + observed_lag_ns + 18446744073709551616)
             % 18446744073709551616)::VARCHAR AS observed
         FROM base.other_logs`,
    );
    expect(found).toEqual([{ nanos: time, observed: "18446744073709551615" }]);
    await store.remove();
  });
});
