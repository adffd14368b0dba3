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
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
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
    [],
    "otel.jsonl waiting: There is no such file yet.",
  ]);
  writeFileSync(path, lines(1));
  expect(described(await finder.find())).toEqual([["otel.jsonl"]]);
  unlinkSync(path);
  expect(described(await finder.find())).toEqual([
    [],
    "otel.jsonl missing: The file is gone; it is read again when it is back.",
  ]);
  mkdirSync(path);
  expect(described(await finder.find())).toEqual([
    [],
    "otel.jsonl unsuitable: It has become a directory.",
  ]);
  rmSync(path, { recursive: true });
  symlinkSync(path, path);
  expect(described(await finder.find())).toEqual([
    [],
    `otel.jsonl unreadable: "${path}" is a symbolic link that leads in a circle.`,
  ]);
});

test.skipIf(process.platform === "win32")("a pipe is never opened", async () => {
  const path = join(folder(), "otel.jsonl");
  execFileSync("mkfifo", [path]);
  const finder = new FileFinder([path]);
  expect(described(await finder.find())).toEqual([
    [],
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
