import fs, { renameSync } from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { openStore } from "../../src/open-store.ts";
import { FileFinder } from "../../src/source/find/finder.ts";
import { watchTelemetry } from "../../src/watch-telemetry.ts";
import { Following, lines, range, until } from "../support/following.ts";

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

const opening = ["openSync", "readdirSync"] as const;
const looking = ["statSync"] as const;

/** From now on the system opens nothing below a folder but the database, or does not even look at it. */
function runOut(folder: string, code: string, calls: readonly (keyof typeof fs)[]): () => void {
  const refuses = (path: unknown) =>
    String(path).startsWith(folder) && !String(path).includes(".duckdb");
  const failure = () => Object.assign(new Error(`${code}: too many open files`), { code });
  for (const name of calls) {
    const original = fs[name] as (...given: unknown[]) => unknown;
    vi.spyOn(fs, name as "statSync").mockImplementation((...given: unknown[]) => {
      if (refuses(given[0])) throw failure();
      return original(...given) as never;
    });
  }
  const { readdir } = fs;
  vi.spyOn(fs, "readdir").mockImplementation(((path: string, options: object, done: Listed) => {
    if (refuses(path)) process.nextTick(done, failure(), []);
    else readdir(path, options, done as never);
  }) as never);
  const listing = promises.readdir as (...given: unknown[]) => Promise<unknown>;
  vi.spyOn(promises, "readdir").mockImplementation(((...given: unknown[]) =>
    refuses(given[0]) ? Promise.reject(failure()) : listing(...given)) as never);
  syncBuiltinESMExports();
  return () => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  };
}

type Listed = (error: Error | null, entries: readonly unknown[]) => void;

const sentence = /^Too many files are open to read ".*" \(ulimit -n allows more\)\.$/;

describe.each([
  ["EMFILE", "opening", opening],
  ["ENFILE", "looking and opening", [...looking, ...opening]],
] as const)("%s while %s fails", (code, _, calls) => {
  test.each([
    ["files", ["a.jsonl", "b.jsonl"]],
    ["a folder", ["."]],
    ["a pattern", ["*.jsonl*"]],
  ])(
    "%s: nothing is gone, it is said why nothing new is seen, and it goes on",
    async (_kind, names) => {
      const following = await Following.open();
      following.append("a.jsonl", lines(1));
      following.append("b.jsonl.1", lines(2));
      following.append("b.jsonl", lines(3));
      const follower = await following.start(names);
      await following.expectStored([1, 2, 3]);
      const known = follower.files.map(({ path }) => path).toSorted();
      for (const file of follower.files) file.release();
      const back = runOut(following.folder, code, calls);
      following.append("a.jsonl", lines(4));
      following.append("c.jsonl", lines(5));
      await until("it is said", () => follower.troubles.length > 0);
      await new Promise((done) => setTimeout(done, 1200));
      expect(follower.files.map(({ path }) => path).toSorted()).toEqual(known);
      expect(follower.files.every(({ named }) => named)).toBe(true);
      for (const { kind, reason } of follower.troubles) {
        expect([kind, reason]).toEqual(["unreadable", expect.stringMatching(sentence)]);
      }
      back();
      await following.expectStored(names.length === 2 ? [1, 2, 3, 4] : range(1, 5));
      await until("all is well", () => follower.troubles.length === 0);
    },
  );
});

test("a watch calls no file missing, and follows those that it holds open", async () => {
  const following = await Following.open();
  following.append("a.jsonl", lines(1));
  const store = await openStore(following.path("watched.duckdb"));
  const watch = watchTelemetry(store, [following.folder], { timeZone: "UTC" });
  onTestFinished(async () => {
    await watch.close();
    await store.close();
  });
  await watch.ready;
  const back = runOut(following.folder, "EMFILE", [...looking, ...opening]);
  following.append("a.jsonl", lines(2));
  await until("it is read", () => watch.state().files[0]?.cursor_offset === lines(1, 2).length);
  await until("it is said", () => watch.state().files.length === 2);
  expect(watch.state().files.map(({ path, state }) => [path, state])).toEqual([
    [following.path("a.jsonl"), "following"],
    [following.folder, "unreadable"],
  ]);
  back();
  await until("all is well", () => watch.state().files.length === 1);
});

test("a rotation that was not seen meanwhile is found afterwards", async () => {
  const following = await Following.open();
  following.append("a.jsonl", lines(1));
  await following.start(["a.jsonl"]);
  await following.expectStored([1]);
  const back = runOut(following.folder, "EMFILE", [...looking, ...opening]);
  following.append("a.jsonl", lines(2));
  renameSync(following.path("a.jsonl"), following.path("a.jsonl.1"));
  following.append("a.jsonl", lines(3));
  await new Promise((done) => setTimeout(done, 300));
  back();
  await following.expectStored([1, 2, 3]);
});

test("a following that begins without descriptors takes files up when there are some", async () => {
  const following = await Following.open();
  following.append("a.jsonl", lines(1));
  const back = runOut(following.folder, "EMFILE", [...looking, ...opening]);
  const finder = new FileFinder([following.path("a.jsonl"), join(following.folder, "*.jsonl")]);
  expect((await finder.find()).outOfDescriptors).toBe(true);
  const follower = await following.start(["a.jsonl"]);
  expect(follower.troubles.map(({ reason }) => reason)).toEqual([expect.stringMatching(sentence)]);
  back();
  await following.expectStored([1]);
});
