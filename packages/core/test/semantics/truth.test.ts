import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { recordings, storeOf } from "../support/telemetry.ts";
import { compareWithTruth, type Truth } from "../support/truth.ts";

async function truthOf(run: string): Promise<Truth> {
  return JSON.parse(await readFile(join(recordings, `${run}.truth.json`), "utf8"));
}

async function differencesOf(file: string, run: string): Promise<string[]> {
  const { store, remove } = await storeOf(join(recordings, file));
  try {
    const truth = await truthOf(run);
    return await store.reading((session) => compareWithTruth(session, truth));
  } finally {
    await remove();
  }
}

const runs = readdirSync(recordings)
  .filter((name) => name.endsWith(".truth.json"))
  .map((name) => name.replace(".truth.json", ""));

describe("equals the truth", () => {
  test("of every kind of run", () => expect(runs.length).toBeGreaterThanOrEqual(10));

  test.each(runs)("%s", async (run) => {
    expect(await differencesOf(`${run}.jsonl`, run)).toEqual([]);
  });

  test("where bodies were sent again", async () => {
    expect(await differencesOf("L-json-dupes.all.jsonl", "L-json-dupes")).toEqual([]);
  });
});

test("a difference is reported", async () => {
  const found = await differencesOf("L-json-tools.jsonl", "L-json-sub");
  expect(found).toContain("counts.log_records: expected 47, found 31");
  expect(found.length).toBeGreaterThan(20);
});
