import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { run, testFolder } from "../support/cli.ts";

const input = fileURLToPath(
  new URL("../../fixtures/field/14-1m-suffix/input.jsonl", import.meta.url),
);

test("metrics with [1m] and events without it name one model, and the name alone alarms nobody", async () => {
  const database = join(await testFolder(), "t.duckdb");
  expect((await run(["import", input, "--db", database])).code).toBe(0);
  const rows = async (...args: readonly string[]): Promise<unknown> =>
    JSON.parse((await run(["report", ...args, "--json", "--db", database])).stdout);
  const model = { model: "claude-opus-4-7", ledger: "events", requests: 2, cost_usd: 1 };
  expect(await rows("models")).toMatchObject([model]);
  for (const name of ["claude-opus-4-7", "claude-opus-4-7[1m]"]) {
    expect(await rows("models", "--model", name)).toMatchObject([model]);
  }
  expect(await rows("summary", "--by", "model")).toMatchObject([
    { part: "claude-opus-4-7", cost_usd: 1 },
  ]);
  expect(await rows("sessions")).toMatchObject([{ models: "claude-opus-4-7" }]);
  expect(await rows("coverage")).toMatchObject([
    { requests: 2, token_difference: 0, cost_difference_usd: 0, finding: "agrees" },
  ]);
});
