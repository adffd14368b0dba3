import { appendFileSync, rmSync } from "node:fs";
import { KnownError } from "../../src/errors.ts";
import { openStoreWith } from "../../src/store/store.ts";

/** A process of its own that uses a store: node store-entry.mjs <what> <database> … */
const [what = "", path = "", ...rest] = process.argv.slice(2);
const definition = { statements: [] };

const touch = "UPDATE base.meta SET created_by = created_by";

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** Leases without a pause between them, each so long, until so many milliseconds have passed. */
async function leases(writes: "bulk" | "small", holdMs: number, pauseMs: number, forMs: number) {
  const store = await openStoreWith(definition, path, { writes });
  const waits: number[] = [];
  const until = performance.now() + forMs;
  while (performance.now() < until) {
    await store.writing(async (session) => {
      await session.run(touch);
      await pause(holdMs);
    });
    waits.push(store.waitedMs);
    if (pauseMs > 0) await pause(pauseMs);
  }
  await store.close();
  return waits;
}

/** Writes while the disk is full, and after there is room again. */
async function fullDisk(filler: string) {
  const store = await openStoreWith(definition, path, { writes: "small" });
  await store.writing((session) => session.run("CREATE TABLE kept (text VARCHAR)"));
  const write = (rows: number): Promise<void> =>
    store.writing((session) =>
      session.run(`INSERT INTO kept SELECT md5(range::VARCHAR) FROM range(${rows})`),
    );
  const codes: string[] = [];
  for (const rows of [1, 20_000, 20_000]) {
    while (codes.length === 1) {
      try {
        appendFileSync(filler, Buffer.alloc(65_536));
      } catch {
        break;
      }
    }
    await write(rows).then(
      () => codes.push("stored"),
      (error: unknown) => codes.push(error instanceof KnownError ? error.code : String(error)),
    );
  }
  rmSync(filler);
  await write(10);
  const counts = await store.reading((session) =>
    session.rows("SELECT count(*)::INT AS rows FROM kept"),
  );
  await store.close();
  return { codes, rows: counts[0]?.["rows"] };
}

/** Opens a database of an older layout, says when its tables are as they should be, and never commits. */
async function upgrade(): Promise<never> {
  const statements = ["SELECT 1", ""];
  Object.defineProperty(statements, 1, {
    get() {
      process.stdout.write("filled");
      return "SELECT count(*) FROM range(1000000000000) AS each(n) WHERE hash(n) = 0";
    },
  });
  const store = await openStoreWith({ statements }, path);
  await store.reading(() => Promise.resolve());
  throw new Error("committed");
}

const [first = "", second = "", third = ""] = rest;
if (what === "upgrade") await upgrade();
const result =
  what === "full"
    ? await fullDisk(first)
    : await leases(
        what === "bulk" ? "bulk" : "small",
        Number(first),
        Number(second),
        Number(third),
      );
process.stdout.write(JSON.stringify(result));
