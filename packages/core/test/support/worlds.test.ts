import fc from "fast-check";
import { expect, test } from "vitest";
import { holdsInEach } from "./worlds.ts";

const draws = { seed: 7, numRuns: 250, atOnce: 100 };

test("a world that fails is named by its seed, and the smallest with it", async () => {
  const checked: number[] = [];
  const failing = holdsInEach(fc.nat(1_000_000), draws, (worlds) => {
    checked.push(worlds.length);
    return Promise.resolve(worlds.map((each) => ({ found: each > 998_000, expected: false })));
  });
  await expect(failing).rejects.toThrow(/seed: [789], path: "\d+.*Counterexample: \[998001\]/s);
  expect(checked).toContain(100);
});

test("worlds that fail only beside others are named, too", async () => {
  const failing = holdsInEach(fc.nat(), draws, (worlds) =>
    Promise.resolve(worlds.map((each, at) => ({ found: at === 3 ? each : 0, expected: 0 }))),
  );
  await expect(failing).rejects.toThrow("worlds of seed 7 fail only beside others");
});

test("all are checked, the first of each group by itself as well", async () => {
  const checked: number[] = [];
  await holdsInEach(fc.nat(), draws, (worlds) => {
    checked.push(worlds.length);
    return Promise.resolve(worlds.map(() => ({ found: 1n, expected: 1n })));
  });
  expect(checked).toEqual([1, 100, 1, 100, 1, 50]);
});
