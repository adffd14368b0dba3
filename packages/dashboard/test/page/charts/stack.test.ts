import { expect, test } from "vitest";
import { labelStep, largestSeries, totalsOf } from "../../../src/page/charts/stack.ts";

const series = [5, 1, 3, 2].map((value, at) => ({
  name: `s${at}`,
  colour: "hue-0",
  values: [value, value],
}));

test("columns are as high as their parts together", () => {
  expect(totalsOf(series, 3)).toEqual([11, 11, 0]);
});

test("the small ones become one, and nothing is lost", () => {
  const few = largestSeries(series, 3);
  expect(few.map(({ name }) => name)).toEqual(["s0", "s2", "others"]);
  expect(totalsOf(few, 2)).toEqual(totalsOf(series, 2));
  expect(largestSeries(series, 4)).toHaveLength(4);
});

test("labels leave each other room", () => {
  const labels = Array.from({ length: 100 }, () => "2026-11-21");
  const step = labelStep(labels, 800);
  expect(800 / Math.ceil(100 / step)).toBeGreaterThan(10 * 7);
  expect(labelStep(["a"], 800)).toBe(1);
});
