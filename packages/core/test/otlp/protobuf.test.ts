import { Buffer } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classifyMessage, decodeMessage, type Signal } from "../../src/otlp/protobuf.ts";
import { wire } from "./wire.ts";

const telemetry = new URL("../../../../fixtures/telemetry/", import.meta.url).pathname;

function messagesOf(file: string): Buffer[] {
  const bytes = readFileSync(join(telemetry, file));
  const messages: Buffer[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const length = bytes.readUInt32BE(offset);
    messages.push(bytes.subarray(offset + 4, offset + 4 + length));
    offset += 4 + length;
  }
  return messages;
}

function linesOf(file: string): unknown[] {
  const lines = readFileSync(join(telemetry, file), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}

const signalKeys: Record<Signal, string> = {
  logs: "resourceLogs",
  metrics: "resourceMetrics",
  traces: "resourceSpans",
};

/** Every record with its resource and scope, as text with sorted keys, sorted. */
function records(requests: readonly unknown[]): string[] {
  const found: string[] = [];
  for (const request of requests) {
    for (const entry of Object.values(request as object).flat()) {
      const scopes = entry.scopeLogs ?? entry.scopeMetrics ?? entry.scopeSpans ?? [];
      for (const scope of scopes) {
        for (const record of scope.logRecords ?? scope.metrics ?? scope.spans ?? []) {
          const around = [entry.resource, entry.schemaUrl, scope.scope, scope.schemaUrl];
          found.push(canonical([...around, record]));
        }
      }
    }
  }
  return found.sort();
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function decoded(bytes: Uint8Array, signal?: Signal): unknown {
  const verdict = decodeMessage(bytes, signal);
  if (verdict.kind !== "request") throw new Error(JSON.stringify(verdict));
  return verdict.request;
}

describe("files of the Collector", () => {
  const files = readdirSync(join(telemetry, "modes/proto")).filter((name) => name.endsWith(".pb"));

  test("there are some of each signal", () => {
    expect(new Set(files.map((file) => file.split(".").at(-2)))).toEqual(
      new Set(["logs", "metrics", "traces"]),
    );
  });

  test.each(files)("%s has the records of the JSON lines", (file) => {
    const [run, signal] = basename(file, ".pb").split(".") as [string, Signal];
    const messages = messagesOf(`modes/proto/${file}`);
    const requests = messages.map((message) => decoded(message, signal));

    expect(messages.map(classifyMessage)).toEqual(messages.map(() => [signal]));
    const lines = linesOf(`${run}.jsonl`).filter((line) => signalKeys[signal] in (line as object));
    expect(records(requests).length).toBeGreaterThan(0);
    expect(records(requests)).toEqual(records(lines));
    expect(requests.map(canonical).sort()).toEqual(lines.map(canonical).sort());
  });

  test("a file of mixed signals: each message tells its own", () => {
    const messages = messagesOf("edge/framings/proto.bin");
    const lines = linesOf("edge/framings/json.jsonl");
    const keys = lines.map((line) => Object.keys(line as object)[0]);

    expect(messages.map((message) => classifyMessage(message).map((s) => signalKeys[s]))).toEqual(
      keys.map((key) => [key]),
    );
    expect(messages.map((message) => canonical(decoded(message)))).toEqual(lines.map(canonical));
  });
});

const nanos = 1_795_226_031_263_000_001n;
const id16 = Buffer.from("0102030405060708090a0b0c0d0e0fff", "hex");
const id8 = Buffer.from("f102030405060708", "hex");
const text = (id: number, value: string): Buffer => wire.of(id, wire.of(1, value));
const attribute = (id: number, key: string, ...value: Buffer[]): Buffer =>
  wire.of(id, wire.of(1, key), wire.of(2, ...value));
const request = (...record: Buffer[]): Buffer => wire.of(1, wire.of(2, wire.of(2, ...record)));

interface Wrapped {
  readonly [signal: string]: readonly { readonly [scopes: string]: readonly object[] }[];
}

/** The single record of a request. */
function recordOf(bytes: Uint8Array, signal: Signal): unknown {
  const entry = Object.values(decoded(bytes, signal) as Wrapped)[0]?.[0] ?? {};
  const scope = Object.values(entry).find(Array.isArray)?.[0] ?? {};
  return Object.values(scope).find(Array.isArray)?.[0];
}

describe("every field", () => {
  test("of a log record, its resource and its scope", () => {
    const bytes = wire.of(
      1,
      wire.of(
        1,
        attribute(1, "service.name", wire.of(1, "claude-code")),
        wire.varint(2, 3),
        wire.of(3, wire.of(1, "u"), wire.of(2, "host"), wire.of(3, "a"), wire.of(4, "b")),
      ),
      wire.of(
        2,
        wire.of(1, wire.of(1, "s"), wire.of(2, "1"), attribute(3, "k"), wire.varint(4, 5)),
        wire.of(
          2,
          wire.fixed64(1, nanos),
          wire.varint(2, 9),
          wire.of(3, "INFO"),
          text(5, "hello"),
          attribute(6, "n", wire.varint(3, -(2n ** 63n))),
          wire.varint(7, 4_294_967_295),
          wire.fixed32(8, 1),
          wire.of(9, id16),
          wire.of(10, id8),
          wire.fixed64(11, 2n ** 64n - 1n),
          wire.of(12, "event"),
        ),
        wire.of(3, "scope-schema"),
      ),
      wire.of(3, "resource-schema"),
    );
    expect(decoded(bytes)).toEqual({
      resourceLogs: [
        {
          resource: {
            attributes: [{ key: "service.name", value: { stringValue: "claude-code" } }],
            droppedAttributesCount: 3,
            entityRefs: [{ schemaUrl: "u", type: "host", idKeys: ["a"], descriptionKeys: ["b"] }],
          },
          scopeLogs: [
            {
              scope: {
                name: "s",
                version: "1",
                attributes: [{ key: "k", value: {} }],
                droppedAttributesCount: 5,
              },
              logRecords: [
                {
                  timeUnixNano: "1795226031263000001",
                  severityNumber: 9,
                  severityText: "INFO",
                  body: { stringValue: "hello" },
                  attributes: [{ key: "n", value: { intValue: "-9223372036854775808" } }],
                  droppedAttributesCount: 4_294_967_295,
                  flags: 1,
                  traceId: "0102030405060708090a0b0c0d0e0fff",
                  spanId: "f102030405060708",
                  observedTimeUnixNano: "18446744073709551615",
                  eventName: "event",
                },
              ],
              schemaUrl: "scope-schema",
            },
          ],
          schemaUrl: "resource-schema",
        },
      ],
    });
  });

  test("of a number data point and its exemplars, in a sum and in a gauge", () => {
    const points = [
      wire.of(
        1,
        attribute(7, "type", wire.of(1, "input")),
        wire.fixed64(2, nanos),
        wire.fixed64(3, nanos + 1n),
        wire.fixed64(6, -(2n ** 63n)),
        wire.of(
          5,
          attribute(7, "a", wire.varint(2, 0)),
          wire.fixed64(2, nanos),
          wire.double(3, 0),
          wire.of(4, id8),
          wire.of(5, id16),
        ),
        wire.of(5, wire.fixed64(6, 7n)),
        wire.varint(8, 1),
      ),
      wire.of(1, wire.double(4, Number.NaN)),
      wire.of(1),
    ];
    const dataPoints = [
      {
        attributes: [{ key: "type", value: { stringValue: "input" } }],
        startTimeUnixNano: "1795226031263000001",
        timeUnixNano: "1795226031263000002",
        asInt: "-9223372036854775808",
        exemplars: [
          {
            filteredAttributes: [{ key: "a", value: { boolValue: false } }],
            timeUnixNano: "1795226031263000001",
            asDouble: 0,
            spanId: "f102030405060708",
            traceId: "0102030405060708090a0b0c0d0e0fff",
          },
          { asInt: "7" },
        ],
        flags: 1,
      },
      { asDouble: "NaN" },
      {},
    ];
    const head = [wire.of(1, "m"), wire.of(2, "d"), wire.of(3, "u")];
    const sum = wire.of(7, ...points, wire.varint(2, 2), wire.varint(3, 1));
    expect(recordOf(request(...head, sum, attribute(12, "x")), "metrics")).toEqual({
      name: "m",
      description: "d",
      unit: "u",
      sum: { dataPoints, aggregationTemporality: 2, isMonotonic: true },
      metadata: [{ key: "x", value: {} }],
    });
    expect(recordOf(request(...head, wire.of(5, ...points)), "metrics")).toEqual({
      name: "m",
      description: "d",
      unit: "u",
      gauge: { dataPoints },
    });
  });

  test("of a histogram, packed or not, with zeros that were sent", () => {
    const packed = Buffer.concat([wire.fixed64(1, 2n ** 63n).subarray(1), Buffer.alloc(8)]);
    const point = wire.of(
      1,
      attribute(9, "k", wire.of(1, "v")),
      wire.fixed64(2, 1n),
      wire.fixed64(3, 2n),
      wire.fixed64(4, 3n),
      wire.double(5, 0),
      wire.of(6, packed),
      wire.double(7, 0.5),
      wire.double(7, Number.POSITIVE_INFINITY),
      wire.of(8, wire.fixed64(2, 9n)),
      wire.varint(10, 1),
      wire.double(11, 0),
      wire.double(12, Number.NEGATIVE_INFINITY),
    );
    const histogram = wire.of(9, point, wire.of(1), wire.varint(2, 1));
    expect(recordOf(request(wire.of(1, "m"), histogram), "metrics")).toEqual({
      name: "m",
      histogram: {
        dataPoints: [
          {
            attributes: [{ key: "k", value: { stringValue: "v" } }],
            startTimeUnixNano: "1",
            timeUnixNano: "2",
            count: "3",
            sum: 0,
            bucketCounts: ["9223372036854775808", "0"],
            explicitBounds: [0.5, "Infinity"],
            exemplars: [{ timeUnixNano: "9" }],
            flags: 1,
            min: 0,
            max: "-Infinity",
          },
          {},
        ],
        aggregationTemporality: 1,
      },
    });
  });

  test("of an exponential histogram and of a summary", () => {
    const buckets = wire.of(9, wire.varint(1, 5), wire.of(2, Buffer.from([1, 2, 128, 1])));
    const point = wire.of(
      1,
      attribute(1, "k", wire.of(1, "v")),
      wire.fixed64(2, 1n),
      wire.fixed64(3, 2n),
      wire.fixed64(4, 3n),
      wire.double(5, 1.5),
      wire.varint(6, 3),
      wire.fixed64(7, 4n),
      buckets,
      wire.varint(10, 1),
      wire.of(11, wire.double(3, 2)),
      wire.double(12, 1),
      wire.double(13, 2),
      wire.double(14, 1e-7),
    );
    const exponential = wire.of(10, point, wire.varint(2, 1));
    expect(recordOf(request(wire.of(1, "m"), exponential), "metrics")).toEqual({
      name: "m",
      exponentialHistogram: {
        dataPoints: [
          {
            attributes: [{ key: "k", value: { stringValue: "v" } }],
            startTimeUnixNano: "1",
            timeUnixNano: "2",
            count: "3",
            sum: 1.5,
            scale: -2,
            zeroCount: "4",
            positive: {},
            negative: { offset: -3, bucketCounts: ["1", "2", "128"] },
            flags: 1,
            exemplars: [{ asDouble: 2 }],
            min: 1,
            max: 2,
            zeroThreshold: 1e-7,
          },
        ],
        aggregationTemporality: 1,
      },
    });

    const quantile = wire.of(6, wire.double(1, 0.5), wire.double(2, 3));
    const summary = wire.of(
      11,
      wire.of(
        1,
        attribute(7, "k"),
        wire.fixed64(2, 1n),
        wire.fixed64(3, 2n),
        wire.fixed64(4, 3n),
        wire.double(5, 4),
        quantile,
        wire.varint(8, 1),
      ),
    );
    expect(recordOf(request(wire.of(1, "m"), summary), "metrics")).toEqual({
      name: "m",
      summary: {
        dataPoints: [
          {
            attributes: [{ key: "k", value: {} }],
            startTimeUnixNano: "1",
            timeUnixNano: "2",
            count: "3",
            sum: 4,
            quantileValues: [{ quantile: 0.5, value: 3 }],
            flags: 1,
          },
        ],
      },
    });
  });

  test("of a span, its events and its links", () => {
    const span = request(
      wire.of(1, id16),
      wire.of(2, id8),
      wire.of(3, "a=b"),
      wire.of(4, id8),
      wire.of(5, "name"),
      wire.varint(6, 3),
      wire.fixed64(7, 1n),
      wire.fixed64(8, 2n),
      attribute(9, "k"),
      wire.varint(10, 1),
      wire.of(11, wire.fixed64(1, 3n), wire.of(2, "e"), attribute(3, "k"), wire.varint(4, 2)),
      wire.varint(12, 3),
      wire.of(
        13,
        wire.of(1, id16),
        wire.of(2, id8),
        wire.of(3, "c=d"),
        attribute(4, "k"),
        wire.varint(5, 4),
        wire.fixed32(6, 256),
      ),
      wire.varint(14, 5),
      wire.of(15, wire.of(2, "bad"), wire.varint(3, 2)),
      wire.fixed32(16, 257),
    );
    const attributes = [{ key: "k", value: {} }];
    const traceId = id16.toString("hex");
    const spanId = id8.toString("hex");
    expect(classifyMessage(span)).toEqual(["traces"]);
    expect(recordOf(span, "traces")).toEqual({
      traceId,
      spanId,
      traceState: "a=b",
      parentSpanId: spanId,
      name: "name",
      kind: 3,
      startTimeUnixNano: "1",
      endTimeUnixNano: "2",
      attributes,
      droppedAttributesCount: 1,
      events: [{ timeUnixNano: "3", name: "e", attributes, droppedAttributesCount: 2 }],
      droppedEventsCount: 3,
      links: [
        { traceId, spanId, traceState: "c=d", attributes, droppedAttributesCount: 4, flags: 256 },
      ],
      droppedLinksCount: 5,
      status: { message: "bad", code: 2 },
      flags: 257,
    });
  });

  test("of a value: each kind, empty ones, nested ones, the last of several", () => {
    const value = (...parts: Buffer[]): unknown =>
      (recordOf(request(wire.fixed64(1, 1n), wire.of(5, ...parts)), "logs") as { body: unknown })
        .body;
    expect(value()).toEqual({});
    expect(value(wire.of(1, ""))).toEqual({ stringValue: "" });
    expect(value(wire.varint(2, 0))).toEqual({ boolValue: false });
    expect(value(wire.varint(3, 0))).toEqual({ intValue: "0" });
    expect(value(wire.varint(3, 2n ** 53n + 1n))).toEqual({ intValue: "9007199254740993" });
    expect(value(wire.double(4, 0))).toEqual({ doubleValue: 0 });
    expect(value(wire.double(4, Number.NEGATIVE_INFINITY))).toEqual({ doubleValue: "-Infinity" });
    expect(value(wire.of(5))).toEqual({ arrayValue: {} });
    expect(value(wire.of(6))).toEqual({ kvlistValue: {} });
    expect(value(wire.of(7))).toEqual({ bytesValue: "" });
    expect(value(wire.of(7, Buffer.from([0, 255])))).toEqual({ bytesValue: "AP8=" });
    expect(value(wire.of(1, "a"), wire.varint(3, 5))).toEqual({ intValue: "5" });
    expect(value(wire.of(1, Buffer.from([0x61, 0xff, 0xfe])))).toEqual({ stringValue: "a��" });
    expect(value(wire.of(1, "\ufeff\u0000"))).toEqual({ stringValue: "\ufeff\u0000" });
    const pair = attribute(1, "__proto__", wire.of(5, text(1, "x"), wire.of(1)));
    expect(value(wire.of(6, pair, pair))).toEqual({
      kvlistValue: {
        values: [1, 2].map(() => ({
          key: "__proto__",
          value: { arrayValue: { values: [{ stringValue: "x" }, {}] } },
        })),
      },
    });
  });

  test("ids of zeros are no ids, as the Collector has it", () => {
    const bytes = request(wire.fixed64(1, 1n), wire.of(9, Buffer.alloc(16)), wire.of(10));
    expect(recordOf(bytes, "logs")).toEqual({ timeUnixNano: "1", body: {} });
  });

  test("of later versions: the bytes are kept in the message that had them", () => {
    const later = [wire.varint(100, 1), wire.of(101, "new")];
    const bytes = request(wire.fixed64(1, 1n), ...later);
    expect(classifyMessage(bytes)).toEqual(["logs"]);
    expect(recordOf(bytes, "logs")).toEqual({
      timeUnixNano: "1",
      body: {},
      unknownFields: Buffer.concat(later).toString("base64"),
    });
  });
});

describe("telling signals apart", () => {
  test("messages without records are of any signal", () => {
    const all = ["logs", "metrics", "traces"];
    for (const empty of [Buffer.alloc(0), wire.of(1), wire.of(1, wire.of(2)), request()]) {
      expect(classifyMessage(empty)).toEqual(all);
      expect(decodeMessage(empty)).toEqual({ kind: "ambiguous", signals: all });
      expect(decodeMessage(empty, "logs").kind).toBe("request");
    }
  });

  test("a metric with a name as long as a trace id is a metric", () => {
    const metric = [wire.of(1, "claude_code.cost"), wire.of(2, "8 letter"), wire.of(3, "USD")];
    expect(classifyMessage(request(...metric, wire.of(5, wire.of(1))))).toEqual(["metrics"]);
  });

  test("a span without times is a span where its name is no metric's gauge", () => {
    const span = request(wire.of(1, id16), wire.of(2, id8), wire.of(5, "claude_code.interaction"));
    expect(classifyMessage(span)).toEqual(["traces"]);
  });

  test("a log record without any time is a log record", () => {
    const log = request(text(5, "claude_code.api_request"), attribute(6, "a", wire.of(1, "b")));
    expect(classifyMessage(log)).toEqual(["logs"]);
  });

  test("text that is not UTF-8 does not lose a message", () => {
    const log = request(wire.fixed64(1, 1n), text(5, "x"), wire.of(3, Buffer.from([255])));
    expect(classifyMessage(log)).toEqual(["logs"]);
    expect(recordOf(log, "logs")).toMatchObject({ severityText: "\ufffd" });
  });

  test("another signal's message is refused with the field that does not fit", () => {
    const log = request(wire.fixed64(1, 1n));
    expect(decodeMessage(log, "metrics")).toEqual({
      kind: "invalid",
      detail: "Metric.name has wire type 1",
    });
  });
});

describe("bytes that are no message", () => {
  test.each([
    ["text", Buffer.from('{"resourceLogs":[]}')],
    ["a length beyond the end", Buffer.from([0x0a, 0x7f, 1])],
    ["a varint without end", Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
    ["field 0", Buffer.from([0x02, 0x00])],
    ["another field", wire.varint(2, 1)],
    ["a group", Buffer.from([0x0b, 0x0c])],
  ])("%s", (_, bytes) => {
    expect(classifyMessage(bytes)).toEqual([]);
    expect(decodeMessage(bytes).kind).toBe("invalid");
    expect(decodeMessage(bytes, "logs").kind).toBe("invalid");
  });

  test("values within values to the depth of 10,000", () => {
    let value = wire.of(1, "x");
    for (let depth = 0; depth < 10_000; depth++) value = wire.of(5, wire.of(1, value));
    const bytes = request(wire.fixed64(1, 1n), wire.of(5, value));
    expect(classifyMessage(bytes)).toEqual([]);
    expect(decodeMessage(bytes, "logs")).toMatchObject({ kind: "invalid" });
  });

  test("any bytes, and real ones cut or changed anywhere, never throw", () => {
    const real = messagesOf("edge/framings/proto.bin");
    const changed = fc
      .tuple(fc.constantFrom(...real), fc.nat(), fc.nat(255), fc.boolean())
      .map(([message, at, byte, cut]) => {
        const copy = Buffer.from(message);
        copy[at % copy.length] = byte;
        return cut ? copy.subarray(0, at % copy.length) : copy;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), changed), (bytes) => {
        for (const signal of classifyMessage(bytes)) decodeMessage(bytes, signal);
        decodeMessage(bytes);
        return true;
      }),
      { numRuns: 300 },
    );
  });
});
