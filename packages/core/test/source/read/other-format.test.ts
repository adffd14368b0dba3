import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KnownError } from "../../../src/errors.ts";
import type { Compression } from "../../../src/source/codec/compression.ts";
import { refuseOtherFormat } from "../../../src/source/read/other-format.ts";
import { lineNumber } from "../../support/following.ts";
import { TestStore } from "../../support/test-store.ts";

/** What is said of a beginning: the sentence and the hint; undefined where it is not refused. */
function saidOf(
  start: Buffer | string,
  name = "x",
  packing: Compression = "none",
): readonly [string, string | undefined] | undefined {
  try {
    const bytes = typeof start === "string" ? Buffer.from(start, "latin1") : start;
    refuseOtherFormat(name === "-" ? name : join("folder", name), bytes, packing);
    return undefined;
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return [error.message, error.hint];
  }
}

const xz = "\xfd7zXZ\x00";
const zip = "PK\x03\x04";
const duckdb = `${"\x01".repeat(8)}DUCK`;
const text = `${lineNumber(1)}\n`;

describe("what is said of a format", () => {
  test.each<[string, Buffer | string, string]>([
    ["lzma", "]\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0<", "xz -dc x | cctelemetry import -"],
    [
      "lzma of a known size",
      "]\0\0\0\x01\x10\x0a\0\0\0\0\0\0\0<",
      "xz -dc x | cctelemetry import -",
    ],
    ["zlib", deflateSync(Buffer.from(text)), "pigz -dc x | cctelemetry import -"],
    ["UTF-32 with a mark", "\xff\xfe\0\0{\0\0\0", "iconv -f UTF-32LE -t UTF-8 x |"],
    ["UTF-32 without", [...'{"re'].map((sign) => `${sign}\0\0\0`).join(""), "iconv -f UTF-32LE"],
    ["big-endian UTF-32", [...'{"re'].map((sign) => `\0\0\0${sign}`).join(""), "UTF-32BE"],
    ["Arrow", "ARROW1\0\0", "Import the telemetry files it was made from"],
    ["packets", "\xd4\xc3\xb2\xa1\x02\0", "Import the telemetry files it was made from"],
    ["packets, newer", "\n\r\r\n\x1c\0\0\0\x4d\x3c\x2b\x1a", "Import the telemetry files"],
    ["a journal", "LPKSHHRH", "journalctl --file x -o json --all > telemetry.jsonl"],
  ])("%s", (_name, start, hint) => {
    expect(saidOf(start)?.[0]).toMatch(/, which is not read\.$/);
    expect(saidOf(start)?.[1]).toContain(hint);
  });

  test.each<[string, string]>([
    ["the rest of a line before a hole", `]${"\0".repeat(600)}`],
    ["a line torn before a hole", `{${"\0".repeat(600)}`],
    ["text that begins like a program", "MZ is what it says\n"],
    ["text that begins like data of zlib", "x^2 + 1\n"],
    ["blank lines", "\n\r\r\n\n\n\n\n\n\n\n\n"],
    ["lines", text],
    ["nothing", ""],
  ])("%s is none", (_name, start) => {
    expect(saidOf(start)).toBeUndefined();
  });
});

describe("how to unpack it", () => {
  test.each<[string, string, Compression, string]>([
    [xz, "a.jsonl.xz", "none", "xz -dc a.jsonl.xz | cctelemetry import -"],
    [xz, "a.tar.xz", "none", "xz -dc a.tar.xz | tar -xf -"],
    [xz, "A.TXZ", "none", "xz -dc A.TXZ | tar -xf -"],
    ["BZh91AY&SY", "a.tbz2", "none", "bzip2 -dc a.tbz2 | tar -xf -"],
    ["\x04\x22\x4d\x18", "a.tar.lz4", "none", "lz4 -dc a.tar.lz4 | tar -xf -"],
    [xz, "a.xz.gz", "gzip", "gzip -dc a.xz.gz | xz -dc | cctelemetry import -"],
    [xz, "a.tar.xz.zst", "zstd", "zstd -dc a.tar.xz.zst | xz -dc | tar -xf -"],
    [zip, "a.zip", "none", "unzip a.zip -d telemetry"],
    [zip, "a.gz", "gzip", "gzip -dc a.gz > telemetry.zip && unzip telemetry.zip -d telemetry"],
    [`${"a".repeat(257)}ustar`, "a.tar.gz", "gzip", "tar -xf a.tar.gz"],
    [
      duckdb,
      "a.gz",
      "gzip",
      "gzip -dc a.gz > telemetry.duckdb && cctelemetry status --db telemetry",
    ],
    [duckdb, "a.duckdb", "none", "cctelemetry status --db a.duckdb"],
    [zip, "-", "none", "unzip FILE -d telemetry"],
    [xz, "two words.xz", "none", 'xz -dc "two words.xz" | cctelemetry import -'],
  ])("%j as %s in %s", (start, name, packing, hint) => {
    expect(saidOf(start, name, packing)?.[1]).toContain(hint);
  });

  test("UTF-16 that begins like another format is text", () => {
    expect(saidOf(zip, "a.txt", "utf16le")).toBeUndefined();
  });
});

describe("what is packed twice", () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await TestStore.open();
  });
  afterEach(() => store.remove());

  const utf16 = Buffer.from(`\ufeff${text}`, "utf16le");
  test.each<[string, Buffer]>([
    ["gzip in gzip", gzipSync(gzipSync(text))],
    ["gzip in gzip in gzip", gzipSync(gzipSync(gzipSync(text)))],
    ["UTF-16 in gzip", gzipSync(utf16)],
    ["big-endian UTF-16 in gzip in gzip", gzipSync(gzipSync(Buffer.from(utf16).swap16()))],
    ["UTF-16 without a mark in gzip", gzipSync(utf16.subarray(2))],
  ])("%s is read", async (_name, bytes) => {
    const { totals } = await store.import(await store.file(bytes));
    expect(totals).toMatchObject({ logRecords: 1, rejectedLines: 0 });
  });

  test("what is cut within is read as far as it goes", async () => {
    const whole = gzipSync(text.repeat(3), { level: 0 });
    const { totals } = await store.import(await store.file(gzipSync(whole.subarray(0, -20))));
    expect(totals).toMatchObject({ logRecords: 1, rejectedLines: 2 });
  });

  test("the fourth packing is named", async () => {
    const deep = gzipSync(gzipSync(gzipSync(gzipSync(text))));
    const path = await store.file(deep, "deep.gz");
    await expect(store.import(path)).rejects.toThrow("in it is a gzip file, which is not read.");
  });
});
