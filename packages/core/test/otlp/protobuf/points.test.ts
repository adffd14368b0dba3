import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { attribute, id8, id16, nanos, recordOf, request } from "../../support/protobuf-request.ts";
import { wire } from "../../support/wire.ts";

describe("every field", () => {
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
});
