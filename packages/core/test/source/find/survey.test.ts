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
import { Survey } from "../../../src/source/find/survey.ts";
import type { SurveyResult } from "../../../src/source/find/survey-types.ts";
import { lines } from "../../support/following.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "cctelemetry-survey-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Names of the files by group, and of what is in the way. */
function told({ groups, troubles }: SurveyResult): readonly unknown[] {
  return [
    ...groups.map(({ files }) => files.map(({ path }) => basename(path))),
    ...troubles.map(({ path, kind, reason }) => `${basename(path)} ${kind}: ${reason}`),
  ];
}

test("a file that is not there yet, comes, goes and becomes something else", async () => {
  const path = join(folder(), "otel.jsonl");
  const survey = new Survey([path]);
  expect(told(await survey.look())).toEqual([[], "otel.jsonl waiting: There is no such file yet."]);
  writeFileSync(path, lines(1));
  expect(told(await survey.look())).toEqual([["otel.jsonl"]]);
  unlinkSync(path);
  expect(told(await survey.look())).toEqual([
    [],
    "otel.jsonl missing: The file is gone; it is read again when it is back.",
  ]);
  mkdirSync(path);
  expect(told(await survey.look())).toEqual([
    [],
    "otel.jsonl unsuitable: It has become a directory.",
  ]);
  rmSync(path, { recursive: true });
  symlinkSync(path, path);
  expect(told(await survey.look())).toEqual([
    [],
    `otel.jsonl unreadable: "${path}" is a symbolic link that leads in a circle.`,
  ]);
});

test.skipIf(process.platform === "win32")("a pipe is never opened", async () => {
  const path = join(folder(), "otel.jsonl");
  execFileSync("mkfifo", [path]);
  const survey = new Survey([path]);
  expect(told(await survey.look())).toEqual([
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
  const survey = new Survey([join(place, "otel.jsonl")]);
  expect(told(await survey.look())).toEqual([
    ["otel-2026-11-21T02-33-36.603.jsonl", "otel.jsonl.1", "otel.jsonl"],
  ]);
  appendFileSync(join(place, "otel.jsonl.2"), lines(2));
  const [group] = (await survey.look()).groups;
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
  const survey = new Survey([place]);
  const pattern = new Survey([join(place, "*.jsonl")]);
  const name = basename(place);
  expect(told(await survey.look())).toEqual([`${name} waiting: There is no telemetry in it.`]);
  expect(told(await pattern.look())).toEqual([
    "*.jsonl waiting: Nothing that matches holds telemetry yet.",
  ]);
  mkdirSync(join(place, "deep"));
  writeFileSync(join(place, "deep", "a.jsonl"), lines(1));
  writeFileSync(join(place, "b.jsonl"), "");
  expect(told(await survey.look())).toEqual([["a.jsonl"]]);
  appendFileSync(join(place, "b.jsonl"), lines(2));
  expect(told(await survey.look())).toEqual([["b.jsonl"], ["a.jsonl"]]);
  expect(told(await pattern.look())).toEqual([["b.jsonl"]]);
  renameSync(join(place, "b.jsonl"), join(place, "c.jsonl"));
  expect(told(await pattern.look())).toEqual([["c.jsonl"]]);
});

test("a file that two paths lead to is listed once", async () => {
  const place = folder();
  writeFileSync(join(place, "otel.jsonl"), lines(1));
  const survey = new Survey([join(place, "otel.jsonl"), place, join(place, "*.jsonl")]);
  expect((await survey.look()).groups.flatMap(({ files }) => files)).toHaveLength(1);
});
