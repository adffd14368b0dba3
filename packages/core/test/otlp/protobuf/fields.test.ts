import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { classifyMessage } from "../../../src/otlp/protobuf/protobuf.ts";
import {
  attribute,
  decoded,
  id8,
  id16,
  nanos,
  recordOf,
  request,
  text,
} from "../../support/protobuf-request.ts";
import { wire } from "../../support/wire.ts";

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
