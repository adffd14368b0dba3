import fs, { appendFileSync, type PathLike, renameSync, statSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Following, lineNumber, lines, until } from "../support/following.ts";

const file = "otel.jsonl";
const backup = "otel-2026-11-21T02-00-00.000.jsonl";
const laterBackup = "otel-2026-11-21T02-01-00.000.jsonl";

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** Appends to a file just after a reader that has opened it has seen its length. */
function appendOnceOpened(path: string, text: string): { readonly done: boolean } {
  const original = fs.fstatSync;
  const state = { done: false };
  const stat = (...args: Parameters<typeof original>): ReturnType<typeof original> => {
    const stats = original(...args);
    if (!state.done && isFile(path, stats?.ino)) {
      state.done = true;
      appendFileSync(path, text);
    }
    return stats;
  };
  vi.spyOn(fs, "fstatSync").mockImplementation(stat as typeof original);
  syncBuiltinESMExports();
  return state;
}

/** Does something just before a file is looked at by its name. */
function onceLookedAt(path: string, work: () => void): { readonly done: boolean } {
  const original = fs.statSync;
  const state = { done: false };
  const stat = (...args: Parameters<typeof original>): ReturnType<typeof original> => {
    if (!state.done && args[0] === path) {
      state.done = true;
      work();
    }
    return original(...args);
  };
  vi.spyOn(fs, "statSync").mockImplementation(stat as typeof original);
  syncBuiltinESMExports();
  return state;
}

function isFile(path: PathLike, inode: number | bigint | undefined): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && stats.ino === Number(inode);
}

describe("the last that is ever written arrives where it was written while the file was opened", () => {
  test("into an empty file", async () => {
    const following = await Following.open();
    following.append(file, "");
    const appended = appendOnceOpened(following.path(file), lines(1));
    await following.start([file]);
    await following.expectStored([1]);
    expect(appended.done).toBe(true);
  });

  test("behind the beginning of its first line", async () => {
    const following = await Following.open();
    const line = lines(1);
    following.append(file, line.slice(0, 300));
    const appended = appendOnceOpened(following.path(file), line.slice(300));
    await following.start([file]);
    await following.expectStored([1]);
    expect(appended.done).toBe(true);
  });

  test("behind text that says nothing of telemetry", async () => {
    const following = await Following.open();
    following.append(file, "starting");
    const appended = appendOnceOpened(following.path(file), `\n${lines(1, 2)}`);
    await following.start([file]);
    await following.expectStored([1, 2]);
    expect(appended.done).toBe(true);
    expect(await following.rejected()).toEqual([{ reason: "other-text", file, at: 0 }]);
  });

  test("behind a piece of a line that began in the file before", async () => {
    const following = await Following.open();
    const line = lineNumber(2);
    following.append(backup, lines(1) + line.slice(0, 200));
    following.append(file, line.slice(200, 300));
    const appended = appendOnceOpened(following.path(file), `${line.slice(300)}\n`);
    await following.start([file]);
    await following.expectStored([1, 2]);
    expect(appended.done).toBe(true);
    expect(await following.rejected()).toEqual([]);
  });
});

test("a line goes on in a file that is seen after those behind it", async () => {
  const following = await Following.open();
  const cut = lineNumber(2);
  following.append(file, lines(1));
  await following.start([""]);
  await following.expectStored([1]);
  const rotated = onceLookedAt(following.path(file), () => {
    following.append(file, cut.slice(0, 300));
    renameSync(following.path(file), following.path(backup));
    following.append(file, `${cut.slice(300)}\n${lines(3)}`);
    renameSync(following.path(file), following.path(laterBackup));
    following.append(file, lines(4));
  });
  await following.expectStored([1, 2, 3, 4]);
  expect(rotated.done).toBe(true);
  await until("nothing is rejected", async () => (await following.rejected()).length === 0);
});
