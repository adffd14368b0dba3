import { expect, test } from "vitest";
import type { TableMessage } from "../../../src/host/protocol.ts";
import { bucketFor, bucketsOf } from "../../../src/page/data/buckets.ts";

function table(...times: readonly string[]): TableMessage {
  const column = {
    name: "start_time",
    label: "from",
    type: "TIMESTAMP WITH TIME ZONE",
    unit: "time",
    role: "dimension" as const,
    bar: false,
    minor: false,
  };
  const rows = times.map((time) => [time]);
  return { kind: "table", id: 1, columns: [column], rows, more: false, footer: null };
}

test.each([
  ["2026-11-21T10:00:00Z", "2026-11-21T10:40:00Z", "minute"],
  ["2026-11-21T10:00:00Z", "2026-11-22T10:00:00Z", "hour"],
  ["2026-11-01T10:00:00Z", "2026-11-22T10:00:00Z", "day"],
  [null, null, "day"],
] as const)("from %s to %s is split by %s", (first, last, bucket) => {
  expect(bucketFor(first, last)).toBe(bucket);
});

test("buckets without usage stand between those with it, in order", () => {
  const { labels, rows } = bucketsOf(
    table("2026-11-21T10:03:00Z", "2026-11-21T10:00:00Z"),
    "minute",
    "UTC",
  );
  expect(labels).toEqual(["10:00", "10:01", "10:02", "10:03"]);
  expect(rows.map((each) => each.length)).toEqual([1, 0, 0, 1]);
});

test("days are whole where clocks are changed", () => {
  // In Berlin, the 25th of October 2026 has 25 hours and the 29th of March 23.
  const autumn = table("2026-10-23T22:00:00Z", "2026-10-25T23:00:00Z", "2026-10-26T23:00:00Z");
  expect(bucketsOf(autumn, "day", "Europe/Berlin").labels).toEqual([
    "2026-10-24",
    "2026-10-25",
    "2026-10-26",
    "2026-10-27",
  ]);
  const spring = table("2026-03-27T23:00:00Z", "2026-03-29T22:00:00Z");
  expect(bucketsOf(spring, "day", "Europe/Berlin").labels).toEqual([
    "2026-03-28",
    "2026-03-29",
    "2026-03-30",
  ]);
});

test("no rows are no buckets", () => {
  expect(bucketsOf(table(), "day", "UTC")).toEqual({ labels: [], rows: [] });
});
