import { join } from "node:path";
import { expect, test } from "vitest";
import { ownTimes, tableOf } from "../scripts/profile.mjs";
import { runNode } from "../scripts/support/run.mjs";
import { testFolder } from "./support/cli.ts";
import { fixture } from "./support/fixtures.ts";
import { absolute } from "./support/source-tree.ts";

test("a profile names the functions of the sources and their lines", async () => {
  const database = join(await testFolder(), "t.duckdb");
  const files = ["L-workflow", "O-workflow", "L-json-tools"].map((name) =>
    fixture(`${name}.jsonl`),
  );
  const command = ["import", ...files, "--db", database];
  const { code, output } = await runNode(absolute("scripts/profile.mjs"), command);
  expect(code, output).toBe(0);
  expect(output).toMatch(/^\.cache[/\\]profile[/\\]last[/\\]CPU\..+\.cpuprofile$/m);
  expect(output).toMatch(
    /^ +\d+ ms +\d+\.\d % {2}\S+ +packages[/\\]core[/\\]src[/\\]\S+\.ts:\d+$/m,
  );
});

test("times are summed by function, the longest first", () => {
  const frame = (functionName: string) => ({
    functionName,
    url: "",
    lineNumber: 0,
    columnNumber: 0,
  });
  const nodes = ["short", "long", ""].map((name, id) => ({ id, callFrame: frame(name) }));
  const times = ownTimes({ nodes, samples: [0, 1, 2, 1], timeDeltas: [1000, 2000, 500, 2000] });
  expect(times.map(({ name, ms }) => [name, ms])).toEqual([
    ["long", 4],
    ["short", 1],
    ["(anonymous)", 0.5],
  ]);
  expect(tableOf(times)[0]?.trim()).toMatch(/^4 ms +72\.7 % {2}long/);
});
