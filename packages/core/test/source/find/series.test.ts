import { mkdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { glob } from "tinyglobby";
import { describe, expect, test } from "vitest";
import { seriesOf } from "../../../src/source/find/series.ts";
import { runs, seed } from "../../support/runs.ts";
import { fileOf, temporaryDirectory } from "../support.ts";

describe("the series of a file", () => {
  test.each([
    ["/t/claude-2026-11-09.jsonl", "/t/claude-[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].jsonl"],
    ["/t/20261109.jsonl", "/t/[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9].jsonl"],
    ["/t/2026/11/09/otel.jsonl", "/t/[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]/otel.jsonl"],
    ["/t/dt=2026-11-09/a.jsonl", "/t/dt=[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]/a.jsonl"],
    ["/t/a.2026-11-09T14.log", "/t/a.[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9].log"],
  ])("%s", (path, pattern) => {
    expect(seriesOf(path)).toBe(pattern);
  });

  test.each([
    "/t/otel.jsonl",
    "/t/port-4318.jsonl",
    "/t/session-17486aec-2026.jsonl",
    "/t/1.2.345.jsonl",
    "/t/2026-13-09.jsonl",
    "/t/99920261109111.jsonl",
    "/t/otel-2026-11-21T02-33-36.603.jsonl",
    "/t/otel.jsonl-20261121",
  ])("%s has none", (path) => {
    expect(seriesOf(path)).toBeUndefined();
  });

  test(`matches the file itself and that of any other day, and no other (FAULT_SEED=${seed})`, async () => {
    const root = temporaryDirectory();
    const text = fc.string({
      unit: fc.constantFrom(..."abc_-. ()[]{}!@+*?é"),
      minLength: 1,
      maxLength: 6,
    });
    const day = fc.date({
      min: new Date("2020-01-01"),
      max: new Date("2039-12-31"),
      noInvalidDate: true,
    });
    const drawn = fc.record({ before: text, after: text, one: day, other: day });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(drawn, async ({ before, after, one, other }) => {
        const folder = `${++count}`;
        mkdirSync(join(root, folder));
        const name = (date: Date): string =>
          `${folder}/x${before}-${date.toISOString().slice(0, 10)}-${after}x.jsonl`;
        const [first, second] = [fileOf(root, name(one), ""), fileOf(root, name(other), "")];
        fileOf(root, `${folder}/other.jsonl`, "");
        const pattern = seriesOf(first) ?? "";
        expect(seriesOf(second)).toBe(pattern);
        const found = await glob(pattern, { absolute: true, dot: true, expandDirectories: false });
        expect(found.toSorted()).toEqual([...new Set([first, second])].toSorted());
      }),
      { numRuns: runs(100), seed },
    );
  });
});
