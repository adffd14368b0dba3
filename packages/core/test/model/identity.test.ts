import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { requests } from "../ingest/field-walk.ts";
import { requestLine } from "../support/arbitraries.ts";
import { GeneralDecoder } from "../support/decode.ts";
import { runs } from "../support/runs.ts";

const decoder = new GeneralDecoder();

/** The ids of the records of these requests, in order. */
function idsOf(...given: readonly unknown[]): string[] {
  for (const request of given) expect(decoder.parsed(request)).toMatchObject({ rejected: 0 });
  return decoder.take().map((row) => String(row["record_id"]));
}

const log = (body: string, more: object = {}): object => ({
  timeUnixNano: "1767225600000000000",
  body: { stringValue: body },
  ...more,
});
const logs = (...logRecords: readonly object[]): object => ({
  resourceLogs: [{ scopeLogs: [{ logRecords }] }],
});
const attribute = (key: string, value: object): object => ({ key, value });

describe("equal records", () => {
  test("in one entry are two, and the third is a third", () => {
    expect(new Set(idsOf(logs(log("a"), log("a"), log("a")))).size).toBe(3);
  });

  test("in scopes of the same content within one entry are two", () => {
    const scoped = { scope: { name: "s" }, logRecords: [log("a")] };
    expect(idsOf({ resourceLogs: [{ scopeLogs: [scoped, scoped] }] })).toHaveLength(2);
  });

  test("in two entries, two requests or a repeated line are one", () => {
    const [entry] = (logs(log("a")) as { resourceLogs: object[] }).resourceLogs;
    expect(idsOf({ resourceLogs: [entry, entry] })).toHaveLength(1);
    expect(idsOf(logs(log("a")), logs(log("a")))).toHaveLength(1);
  });

  test("twice in one entry and once in another are two", () => {
    const twice = logs(log("a"), log("a"));
    expect(idsOf(logs(log("a")), twice, logs(log("a")))).toHaveLength(2);
    expect(new Set([...idsOf(twice), ...idsOf(logs(log("a")))]).size).toBe(2);
  });

  test("of a point in one metric are two", () => {
    const point = { timeUnixNano: "1", asInt: "1" };
    const metrics = [{ name: "m", sum: { dataPoints: [point, point], aggregationTemporality: 1 } }];
    expect(idsOf({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })).toHaveLength(2);
  });
});

describe("the same content in another form", () => {
  const one = attribute("one", { stringValue: "1" });
  const two = attribute("two", { intValue: "2" });
  const plain = idsOf(logs(log("a", { attributes: [one, two] })));

  test.each([
    ["attributes in another order", logs(log("a", { attributes: [two, one] }))],
    ["a bare integer", logs(log("a", { attributes: [one, attribute("two", { intValue: 2 })] }))],
    ["empty fields", logs(log("a", { attributes: [one, two], traceId: "", flags: 0 }))],
    ["null fields", logs(log("a", { attributes: [one, two], severityText: null }))],
    [
      "snake_case",
      {
        resource_logs: [{ scope_logs: [{ log_records: [log("a", { attributes: [one, two] })] }] }],
      },
    ],
    [
      "an empty resource and scope",
      {
        resourceLogs: [
          {
            resource: {},
            schemaUrl: "",
            scopeLogs: [{ scope: {}, logRecords: [log("a", { attributes: [two, one] })] }],
          },
        ],
      },
    ],
    ["a list of requests", [logs(log("a", { attributes: [one, two] }))]],
  ])("%s is the same record", (_, request) => {
    expect(idsOf(request)).toEqual(plain);
  });

  test.each([
    ["a value of another type", [one, attribute("two", { stringValue: "2" })]],
    ["a double", [one, attribute("two", { doubleValue: 2 })]],
    ["values exchanged", [attribute("one", { intValue: "2" }), attribute("two", one)]],
    ["an attribute twice", [one, two, two]],
    ["one attribute less", [one]],
    ["no value", [one, attribute("two", {})]],
    ["bytes", [attribute("one", { bytesValue: "1" }), two]],
    ["a list of one", [attribute("one", { arrayValue: { values: [{ stringValue: "1" }] } }), two]],
  ])("%s is another record", (_, attributes) => {
    expect(idsOf(logs(log("a", { attributes })))).not.toEqual(plain);
  });

  test("upper case in an id is the same record", () => {
    const [lower, upper] = ["abcdef", "ABCDEF"].map((traceId) =>
      idsOf(logs(log("a", { traceId }))),
    );
    expect(lower).toEqual(upper);
  });
});

describe("a record that differs in a single field is another", () => {
  for (const [which, request] of requests.entries()) {
    const original = JSON.parse(
      JSON.stringify(request, (_, value: unknown) =>
        typeof value === "bigint" ? String(value) : value,
      ),
    ) as object;
    const ids = idsOf(original);
    const signal = Object.keys(original)[0];

    test(`${signal}`, () => {
      const leaves = leavesOf(original);
      expect(leaves.length).toBeGreaterThan(100);
      for (const path of leaves) {
        const before = at(original, path);
        const where = `${which} ${path.join(".")}`;
        const after = idsOf(changed(original, path, another(before, path)));
        expect(after.length, where).toBe(ids.length);
        const different = after.filter((id) => !ids.includes(id)).length;
        expect(different, where).toBe(expectedChanges(path, ids.length));
      }
    });
  }
});

test("order of lines and entries means nothing", () => {
  fc.assert(
    fc.property(fc.array(requestLine, { minLength: 2, maxLength: 5 }), fc.nat(4), (lines, turn) => {
      for (const line of lines) decoder.text(line.toWellFormed());
      const ids = decoder.take().map((row) => row["record_id"]);
      const turned = [...lines.slice(turn), ...lines.slice(0, turn), ...lines.slice(0, 1)];
      for (const line of turned.toReversed()) decoder.text(line.toWellFormed());
      const again = decoder.take().map((row) => row["record_id"]);
      expect(again.toSorted()).toEqual(ids.toSorted());
    }),
    { numRuns: runs(300) },
  );
});

type Path = readonly (string | number)[];

function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, each]) =>
    leavesOf(each, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((each, key) => (each as Record<string, unknown>)[key], value);
}

/** A copy with another value at a path. */
function changed(value: object, path: Path, put: unknown): object {
  const copy = structuredClone(value);
  const parent = at(copy, path.slice(0, -1)) as Record<string, unknown>;
  parent[String(path.at(-1))] = put;
  return copy;
}

/** Another value that fits as well. */
function another(value: unknown, path: Path): unknown {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number")
    return path.at(-1) === "kind" || path.at(-1) === "code" ? 1 : value + 1;
  if (value === null) return "x";
  const text = String(value);
  if (path.at(-1) === "doubleValue" || path.at(-1) === "asDouble") return 42;
  if (/^-?\d+$/.test(text) || /^[0-9a-f]{16,}$/.test(text)) {
    return text.slice(0, -1) + (text.endsWith("1") ? "2" : "1");
  }
  return `${text}x`;
}

/** How many records a change at this place concerns. */
function expectedChanges(path: Path, all: number): number {
  const record = path.findIndex((key) => ["logRecords", "metrics", "spans"].includes(String(key)));
  if (record < 0) return all;
  const points = path.indexOf("dataPoints");
  if (path[record] !== "metrics" || points >= 0) return 1;
  return path[record + 1] === 0 ? 3 : 1;
}
