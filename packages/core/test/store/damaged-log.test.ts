import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, describe, expect, test } from "vitest";
import { KnownError } from "../../src/errors.ts";
import { openStoreWith, type Store } from "../../src/store/store.ts";
import { newFolder } from "./store-process.ts";

const LOG = 1_000;
const opened: Store[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

/** A store on a database; with `repairs` it may put a damaged log aside. */
async function storeOn(path: string, repairs?: string[]): Promise<Store> {
  const onNotice = (sentence: string) => void repairs?.push(sentence);
  const damagedLog = repairs === undefined ? "left" : "put aside";
  const options = { waitMs: 500, onNotice, damagedLog } as const;
  const store = await openStoreWith({ statements: [] }, path, options);
  opened.push(store);
  return store;
}

const create = (store: Store) =>
  store.writing((session) => session.run("CREATE TABLE numbers AS SELECT 0 AS n"));

const count = (store: Store) =>
  store.reading(async (session) => {
    const [row] = await session.rows("SELECT count(*) AS count FROM numbers");
    return row?.["count"];
  });

/** Commits rows that only the log holds, as a writer does that is killed before the end of its lease. */
async function logged(path: string, sql: string): Promise<Buffer> {
  const copy = `${path}.copy`;
  if (existsSync(path)) copyFileSync(path, copy);
  const instance = await DuckDBInstance.create(copy);
  const connection = await instance.connect();
  await connection.run("SET checkpoint_threshold = '1GB'");
  await connection.run(sql);
  if (!existsSync(path)) copyFileSync(copy, path);
  const log = readFileSync(`${copy}.wal`);
  writeFileSync(`${path}.wal`, log);
  connection.closeSync();
  instance.closeSync();
  return log;
}

/** A database of ours with 1 row in the file and 1,000 in its log. */
async function ours(): Promise<{ path: string; log: Buffer }> {
  const path = join(await newFolder(), "t.duckdb");
  await create(await storeOn(path));
  return { path, log: await logged(path, `INSERT INTO numbers SELECT range FROM range(${LOG})`) };
}

/** A database of another program with a log, which names nothing of ours. */
async function foreign(checkpoint: string): Promise<{ path: string; log: Buffer }> {
  const path = join(await newFolder(), "t.duckdb");
  const sql = `CREATE TABLE accounts AS SELECT range AS n FROM range(10); ${checkpoint}`;
  return {
    path,
    log: await logged(path, `${sql}; INSERT INTO accounts SELECT range FROM range(1000)`),
  };
}

/** One byte that is not as it was written. */
function damage(path: string, log: Buffer, at: number): Buffer {
  const bytes = Buffer.from(log);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(`${path}.wal`, bytes);
  return bytes;
}

async function failure(work: Promise<unknown>): Promise<KnownError> {
  const error = await work.then(
    () => new Error("did not fail"),
    (reason: unknown) => reason,
  );
  if (error instanceof KnownError) return error;
  throw error;
}

const places: readonly (readonly [string, (log: Buffer) => number])[] = [
  ["its first byte", () => 0],
  ["its head", () => 9],
  ["its middle", (log) => log.length >> 1],
  ["its last entry", (log) => log.length - 5],
];

describe.each(places)("a log that is damaged in %s", (_, place) => {
  test("is an error for who reads, and left as it is", async () => {
    const { path, log } = await ours();
    const damaged = damage(path, log, place(log));
    const file = readFileSync(path);
    const store = await storeOn(path);
    for (const work of [() => count(store), () => store.writing(() => Promise.resolve())]) {
      const { code, message, hint } = await failure(work());
      expect(code).toBe("store-damaged");
      expect(message).toContain(path);
      expect(hint).toMatch(/cctelemetry import <files>.*t\.duckdb\.wal/);
    }
    expect(readFileSync(`${path}.wal`).equals(damaged)).toBe(true);
    expect(readFileSync(path).equals(file)).toBe(true);
    expect(readdirSync(join(path, "..")).filter((name) => /left|look/.test(name))).toEqual([]);
  });

  test("is put aside aloud for who imports, and so is the next", async () => {
    const { path, log } = await ours();
    const repairs: string[] = [];
    const store = await storeOn(path, repairs);
    const first = damage(path, log, place(log));
    expect(await count(store)).toBe(1n);
    const second = damage(path, log, place(log));
    await store.writing((session) => session.run("INSERT INTO numbers VALUES (7)"));
    expect(await count(store)).toBe(2n);
    expect(readFileSync(`${path}.wal.left`).equals(first)).toBe(true);
    expect(readFileSync(`${path}.wal.left-2`).equals(second)).toBe(true);
    expect(existsSync(`${path}.wal`)).toBe(false);
    expect(repairs).toHaveLength(2);
    expect(repairs[0]).toContain(`${path}.wal.left; importing the telemetry files again`);
  });

  test.each(["CHECKPOINT", "SELECT 1"])(
    "of another program's database is never touched (%s)",
    async (checkpoint) => {
      const { path, log } = await foreign(checkpoint);
      const damaged = damage(path, log, place(log));
      const file = readFileSync(path);
      const repairs: string[] = [];
      const store = await storeOn(path, repairs);
      expect((await failure(count(store))).code).toBe("store-damaged");
      expect((await failure(create(store))).code).toBe("store-damaged");
      expect(readFileSync(`${path}.wal`).equals(damaged)).toBe(true);
      expect(readFileSync(path).equals(file)).toBe(true);
      expect(repairs).toEqual([]);
      expect(readdirSync(join(path, "..")).filter((name) => /left|look/.test(name))).toEqual([]);
    },
  );
});

test("a log as a crash leaves it is replayed, and left alone by who reads", async () => {
  const { path, log } = await ours();
  writeFileSync(`${path}.wal`, Buffer.concat([log, Buffer.from([1, 2, 3])]));
  expect(await count(await storeOn(path))).toBe(BigInt(LOG + 1));
  expect(existsSync(`${path}.wal`)).toBe(true);
});

test("the log of a database that was replaced is put aside by who imports", async () => {
  const { path } = await ours();
  const other = await foreign("CHECKPOINT");
  const log = readFileSync(`${other.path}.wal`);
  writeFileSync(`${path}.wal`, log);
  const repairs: string[] = [];
  const store = await storeOn(path, repairs);
  expect(await count(store)).toBe(1n);
  expect(readFileSync(`${path}.wal.left`).equals(log)).toBe(true);
  expect(repairs).toHaveLength(1);
});

test("the log of our first transaction is ours, though the file holds no table yet", async () => {
  const path = join(await newFolder(), "t.duckdb");
  await create(await storeOn(`${path}.made`));
  const log = await logged(
    path,
    "CREATE SCHEMA base; CREATE TABLE base.api_request_logs (n INTEGER)",
  );
  damage(path, log, log.length - 5);
  const repairs: string[] = [];
  const store = await storeOn(path, repairs);
  await create(store);
  expect(await count(store)).toBe(1n);
  expect(repairs).toHaveLength(1);
});
