import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { claimText } from "../src/journal/claim.ts";
import { acquireLock, type LockContent, lockHolder, lockPath } from "../src/journal/lock.ts";

async function output(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cctelemetry-lock-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "a.jsonl");
}

function leave(path: string, content: Partial<LockContent>): void {
  const usual: LockContent = {
    pid: process.pid,
    instance: "other",
    state: "serving",
    startedAt: 1,
    addresses: { http: undefined, grpc: undefined },
    refused: [],
  };
  writeFileSync(lockPath(path), JSON.stringify({ ...usual, ...content }));
}

/** The number of a process that is no more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await new Promise((done) => child.once("exit", done));
  return child.pid ?? 0;
}

/** A port on which something listens, or did. */
async function port(state: "open" | "closed"): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const address = server.address();
  const number = typeof address === "object" && address !== null ? address.port : 0;
  if (state === "closed") await new Promise((done) => server.close(done));
  else onTestFinished(() => void server.close());
  return `127.0.0.1:${number}`;
}

const now = Date.now;

test("is held once, named, and free after its release", async () => {
  const path = await output();
  const first = await acquireLock(path, now);
  if (first.kind !== "acquired") throw new Error("not taken");
  const second = await acquireLock(path, now);
  expect(second).toMatchObject({ kind: "held", holder: { pid: process.pid, state: "starting" } });
  const http = await port("open");
  await first.lock.update({ state: "serving", addresses: { http, grpc: undefined } });
  expect(await lockHolder(path, now)).toMatchObject({
    kind: "held",
    holder: { state: "serving", addresses: { http } },
  });
  await first.lock.release();
  expect(existsSync(lockPath(path))).toBe(false);
  expect((await acquireLock(path, now)).kind).toBe("acquired");
});

test("of many that want it at once, one has it", async () => {
  const path = await output();
  leave(path, { pid: await deadPid() });
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => acquireLock(path, now)));
  expect(outcomes.filter(({ kind }) => kind === "acquired")).toHaveLength(1);
  expect(await readdir(join(path, ".."))).toEqual(["a.jsonl.lock"]);
});

test("of many that want what was left, in many rounds and at any time, one has it", async () => {
  const dead = await deadPid();
  for (let round = 0; round < 50; round += 1) {
    const path = await output();
    leave(path, { pid: dead });
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, async (_, number) => {
        await setTimeout(((number * 7 + round) % 5) / 2);
        return acquireLock(path, now);
      }),
    );
    expect(outcomes.filter(({ kind }) => kind === "acquired")).toHaveLength(1);
    expect(await readdir(join(path, ".."))).toEqual(["a.jsonl.lock"]);
  }
});

test("a claim of a process that ended while it replaced the lock does not stop the next", async () => {
  const path = await output();
  const dead = await deadPid();
  leave(path, { pid: dead });
  const text = readFileSync(lockPath(path), "utf8");
  expect(await claimText(lockPath(path), text, dead)).toBeDefined();
  expect(await claimText(lockPath(path), text, dead)).toBeDefined();
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => acquireLock(path, now)));
  expect(outcomes.filter(({ kind }) => kind === "acquired")).toHaveLength(1);
  expect(await readdir(join(path, ".."))).toEqual(["a.jsonl.lock"]);
});

test("while a process that lives replaces the lock, nobody else does", async () => {
  const path = await output();
  leave(path, { pid: await deadPid() });
  const text = readFileSync(lockPath(path), "utf8");
  const claim = await claimText(lockPath(path), text, process.pid);
  expect(await acquireLock(path, now)).toEqual({ kind: "held", holder: undefined });
  await claim?.release();
  expect((await acquireLock(path, now)).kind).toBe("acquired");
});

test("of a process that is no more it is free", async () => {
  const path = await output();
  leave(path, { pid: await deadPid() });
  expect((await acquireLock(path, now)).kind).toBe("acquired");
});

test("a process number that is used again holds nothing", async () => {
  const path = await output();
  leave(path, { addresses: { http: await port("closed"), grpc: undefined } });
  expect((await acquireLock(path, now)).kind).toBe("acquired");
});

test.each(["starting", "closing"] as const)("a process that is %s holds it", async (state) => {
  const path = await output();
  leave(path, { state, addresses: { http: await port("closed"), grpc: undefined } });
  expect(await acquireLock(path, now)).toMatchObject({ kind: "held", holder: { state } });
});

test("of a process that began long ago and never served it is free", async () => {
  const path = await output();
  leave(path, { state: "starting" });
  utimesSync(lockPath(path), 1, 1);
  expect((await acquireLock(path, now)).kind).toBe("acquired");
});

test.each(["", "{", '{"pid":"x"}', "null"])(
  "%j is a holder at first, later nobody",
  async (text) => {
    const path = await output();
    writeFileSync(lockPath(path), text);
    expect(await acquireLock(path, now)).toEqual({ kind: "held", holder: undefined });
    utimesSync(lockPath(path), 1, 1);
    expect((await acquireLock(path, now)).kind).toBe("acquired");
  },
);

test("a file without content is a holder's within the millisecond of the clock, not in the future", async () => {
  const path = await output();
  writeFileSync(lockPath(path), "");
  const { mtimeMs } = statSync(lockPath(path));
  expect(await acquireLock(path, () => mtimeMs - 0.9)).toEqual({ kind: "held", holder: undefined });
  expect((await acquireLock(path, () => mtimeMs - 3_600_000)).kind).toBe("acquired");
});

test("whoever lost it leaves it to the next one", async () => {
  const path = await output();
  const first = await acquireLock(path, now);
  if (first.kind !== "acquired") throw new Error("not taken");
  leave(path, { instance: "next" });
  await first.lock.update({ state: "closing" });
  await first.lock.release();
  expect(JSON.parse(readFileSync(lockPath(path), "utf8"))).toMatchObject({ instance: "next" });
});
