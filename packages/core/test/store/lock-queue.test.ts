import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LockQueue } from "../../src/store/lock-queue.ts";
import { newFolder } from "./store-process.ts";

/** As the engine says it. */
const locked = 'IO Error: Could not set lock on file "x": Conflicting lock is held';
const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

async function newQueue(): Promise<{ path: string; folder: string; queue: LockQueue }> {
  const path = join(await newFolder(), "t.duckdb");
  return { path, folder: `${path}.waiting`, queue: new LockQueue(path) };
}

/** Somebody who was there before everybody else. */
function put(folder: string, pid: number, access: "read" | "write" = "write"): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${"0".repeat(20)}-${pid}-${host}-${access}`);
  writeFileSync(path, "");
  return path;
}

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ["-e", "0"]).pid;
}

/** Fails as long as the lock is held. */
function heldFor(ms: number): () => Promise<string> {
  const until = performance.now() + ms;
  return () =>
    performance.now() < until ? Promise.reject(new Error(locked)) : Promise.resolve("got it");
}

const write = { access: "write", waitMs: 10_000 } as const;

describe("who waits for a database", () => {
  test("gets it at once when it is free, and leaves nothing behind", async () => {
    const { folder, queue } = await newQueue();
    const { value, waitedMs } = await queue.acquire(heldFor(0), write);
    expect(value).toBe("got it");
    expect(waitedMs).toBeLessThan(50);
    expect(existsSync(folder)).toBe(false);
  });

  test("announces it, and leaves nothing behind", async () => {
    const { folder, queue } = await newQueue();
    const acquired = queue.acquire(heldFor(300), write);
    await new Promise((done) => setTimeout(done, 150));
    expect(readdirSync(folder)).toHaveLength(1);
    expect(new LockQueue(folder.replace(/\.waiting$/, "")).busy).toBe(true);
    expect((await acquired).waitedMs).toBeGreaterThanOrEqual(299);
    expect(existsSync(folder)).toBe(false);
  });

  test("gets the lock's error when the wait is over", async () => {
    const { folder, queue } = await newQueue();
    await expect(queue.acquire(heldFor(5_000), { ...write, waitMs: 200 })).rejects.toThrow(/lock/);
    expect(existsSync(folder)).toBe(false);
  });

  test("gets other failures at once", async () => {
    const { queue } = await newQueue();
    const full = (): Promise<never> => Promise.reject(new Error("No space left on device"));
    await expect(queue.acquire(full, write)).rejects.toThrow(/space/);
  });

  test("waits without a folder where none can be made", async () => {
    const { folder, queue } = await newQueue();
    writeFileSync(folder, "in the way");
    expect((await queue.acquire(heldFor(100), write)).value).toBe("got it");
  });
});

describe("who came later", () => {
  test("lets those before go first, but not for ever, and once only", async () => {
    const { folder, queue } = await newQueue();
    put(folder, process.pid);
    const { waitedMs } = await queue.acquire(heldFor(0), write);
    expect(waitedMs).toBeGreaterThan(1_900);
    expect(waitedMs).toBeLessThan(4_000);
    expect((await queue.acquire(heldFor(0), write)).waitedMs).toBeLessThan(50);
  });

  test("does not wait behind the dead, and clears up after them", async () => {
    const { folder, queue } = await newQueue();
    put(folder, deadPid());
    expect(queue.busy).toBe(false);
    expect((await queue.acquire(heldFor(0), write)).waitedMs).toBeLessThan(50);
    await queue.acquire(heldFor(100), write);
    expect(existsSync(folder)).toBe(false);
  });

  test("reads along with other readers, but does not pass a writer", async () => {
    const { folder, queue } = await newQueue();
    put(folder, process.pid, "read");
    const read = { access: "read", waitMs: 10_000 } as const;
    expect((await queue.acquire(heldFor(0), read)).waitedMs).toBeLessThan(50);
    put(folder, process.pid, "write");
    expect((await queue.acquire(heldFor(0), read)).waitedMs).toBeGreaterThan(1_900);
  });

  test("is not disturbed by files that are not of ours", async () => {
    const { folder, queue } = await newQueue();
    mkdirSync(folder);
    for (const name of ["0", "x-y", ".DS_Store"]) writeFileSync(join(folder, name), "");
    expect((await queue.acquire(heldFor(0), write)).waitedMs).toBeLessThan(50);
  });
});

test("bulk work lets newcomers go first, and has its turn all the same", async () => {
  const { queue: bulk, path } = await newQueue();
  const order: string[] = [];
  const free = heldFor(150);
  const turnOf = async (name: string, queue: LockQueue, isBulk: boolean): Promise<void> => {
    await queue.acquire(free, { ...write, bulk: isBulk });
    order.push(name);
  };
  const first = turnOf("bulk", bulk, true);
  await new Promise((done) => setTimeout(done, 30));
  await Promise.all([first, turnOf("live", new LockQueue(path), false)]);
  expect(order).toEqual(["live", "bulk"]);
});
