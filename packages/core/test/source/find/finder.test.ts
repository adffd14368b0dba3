import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { discover } from "../../../src/source/find/discover.ts";
import { FileFinder } from "../../../src/source/find/finder.ts";
import type { Findings } from "../../../src/source/find/found.ts";
import { lines } from "../../support/following.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "cctelemetry-find-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Names of the files by group, and of what is in the way. */
function described({ groups, troubles }: Findings): readonly unknown[] {
  return [
    ...groups.map(({ files }) => files.map(({ path }) => basename(path))),
    ...troubles.map(({ path, kind, reason }) => `${basename(path)} ${kind}: ${reason}`),
  ];
}

test("a file that is not there yet, comes, goes and becomes something else", async () => {
  const path = join(folder(), "otel.jsonl");
  const finder = new FileFinder([path]);
  expect(described(await finder.find())).toEqual([
    "otel.jsonl waiting: There is no such file yet.",
  ]);
  writeFileSync(path, lines(1));
  expect(described(await finder.find())).toEqual([["otel.jsonl"]]);
  unlinkSync(path);
  expect(described(await finder.find())).toEqual([
    "otel.jsonl missing: The file is gone; it is read again when it is back.",
  ]);
  mkdirSync(path);
  expect(described(await finder.find())).toEqual([
    "otel.jsonl unsuitable: It has become a directory.",
  ]);
  rmSync(path, { recursive: true });
  symlinkSync(path, path);
  expect(described(await finder.find())).toEqual([
    `otel.jsonl unreadable: "${path}" is a symbolic link that leads in a circle.`,
  ]);
});

test.skipIf(process.platform === "win32")("a pipe is never opened", async () => {
  const path = join(folder(), "otel.jsonl");
  execFileSync("mkfifo", [path]);
  const finder = new FileFinder([path]);
  expect(described(await finder.find())).toEqual([
    "otel.jsonl unsuitable: It is a pipe, not a file.",
  ]);
});

test("backups stand before the file, and what only looks like one does not count", async () => {
  const place = folder();
  for (const name of ["otel.jsonl", "otel.jsonl.1", "otel-2026-11-21T02-33-36.603.jsonl"]) {
    writeFileSync(join(place, name), lines(1));
  }
  writeFileSync(join(place, "otel.jsonl.2"), "notes of somebody\n");
  const finder = new FileFinder([join(place, "otel.jsonl")]);
  expect(described(await finder.find())).toEqual([
    ["otel-2026-11-21T02-33-36.603.jsonl", "otel.jsonl.1", "otel.jsonl"],
  ]);
  appendFileSync(join(place, "otel.jsonl.2"), lines(2));
  const [group] = (await finder.find()).groups;
  expect(group?.files.map(({ path }) => basename(path))).toEqual([
    "otel-2026-11-21T02-33-36.603.jsonl",
    "otel.jsonl.2",
    "otel.jsonl.1",
    "otel.jsonl",
  ]);
});

test.skipIf(process.platform === "win32")(
  "a backup that the system refuses is named, with the reason",
  async () => {
    const path = join(folder(), "otel.jsonl");
    writeFileSync(path, lines(1));
    symlinkSync("otel.jsonl.1", `${path}.1`);
    const { groups, skipped } = await new FileFinder([path]).find();
    expect(groups.map(({ files }) => files.length)).toEqual([1]);
    const reason = `"${path}.1" is a symbolic link that leads in a circle.`;
    expect(skipped).toEqual([{ path: `${path}.1`, reason }]);
  },
);

test("folders and patterns: what holds telemetry, whenever it comes", async () => {
  const place = folder();
  writeFileSync(join(place, "notes.txt"), "no telemetry\n");
  const finder = new FileFinder([place]);
  const pattern = new FileFinder([join(place, "*.jsonl")]);
  const name = basename(place);
  expect(described(await finder.find())).toEqual([`${name} waiting: There is no telemetry in it.`]);
  expect(described(await pattern.find())).toEqual([
    "*.jsonl waiting: Nothing that matches holds telemetry yet.",
  ]);
  mkdirSync(join(place, "deep"));
  writeFileSync(join(place, "deep", "a.jsonl"), lines(1));
  writeFileSync(join(place, "b.jsonl"), "");
  expect(described(await finder.find())).toEqual([["a.jsonl"]]);
  appendFileSync(join(place, "b.jsonl"), lines(2));
  expect(described(await finder.find())).toEqual([["b.jsonl"], ["a.jsonl"]]);
  expect(described(await pattern.find())).toEqual([["b.jsonl"]]);
  renameSync(join(place, "b.jsonl"), join(place, "c.jsonl"));
  expect(described(await pattern.find())).toEqual([["c.jsonl"]]);
});

test("a file that two paths lead to is listed once", async () => {
  const place = folder();
  writeFileSync(join(place, "otel.jsonl"), lines(1));
  const finder = new FileFinder([join(place, "otel.jsonl"), place, join(place, "*.jsonl")]);
  expect((await finder.find()).groups.flatMap(({ files }) => files)).toHaveLength(1);
});

/** A tree of files, and paths that lead to some of them. */
const older = "2026-11-21T02-33-36.603";
const tree: Readonly<Record<string, string>> = {
  "otel.jsonl": lines(1),
  "otel.jsonl.1": lines(2),
  "otel.jsonl.2": "notes of somebody\n",
  [`otel-${older}.jsonl`]: lines(3),
  "gone.jsonl.1": lines(4),
  "empty.jsonl": "",
  "deep/down/a.jsonl": lines(5),
  "deep/notes.txt": "no telemetry\n",
  "deep/node_modules/b.jsonl": lines(6),
  "a[1].jsonl": lines(7),
};
const rotation = [`otel-${older}.jsonl`, "otel.jsonl.1", "otel.jsonl"];
/** What was found by listing may be the rest of a line, if it stands beside telemetry. */
const listed = [`otel-${older}.jsonl`, "otel.jsonl.2", "otel.jsonl.1", "otel.jsonl"];

describe("an import and a follower find the same behind", () => {
  test.each<readonly [string, readonly string[], readonly (readonly string[])[]]>([
    ["a file and its backups", ["otel.jsonl"], [rotation]],
    ["a backup", ["otel.jsonl.1"], [["otel.jsonl.1"]]],
    ["a backup that is named before its file", ["otel.jsonl.1", "otel.jsonl"], [rotation]],
    ["a file between its rotation and its successor", ["gone.jsonl"], [["gone.jsonl.1"]]],
    ["a name that looks like a pattern", ["a[1].jsonl"], [["a[1].jsonl"]]],
    ["a pattern, with backups", ["ot*.jsonl"], [listed]],
    ["a pattern that matches a folder", ["dee*"], [["deep/down/a.jsonl"]]],
    ["a pattern through folders", ["**/a.jsonl"], [["deep/down/a.jsonl"]]],
    ["a folder", ["."], [["a[1].jsonl"], ["deep/down/a.jsonl"], ["gone.jsonl.1"], listed]],
    [
      "a file, and a folder with it",
      ["otel.jsonl", "deep/..", "deep"],
      [listed, ["a[1].jsonl"], ["deep/down/a.jsonl"], ["gone.jsonl.1"]],
    ],
    ["nothing", ["none.jsonl", "none*.jsonl", "deep/notes*"], []],
  ])("%s", async (_, names, groups) => {
    const root = folder();
    for (const [name, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    const paths = names.map((name) => join(root, name));
    const followed = (await new FileFinder(paths).find()).groups;
    const imported = (await discover(paths)).groups;
    const below = (path: string) => relative(root, path);
    expect(followed.map(({ files }) => files.map(({ path }) => below(path)))).toEqual(groups);
    expect(imported.map(({ files }) => files.map(below))).toEqual(groups);
  });
});

test("a file that was named is written to, even under the name of a backup", async () => {
  const place = folder();
  writeFileSync(join(place, "otel-20261121"), lines(1));
  const [named] = (await new FileFinder([join(place, "otel-20261121")]).find()).groups;
  expect(named?.path).toBe(join(place, "otel-20261121"));
  const [listed] = (await new FileFinder([place]).find()).groups;
  expect(listed?.path).toBe(join(place, "otel"));
});

test("paths begin as they were named, if that is asked for", async () => {
  const place = folder();
  mkdirSync(join(place, "deep"));
  writeFileSync(join(place, "deep", "a.jsonl"), lines(1));
  const here = relative(process.cwd(), place);
  for (const path of [here, join(here, "deep", "*.jsonl"), join(here, "deep", "a.jsonl")]) {
    const paths = async (finder: FileFinder) =>
      (await finder.find()).groups.flatMap(({ files }) => files.map((file) => file.path));
    expect(await paths(new FileFinder([path], "as named"))).toEqual([
      join(here, "deep", "a.jsonl"),
    ]);
    expect(await paths(new FileFinder([path]))).toEqual([join(place, "deep", "a.jsonl")]);
  }
});
