import { describe, expect, test } from "vitest";
import { logs, names, reasons, walk } from "../../support/document-walk.ts";

describe("limits", () => {
  const record = (value: string): string =>
    logs("a", "v", "b").replace('{"name":"v"}', `{"v":${value}}`);

  test("a record that is too large is passed over", async () => {
    const walked = await walk(record(JSON.stringify("x".repeat(100_000))), {
      maxElementBytes: 50_000,
    });
    expect(reasons(walked)).toEqual(["too-large resourceLogs[0].scopeLogs[0].logRecords[1]"]);
    expect(names(walked)).toEqual(["a", "b"]);
  });

  test("a string as long as the limit is whole", async () => {
    const text = "x}".repeat(40_000);
    const walked = await walk(record(JSON.stringify(text)), { maxElementBytes: 100_000 });
    expect(walked.problems).toEqual([]);
    expect(walked.found[1]?.element).toEqual({ v: text });
  });

  test.each([94, 10_000])("a record %d deep is passed over", async (depth) => {
    const walked = await walk(record("[".repeat(depth) + "]".repeat(depth)));
    expect(reasons(walked)).toEqual(["too-deep resourceLogs[0].scopeLogs[0].logRecords[1]"]);
    expect(names(walked)).toEqual(["a", "b"]);
  });

  test("a record 92 deep is within a request 100 deep", async () => {
    const walked = await walk(record("[".repeat(92) + "]".repeat(92)));
    expect(walked.problems).toEqual([]);
  });

  test("a text that only opens ends where memory would, and the next request is read", async () => {
    const walked = await walk(record("[".repeat(1_100_000)) + logs("x"), {}, 65_536);
    expect(walked.problems.map(({ reason }) => reason)).toEqual(["too-deep", "too-deep"]);
    expect(names(walked)).toEqual(["a", "x"]);
  });

  test("records of a resource that is too large are reported, each", async () => {
    const big = JSON.stringify({ resource: { a: "x".repeat(60_000) } }).slice(1, -1);
    const walked = await walk(
      `{"resourceLogs":[{${big},"scopeLogs":[{"logRecords":[{"name":"x"}]}]}]}${logs("a")}`,
      { maxElementBytes: 50_000 },
    );
    expect(reasons(walked)).toEqual([
      "too-large resourceLogs[0].resource",
      "no-context resourceLogs[0].scopeLogs[0].logRecords[0]",
    ]);
    expect(names(walked)).toEqual(["a"]);
  });

  test("contexts beyond their limit leave their records untold of, not the others", async () => {
    const walked = await walk(`${logs("a")}${logs("b").replace('"1"', `"${"2".repeat(200)}"`)}`, {
      maxContextLength: 250,
    });
    expect(names(walked)).toEqual(["a"]);
    expect(walked.problems[0]?.reason).toBe("no-context");
  });

  test("problems are counted, the first ones reported", async () => {
    const walked = await walk(`[${"1,".repeat(50)}${logs("a")}]`, { maxProblems: 3 });
    expect(reasons(walked)).toEqual(["wrong-type [0]", "wrong-type [1]", "wrong-type [2]"]);
    expect(walked.problemCount).toBe(50);
    expect(names(walked)).toEqual(["a"]);
  });
});
