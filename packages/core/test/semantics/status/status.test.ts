import { execFileSync } from "node:child_process";
import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { importPaths } from "../../../src/ingest/import.ts";
import { openStore } from "../../../src/open-store.ts";
import { databaseState } from "../../../src/semantics/status/database-state.ts";
import { knownPaths } from "../../../src/semantics/status/known-paths.ts";
import { storeStatus } from "../../../src/semantics/status/status.ts";
import type { Store } from "../../../src/store/store.ts";
import { recordings, writeEmptyDatabase } from "../../support/telemetry.ts";

const NOW = 1_800_000_000_000_000n;
const recording = join(recordings, "edge/framings/rotate.jsonl");
const lines = (await readFile(recording, "utf8")).trimEnd().split("\n");
const SIZE = (await readFile(recording)).length;

let folder = "";
let store: Store | undefined;
afterEach(async () => {
  await store?.close();
  store = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** A folder with a database that holds one file of it, `otel.jsonl`; gives the file's path. */
async function readOnce(content: Uint8Array | string | undefined = undefined): Promise<string> {
  folder = await mkdtemp(join(tmpdir(), "cctelemetry-"));
  const path = join(folder, "otel.jsonl");
  if (content === undefined) await copyFile(recording, path);
  else await writeFile(path, content);
  await writeEmptyDatabase(join(folder, "t.duckdb"));
  store = await openStore(join(folder, "t.duckdb"));
  await importPaths(store, [path]);
  return path;
}

async function stateOf(path: string): Promise<object | undefined> {
  if (store === undefined) throw new Error("no store");
  const { files } = await storeStatus(store, NOW);
  return files.find(({ stored }) => stored["path"] === path)?.now;
}

describe.skipIf(process.platform === "win32")("a file that was read and", () => {
  const another = { state: "another file" };
  const cases: readonly (readonly [string, (path: string) => unknown, object])[] = [
    ["left alone is up to date", () => undefined, { state: "up to date", lagBytes: 0 }],
    [
      "grew is behind by so many bytes",
      (path) => appendFile(path, `${lines[0]}\n`),
      { state: "behind", lagBytes: (lines[0]?.length ?? 0) + 1 },
    ],
    [
      "has half a line more is up to date: there is nothing to read yet",
      (path) => appendFile(path, lines[0]?.slice(0, 100) ?? ""),
      { state: "up to date", lagBytes: 100, reason: "Its last line is not finished." },
    ],
    ["was cut is another", (path) => truncate(path, SIZE - 1), { ...another, lagBytes: SIZE - 1 }],
    [
      "was rewritten, longer, is another",
      (path) => writeFile(path, `${lines.toReversed().join("\n")}\n${lines[0]}\n`),
      another,
    ],
    [
      "was changed before its cursor is another",
      async (path) => writeFile(path, `${(await readFile(path, "utf8")).slice(0, -2)} \n`),
      another,
    ],
    ["was emptied is another", (path) => truncate(path, 0), { ...another, lagBytes: 0 }],
    ["is gone is gone", (path) => rm(path), { state: "gone" }],
    [
      "is a directory now",
      async (path) => {
        await rm(path);
        await mkdir(path);
      },
      { state: "a directory", reason: expect.stringContaining("is a directory, not a file") },
    ],
    [
      "is a pipe now is not opened: that would wait for ever",
      async (path) => {
        await rm(path);
        execFileSync("mkfifo", [path]);
      },
      { state: "a pipe" },
    ],
    [
      "is a link in a circle",
      async (path) => {
        await rm(path);
        await symlink(path, path);
      },
      { state: "unreadable" },
    ],
  ];
  test.each(cases)("%s", async (_, happen, expected) => {
    const path = await readOnce();
    await happen(path);
    expect(await stateOf(path)).toMatchObject(expected);
  });

  test("is compressed is up to date by its size, not by its lines", async () => {
    const path = await readOnce(gzipSync(await readFile(recording)));
    expect(await stateOf(path)).toMatchObject({ state: "up to date", lagBytes: 0 });
    await appendFile(path, gzipSync(`${lines[0]}\n`));
    expect(await stateOf(path)).toMatchObject({ state: "behind", lagBytes: undefined });
  });
});

test("a file that another one replaced is gone, once that one is read, too", async () => {
  const path = await readOnce();
  await writeFile(path, `${lines.toReversed().join("\n")}\n`);
  if (store === undefined) throw new Error("no store");
  await importPaths(store, [path]);
  const { files } = await storeStatus(store, NOW);
  expect(files.map(({ now }) => now.state).toSorted()).toEqual(["gone", "up to date"]);
});

test("records of times that cannot be right are counted, marks of stages are not", async () => {
  const record = (timeUnixNano: string, name = "user_prompt") => ({
    timeUnixNano,
    attributes: [{ key: "event.name", value: { stringValue: name } }],
  });
  const logRecords = [
    record("0"),
    record("1000000"),
    record("0", "stage_mark"),
    record("1790000000000000000"),
    record("4070908800000000000"),
    record("4070908800000000000", "stage_mark"),
  ];
  const body = { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
  await readOnce(`${JSON.stringify(body)}\n`);
  if (store === undefined) throw new Error("no store");
  expect((await storeStatus(store, NOW)).oddTimes).toEqual({ early: 2, late: 1 });
});

describe("what is read when no path is named", () => {
  test("are those that are there, a rotated one standing for its successor", async () => {
    const path = await readOnce();
    const rotated = join(folder, "otel-2026-11-21T02-33-36.603.jsonl");
    const gone = join(folder, "gone.jsonl");
    await rename(path, rotated);
    await writeFile(gone, `${lines[0]}\n`);
    await writeFile(path, `${lines[1]}\n`);
    if (store === undefined) throw new Error("no store");
    await importPaths(store, [rotated, gone]);
    await rm(gone);
    expect(await knownPaths(store)).toEqual([path]);
  });

  test("are none without a database", async () => {
    folder = await mkdtemp(join(tmpdir(), "cctelemetry-"));
    store = await openStore(join(folder, "t.duckdb"));
    expect(await knownPaths(store)).toEqual([]);
  });
});

describe("the database", () => {
  test("reports its size and the space beside it", async () => {
    await readOnce();
    expect(databaseState(join(folder, "t.duckdb"))).toMatchObject({
      sizeBytes: expect.any(Number),
      freeBytes: expect.any(Number),
    });
    expect(databaseState(join(folder, "none.duckdb"))).toMatchObject({ condition: "missing" });
  });

  test.skipIf(process.platform === "win32")("is not opened where it is a pipe", async () => {
    folder = await mkdtemp(join(tmpdir(), "cctelemetry-"));
    const path = join(folder, "t.duckdb");
    execFileSync("mkfifo", [path]);
    store = await openStore(path);
    await expect(storeStatus(store, NOW)).rejects.toMatchObject({
      code: "store-unwritable",
      message: expect.stringContaining("is a pipe, not a database"),
    });
  });
});
