import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { backupsOf, groupSiblings, parseBackupName } from "../../../src/source/find/siblings.ts";

const older = "2026-11-21T02-33-36.603";
const newer = "2026-11-21T02-33-37.001";

describe("parseBackupName", () => {
  test.each([
    [`otel-${older}.jsonl`, ["otel.jsonl"]],
    [`otel-${older}-size.jsonl`, ["otel.jsonl"]],
    [`otel-${older}-size.jsonl.gz`, ["otel.jsonl"]],
    [`otel-${older}.jsonl.zst`, ["otel.jsonl"]],
    [`rotate_noext-${older}`, ["rotate_noext"]],
    [`x.jsonl-${older}-size.zst`, ["x.jsonl.zst", "x.jsonl"]],
    [`-${older}.jsonl`, [".jsonl"]],
    [`a-${older}-b-${newer}.jsonl`, [`a-${older}-b.jsonl`]],
    ["otel.jsonl.1", ["otel.jsonl"]],
    ["otel.jsonl.12.gz", ["otel.jsonl"]],
    ["otel.jsonl-20261121", ["otel.jsonl"]],
    ["otel.jsonl-20261121-1637.zst", ["otel.jsonl"]],
  ])("%s was %j", (name, bases) => {
    expect(parseBackupName(name)?.bases).toEqual(bases);
  });

  test.each([
    "otel.jsonl",
    `otel-${older}.jsonl.bz2`,
    "otel-2026-11-21.jsonl",
    `otel-${older}-SIZE.x`,
  ])("%s is no backup", (name) => expect(parseBackupName(name)).toBeUndefined());
});

test("backups of a name stand oldest first, in both styles, packed or not", () => {
  const names = [
    `otel-${newer}-size.jsonl`,
    "otel.jsonl",
    `otel-${older}.jsonl.gz`,
    `other-${older}.jsonl`,
    `otel-${older}.log`,
    "otel-2020-01-01T00-00-00.000-time.jsonl.zst",
  ];
  expect(backupsOf("otel.jsonl", names)).toEqual([
    "otel-2020-01-01T00-00-00.000-time.jsonl.zst",
    `otel-${older}.jsonl.gz`,
    `otel-${newer}-size.jsonl`,
  ]);
});

test("logrotate's backups: a greater number is older, an earlier day is older", () => {
  const numbered = ["o.jsonl.1", "o.jsonl.10.gz", "o.jsonl.2.gz", "o.jsonl"];
  expect(backupsOf("o.jsonl", numbered)).toEqual(["o.jsonl.10.gz", "o.jsonl.2.gz", "o.jsonl.1"]);
  const dated = ["o.jsonl-20261121", "o.jsonl-20261031.gz", "o.jsonl-2026112112"];
  expect(backupsOf("o.jsonl", dated)).toEqual([
    "o.jsonl-20261031.gz",
    "o.jsonl-20261121",
    "o.jsonl-2026112112",
  ]);
});

test("siblings come together wherever they were typed, each directory for itself", () => {
  const groups = groupSiblings([
    "a/otel.jsonl",
    "b/otel.jsonl",
    `a/otel-${newer}.jsonl`,
    `c/otel-${newer}.jsonl`,
    resolve(`a/otel-${older}-size.jsonl`),
    `c/otel-${older}.jsonl`,
    "-",
  ]);
  expect([...groups.values()]).toEqual([
    [resolve(`a/otel-${older}-size.jsonl`), `a/otel-${newer}.jsonl`, "a/otel.jsonl"],
    ["b/otel.jsonl"],
    [`c/otel-${older}.jsonl`, `c/otel-${newer}.jsonl`],
    ["-"],
  ]);
});

test("a packed backup goes to the file that is there", () => {
  expect([...groupSiblings(["bare", `bare-${older}.gz`]).values()]).toEqual([
    [`bare-${older}.gz`, "bare"],
  ]);
  expect([...groupSiblings(["x.gz", `x-${older}.gz`]).values()]).toEqual([
    [`x-${older}.gz`, "x.gz"],
  ]);
});
