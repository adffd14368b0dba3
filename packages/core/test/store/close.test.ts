import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { KnownError } from "../../src/errors.ts";
import { Batch } from "../../src/model/batch.ts";
import { openStoreWith, type Store } from "../../src/store/store.ts";
import { runs, seed } from "../support/runs.ts";
import { newFolder } from "./store-process.ts";

const definition = { statements: [] };
/** Some hundred milliseconds of work for the engine, in several statements. */
const LONG = "SELECT count(DISTINCT i * 7919 % 1000003) AS found FROM range(2000000) AS r(i)";

async function newStore(): Promise<{ store: Store; path: string }> {
  const path = join(await newFolder(), "t.duckdb");
  const store = await openStoreWith(definition, path);
  await store.writing((session) => session.run("CREATE TABLE kept (number INTEGER)"));
  return { store, path };
}

type Outcome = "done" | "cancelled";

/** How work ends: done, or refused since the store was closed; anything else fails. */
async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    await work;
    return "done";
  } catch (error) {
    if (error instanceof KnownError && error.code === "cancelled") return "cancelled";
    throw error;
  }
}

const kinds = ["read", "write", "stage"] as const;

function begin(store: Store, kind: (typeof kinds)[number], number: number): Promise<unknown> {
  if (kind === "stage") return store.stage(new Batch());
  if (kind === "read") {
    return store.reading(async (session) => {
      await session.rows(LONG);
      return session.rows(LONG);
    });
  }
  return store.writing(async (session) => {
    await session.run("INSERT INTO kept VALUES ($number)", { number });
    await session.rows(LONG);
  });
}

test(`closing waits for what runs and refuses what waits, at any moment (seed ${seed})`, async () => {
  const work = fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(work, fc.nat(120), async (wanted, afterMs) => {
      const { store, path } = await newStore();
      const begun = wanted.map((kind, at) => outcomeOf(begin(store, kind, at)));
      await pause(afterMs);
      await store.close();
      const outcomes = await Promise.all(begun);
      const other = await openStoreWith(definition, path);
      const rows = await other.reading((session) => session.rows("FROM kept ORDER BY number"));
      await other.close();
      const stored = wanted.flatMap((kind, at) =>
        kind === "write" && outcomes[at] === "done" ? [at] : [],
      );
      expect(rows.map(({ number }) => number)).toEqual(stored);
    }),
    { numRuns: runs(10) },
  );
});

test("what comes after it is refused, and it can be closed again", async () => {
  const { store } = await newStore();
  await store.close();
  for (const kind of kinds) expect(await outcomeOf(begin(store, kind, 1))).toBe("cancelled");
  await store.close();
});

test("an engine that ends itself over a batch is replaced when the report beside it has ended", async () => {
  const { store } = await newStore();
  const report = outcomeOf(begin(store, "read", 0));
  await pause(30);
  vi.spyOn(store.staging, "staging").mockRejectedValueOnce(new Error("FATAL Error: injected"));
  const { life } = store.staging;
  await expect(store.stage(new Batch())).rejects.toThrow("injected");
  expect(store.staging.life).toBe(life + 1);
  expect(await report).toBe("done");
  expect(await outcomeOf(begin(store, "read", 0))).toBe("done");
  await store.close();
});
