import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, describe, expect, test } from "vitest";
import { KnownError } from "../../src/errors.ts";
import { Batch } from "../../src/model/batch.ts";
import type { StoreDefinition } from "../../src/store/schema.ts";
import type { Session } from "../../src/store/session.ts";
import { openStoreWith, type Store } from "../../src/store/store.ts";
import { newFolder } from "./store-process.ts";

const one: StoreDefinition = { statements: ["CREATE OR REPLACE VIEW answer AS SELECT 1 AS n"] };
const two: StoreDefinition = { statements: ["CREATE OR REPLACE VIEW answer AS SELECT 2 AS n"] };

const opened: Store[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

/** A store with one row of its own in it. */
async function filled(path: string, definition = one, kept = "first"): Promise<Store> {
  const store = await openStoreWith(definition, path, { waitMs: 500 });
  opened.push(store);
  await keep(store, kept);
  return store;
}

async function newStore(): Promise<{ store: Store; path: string; folder: string }> {
  const folder = await newFolder();
  const path = join(folder, "t.duckdb");
  return { store: await filled(path), path, folder };
}

function keep(store: Store, text: string): Promise<void> {
  return store.writing(async (session) => {
    await session.run("CREATE TABLE IF NOT EXISTS kept (text VARCHAR)");
    await session.run("INSERT INTO kept VALUES ($text)", { text });
  });
}

async function kept(store: Store): Promise<readonly unknown[]> {
  const rows = await store.reading((session) =>
    session.rows("SELECT text FROM kept ORDER BY text"),
  );
  return rows.map((row) => row["text"]);
}

function answer(store: Store): Promise<unknown> {
  return store.reading(async (session) => (await session.rows("FROM answer"))[0]?.["n"]);
}

/** The code of the KnownError that something ends with. */
async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error("did not fail"),
    (reason: unknown) => reason,
  );
  if (error instanceof KnownError) return error.code;
  throw error;
}

/** Takes the database away, its log included. */
function remove(path: string): void {
  for (const each of [path, `${path}.wal`]) rmSync(each, { force: true, recursive: true });
}

/** What the engine may use at this moment. */
async function means(session: Session): Promise<unknown> {
  const [row] = await session.rows(
    "SELECT current_setting('memory_limit') AS memory, current_setting('threads') AS threads",
  );
  return row;
}

describe("a report", () => {
  test("keeps its memory and threads while batches are staged beside it", async () => {
    const { store } = await newStore();
    const alone = await store.reading(means);
    const during = await store.reading(async (session) => {
      const staging = store.stage(new Batch());
      const first = await means(session);
      await staging;
      return [first, await means(session)];
    });
    expect(during).toEqual([alone, alone]);
  });

  test("has its memory where a batch is being staged when it begins", async () => {
    const { store } = await newStore();
    const alone = await store.reading(means);
    for (let round = 0; round < 20; round++) {
      const staging = store.stage(new Batch());
      const began = await store.reading(means);
      await staging;
      expect(began).toEqual(alone);
    }
  });

  test("leaves staging no more than it needs when it has ended", async () => {
    const { store } = await newStore();
    await store.stage(new Batch());
    const before = await store.peeking(means);
    const during = await store.reading(means);
    expect(during).not.toEqual(before);
    await store.stage(new Batch());
    expect(await store.peeking(means)).toEqual(before);
  });
});

describe("an open store goes on", () => {
  test("after its database was deleted", async () => {
    const { store, path, folder } = await newStore();
    const before = store.generation;
    remove(path);
    expect(await codeOf(kept(store))).toBe("store-missing");
    await keep(store, "second");
    expect(await kept(store)).toEqual(["second"]);
    expect(await answer(store)).toBe(1);
    expect(store.generation).toBe(before + 1);
    if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["t.duckdb"]);
  });

  test("after the folder of its database was deleted", async () => {
    const folder = await newFolder();
    const store = await filled(join(folder, "deep", "t.duckdb"));
    rmSync(join(folder, "deep"), { recursive: true });
    await keep(store, "second");
    expect(await kept(store)).toEqual(["second"]);
  });

  test("after another database took its place", async () => {
    const { store, path } = await newStore();
    const before = store.generation;
    await filled(`${path}.other`, two, "of the other");
    renameSync(`${path}.other`, path);
    expect(await answer(store)).toBe(1);
    expect(await kept(store)).toEqual(["of the other"]);
    expect(store.generation).toBe(before + 1);
    await keep(store, "second");
    expect(await kept(store)).toEqual(["of the other", "second"]);
    expect(store.generation).toBe(before + 1);
  });

  test("after an empty file took its place", async () => {
    const { store, path } = await newStore();
    writeFileSync(path, "");
    await keep(store, "second");
    expect(await kept(store)).toEqual(["second"]);
  });

  const occupants: readonly (readonly [string, (path: string) => unknown, string])[] = [
    ["a diary", (path) => writeFileSync(path, "my diary\n".repeat(9_000)), "store-foreign"],
    ["a directory", (path) => mkdirSync(path), "store-unwritable"],
    ["a pipe", (path) => spawnSync("mkfifo", [path]), "store-unwritable"],
    ["a database of another program", anotherProgram, "store-foreign"],
    ["a newer database", newerDatabase, "store-newer"],
  ];
  test.skipIf(process.platform === "win32").each(occupants)(
    "after %s was in its place for a while",
    async (_, occupy, code) => {
      const { store, path } = await newStore();
      renameSync(path, `${path}.away`);
      await occupy(path);
      expect(await codeOf(keep(store, "lost"))).toBe(code);
      expect(await codeOf(kept(store))).toBe(code);
      expect(await codeOf(keep(store, "lost"))).toBe(code);
      remove(path);
      renameSync(`${path}.away`, path);
      await keep(store, "second");
      expect(await kept(store)).toEqual(["first", "second"]);
      expect(store.generation).toBe(1);
    },
  );

  test("after work that failed, of which nothing is kept", async () => {
    const { store } = await newStore();
    const failing = store.writing(async (session) => {
      await session.run("INSERT INTO kept VALUES ('half')");
      throw new Error("of the work");
    });
    await expect(failing).rejects.toThrow("of the work");
    await expect(store.writing((session) => session.run("SELECT nonsense"))).rejects.toThrow();
    await expect(store.reading((session) => session.rows("SELECT nonsense"))).rejects.toThrow();
    await keep(store, "second");
    expect(await kept(store)).toEqual(["first", "second"]);
  });
});

describe("views that another version replaced", () => {
  test("are ours again for who reads", async () => {
    const { store, path } = await newStore();
    const other = await filled(path, two, "second");
    expect(await answer(other)).toBe(2);
    expect(await answer(store)).toBe(1);
    expect(await answer(other)).toBe(2);
    expect(store.generation).toBe(1);
  });

  test("do not keep who writes from writing, and are not made again at every lease", async () => {
    const { store, path } = await newStore();
    await filled(path, two, "second");
    await keep(store, "third");
    const fresh = await filled(path, two, "fourth");
    expect(await kept(fresh)).toEqual(["first", "fourth", "second", "third"]);
    expect(await answer(fresh)).toBe(2);
  });
});

/** A database with tables of its own. */
async function anotherProgram(path: string): Promise<void> {
  await alter(path, "CREATE TABLE accounts (owner VARCHAR)");
}

/** A database of a schema that this version does not know. */
async function newerDatabase(path: string): Promise<void> {
  copyFileSync(`${path}.away`, path);
  await alter(path, "UPDATE base.meta SET schema_version = 999");
}

/** Runs SQL on a database file, with the engine itself. */
async function alter(path: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}
