import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileOf, request } from "../support/otlp.ts";
import { recordings, storeOf, type TestStore } from "../support/telemetry.ts";

let db: TestStore;
beforeAll(async () => {
  db = await storeOf(
    join(recordings, "L-json-parallel.jsonl"),
    join(recordings, "V-2.1.112.jsonl"),
  );
});
afterAll(() => db.remove());

async function rows(store: TestStore, sql: string): Promise<unknown[]> {
  return [...(await store.store.reading((session) => session.table(sql))).rows];
}

test("recorded requests cost their list price, model by model", async () => {
  const found = await rows(
    db,
    `SELECT DISTINCT model, list_cost_usd = cost_usd FROM list_costs ORDER BY model`,
  );
  expect(found).toEqual([
    ["claude-haiku-5-5", true],
    ["claude-opus-5-5", true],
    ["claude-sonnet-4-6", true],
    ["claude-sonnet-5-5", true],
  ]);
});

describe("the price", () => {
  const used = {
    input_tokens: 1_000_000,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_creation_tokens: 0,
  };
  test.each([
    ["of a model", { model: "claude-opus-5" }, "5.000000000"],
    ["of fast mode", { model: "claude-opus-5", speed: "fast" }, "10.000000000"],
    ["of no model that begins alike", { model: "claude-opus-5-9" }, null],
    ["of an unknown model", { model: "fake-model-9" }, null],
    ["of a long prompt", { model: "claude-haiku-5-5" }, "0.500000000"],
    ["of a short prompt", { model: "claude-haiku-5-5", input_tokens: 100_000 }, "0.010000000"],
    ["of output", { model: "claude-opus-5-5", input_tokens: 0, output_tokens: 50 }, "0.001000000"],
    [
      "of a cache written for an hour",
      {
        model: "claude-opus-5-5",
        input_tokens: 0,
        cache_creation_tokens: 300,
        cache_creation_5m_tokens: 100,
        cache_creation_1h_tokens: 200,
      },
      "0.002100000",
    ],
  ])("%s", async (_name, attributes, price) => {
    const at = "2026-11-21T10:00:00.000Z";
    const own = await storeOf(await fileOf(request(at, { ...used, ...attributes })));
    expect(await rows(own, "SELECT list_cost_usd FROM list_costs")).toEqual([[price]]);
    await own.remove();
  });

  test("changes on its day", async () => {
    const read = {
      ...used,
      model: "claude-sonnet-5-5",
      input_tokens: 0,
      cache_read_tokens: 1_000_000,
    };
    const own = await storeOf(
      await fileOf(
        request("2026-10-06T23:59:59.999Z", read),
        request("2026-10-07T00:00:00.000Z", read),
      ),
    );
    expect(await rows(own, "SELECT list_cost_usd FROM list_costs ORDER BY time")).toEqual([
      ["0.200000000"],
      ["0.100000000"],
    ]);
    await own.remove();
  });
});
