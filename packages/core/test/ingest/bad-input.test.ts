import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { refused } from "../otlp/hostile-lines.ts";
import { linesOf, telemetry } from "../support/fixtures.ts";
import { TestStore } from "../support/test-store.ts";

let store: TestStore;
beforeEach(async () => {
  store = await TestStore.open();
});
afterEach(() => store.remove());

/** A line with one log record. */
const good = (body: string): string =>
  `{"resourceLogs":[{"resource":{},"scopeLogs":[{"scope":{},"logRecords":[{"timeUnixNano":"1767225600000000000","body":{"stringValue":"${body}"}}]}]}]}`;

async function bodies(): Promise<string[]> {
  const rows = await store.rows("SELECT body FROM base.other_logs ORDER BY body");
  return rows.map((row) => String(row["body"]));
}

/** Imports again, and a file that grew by nothing again: nothing may change. */
async function expectStable(path: string): Promise<void> {
  const before = await store.rejected();
  const hash = await store.contentHash();
  for (let round = 0; round < 2; round++) {
    const { totals } = await store.import(path);
    expect(totals).toMatchObject({ logRecords: 0, points: 0, spans: 0 });
  }
  expect(await store.rejected()).toEqual(before);
  expect(await store.contentHash()).toBe(hash);
}

describe("a half line at the end", () => {
  const whole = good("c");

  test("is rejected, and stored once it is whole", async () => {
    const text = `${good("a")}\n${good("b")}\n`;
    const path = await store.file(text + whole.slice(0, 70));
    const { totals } = await store.import(path);
    expect(totals).toMatchObject({ logRecords: 2, rejectedLines: 1 });
    expect(await store.rejected()).toMatchObject([
      { reason: "unterminated", byte_offset: text.length, byte_length: 70, records_kept: 0 },
    ]);
    await expectStable(path);

    await store.file(`${text}${whole}\n${good("d")}\n`, "input-1.jsonl");
    await store.import(path);
    expect(await bodies()).toEqual(["a", "b", "c", "d"]);
    expect(await store.rejected()).toEqual([]);
    await expectStable(path);
  });

  test.each(["\r", " \r", "\r\t"])("is none where all lines end with %j", async (end) => {
    const path = await store.file([good("a"), good("b"), good("c"), ""].join(end));
    await store.import(path);
    expect(await bodies()).toEqual(["a", "b", "c"]);
    expect(await store.rejected()).toEqual([]);
    await expectStable(path);
  });

  test("grows without becoming whole", async () => {
    const path = await store.file(`${good("a")}\n${whole.slice(0, 70)}`);
    await store.import(path);
    await store.file(`${good("a")}\n${whole.slice(0, 90)}`, "input-1.jsonl");
    await store.import(path);
    expect(await store.rejected()).toMatchObject([{ reason: "unterminated", byte_length: 90 }]);
  });

  test("is the whole file, then its first line is whole", async () => {
    const path = await store.file(whole.slice(0, 70));
    await store.import(path);
    expect(await store.rejected()).toMatchObject([{ reason: "unterminated", byte_offset: 0 }]);
    await store.file(`${whole}\n`, "input-1.jsonl");
    await store.import(path);
    expect(await bodies()).toEqual(["c"]);
    expect(await store.rejected()).toEqual([]);
  });

  test("that is a whole record needs no line feed, nor is it taken twice when that comes", async () => {
    const path = await store.file(`${good("a")}\n${whole}`);
    const { totals } = await store.import(path);
    expect(totals).toMatchObject({ logRecords: 2, rejectedLines: 0 });
    await store.file(`${good("a")}\n${whole}\n${good("d")}\n`, "input-1.jsonl");
    await store.import(path);
    expect(await bodies()).toEqual(["a", "c", "d"]);
    expect(await store.rejected()).toEqual([]);
    await expectStable(path);
  });

  test("in a compressed file is no different", async () => {
    const path = await store.file(gzipSync(`${good("a")}\n${whole}`), "x.jsonl.gz");
    const { totals } = await store.import(path);
    expect(totals).toMatchObject({ logRecords: 2, rejectedLines: 0 });
    expect(await store.rejected()).toEqual([]);
  });
});

describe("a line cut by a rotation", () => {
  const [first, cut, last] = [good("1"), good("2"), good("3")];
  const old = "otel-2026-11-21T02-33-36.503.jsonl";

  async function write(at: number, pack = false): Promise<void> {
    const before = `${first}\n${cut}\n`.slice(0, first.length + 1 + at);
    const name = pack ? `${old}.gz` : old;
    await store.file(pack ? gzipSync(before) : before, name);
    await store.file(`${cut}\n${last}\n`.slice(at), "otel.jsonl");
  }

  async function expectJoined(): Promise<void> {
    expect(await bodies()).toEqual(["1", "2", "3"]);
    expect(await store.rejected()).toEqual([]);
  }

  test.each([1, 20, 70, cut.length - 1, cut.length])(
    "after byte %i, imported at once",
    async (at) => {
      await write(at);
      const { totals, files } = await store.import(join(store.folder, "otel.jsonl"));
      expect(totals).toMatchObject({ logRecords: 3, rejectedLines: 0, duplicates: 0 });
      expect(files.map(({ rejected }) => rejected)).toEqual([0, 0]);
      await expectJoined();
      await expectStable(join(store.folder, "otel.jsonl"));
    },
  );

  test("the old file first, then the new one", async () => {
    await write(70);
    await rm(join(store.folder, "otel.jsonl"));
    await store.import(join(store.folder, old));
    expect(await store.rejected()).toMatchObject([{ reason: "unterminated" }]);
    await write(70);
    const { totals } = await store.import(join(store.folder, "otel.jsonl"));
    expect(totals).toMatchObject({ logRecords: 2, rejectedLines: 0, duplicates: 0 });
    await expectJoined();
    await expectStable(join(store.folder, "otel.jsonl"));
  });

  test("the new file alone, then both", async () => {
    await write(70);
    await rm(join(store.folder, old));
    await store.import(join(store.folder, "otel.jsonl"));
    expect(await store.rejected()).toMatchObject([{ reason: "not-json", byte_offset: 0 }]);
    await write(70);
    await store.import(join(store.folder, "otel.jsonl"));
    await expectJoined();
    await expectStable(join(store.folder, "otel.jsonl"));
  });

  test("the old file compressed", async () => {
    await write(70, true);
    const { totals } = await store.import(store.folder);
    expect(totals).toMatchObject({ logRecords: 3, rejectedLines: 0 });
    await expectJoined();
  });

  test("halves that do not belong together stay halves", async () => {
    await store.file(`${first}\n${cut.slice(0, 70)}`, old);
    await store.file(`${cut.slice(75)}\n${last}\n`, "otel.jsonl");
    await store.import(join(store.folder, "otel.jsonl"));
    expect(await bodies()).toEqual(["1", "3"]);
    expect(await store.rejected()).toMatchObject([
      { file: old, reason: "unterminated" },
      { file: "otel.jsonl", reason: "not-json" },
    ]);
  });
});

describe("damage by writers", () => {
  test("a torn line with a whole record glued to it", async () => {
    const torn = good("torn").slice(0, 80);
    const text = `${good("a")}\n${torn}${good("b")}\n${good("c")}\n`;
    const path = await store.file(text);
    await store.import(path);
    expect(await bodies()).toEqual(["a", "b", "c"]);
    expect(await store.rejected()).toMatchObject([
      {
        reason: "torn-line",
        byte_offset: good("a").length + 1,
        byte_length: 80,
        text: torn,
      },
    ]);
    await expectStable(path);
  });

  test("many torn lines glued to one another count as one", async () => {
    const torn = '{"resourceLogs":[{"res'.repeat(10_000);
    const path = await store.file(`${torn}${good("a")}\n${good("b")}\n`);
    await store.import(path);
    expect(await bodies()).toEqual(["a", "b"]);
    expect(await store.rejected()).toMatchObject([
      { reason: "torn-line", byte_offset: 0, byte_length: torn.length },
    ]);
  });

  test("two whole records in a line without anything between them", async () => {
    await store.importText(`${good("a")}${good("b")}\n${good("c")}\n`);
    expect(await bodies()).toEqual(["a", "b", "c"]);
    expect(await store.rejected()).toEqual([]);
  });

  test("the Collector's own torn line", async () => {
    const path = `${telemetry}edge/torn-line-glued.jsonl`;
    await store.import(path);
    expect(await store.rejected()).toMatchObject([{ reason: "torn-line" }]);
    await expectStable(path);
  });

  test("a hole of NULs before a line, and one at the end", async () => {
    const hole = Buffer.alloc(5000);
    const text = Buffer.concat([
      Buffer.from(`${good("a")}\n`),
      hole,
      Buffer.from(`${good("b")}\n${good("c")}\n`),
      hole,
    ]);
    const path = await store.file(text);
    await store.import(path);
    expect(await bodies()).toEqual(["a", "b", "c"]);
    expect((await store.rejected())[0]).toMatchObject({
      reason: "nul-hole",
      byte_offset: good("a").length + 1,
      byte_length: 5000,
    });
    await expectStable(path);
  });

  test("the Collector's own hole", async () => {
    const path = `${telemetry}edge/nul-hole.jsonl`;
    await store.import(path);
    expect(await store.rejected()).toMatchObject([{ reason: "nul-hole" }]);
    await expectStable(path);
  });

  test("bytes that are no UTF-8 are replaced, and reported", async () => {
    const bad = Buffer.from(good("b?c"));
    bad[bad.indexOf("?")] = 0xff;
    const path = await store.file(
      Buffer.concat([Buffer.from(`${good("a")}\n`), bad, Buffer.from(`\n${good("z")}\n`)]),
    );
    const { totals } = await store.import(path);
    expect(totals).toMatchObject({ logRecords: 3, rejectedLines: 1 });
    expect(await bodies()).toEqual(["a", "b\ufffdc", "z"]);
    expect(await store.rejected()).toMatchObject([
      { reason: "invalid-utf8", records_kept: 1, byte_offset: good("a").length + 1 },
    ]);
    await expectStable(path);
  });

  test("byte order mark, CRLF and empty lines are no damage", async () => {
    const { totals } = await store.importText(
      `\ufeff${good("a")}\r\n\r\n\n   \n${good("b")}\r\n\t\n${good("c")}`,
    );
    expect(totals).toMatchObject({ logRecords: 3, rejectedLines: 0 });
    expect(await bodies()).toEqual(["a", "b", "c"]);
    expect(await store.rejected()).toEqual([]);
  });

  test("a .gz that breaks off", async () => {
    const lines = Array.from({ length: 2000 }, (_, at) => good(`${at} ${Math.sin(at)}`));
    const packed = gzipSync(`${lines.join("\n")}\n`);
    const path = await store.file(packed.subarray(0, packed.length - 5000), "x.jsonl.gz");
    const { totals } = await store.import(path);
    expect(totals.logRecords).toBeGreaterThan(1000);
    expect((await store.rejected()).map(({ reason }) => reason)).toContain("truncated-gzip");
    await expectStable(path);
    await store.file(packed, "x.jsonl.gz");
    await store.import(path);
    expect(await store.counts()).toMatchObject({ logs: 2000 });
    expect(await store.rejected()).toEqual([]);
  });

  test.each(["modes/zstd/L-json-tools.jsonl.zst", "modes/proto/L-json-tools.logs.pb"])(
    "frames of %s that break off",
    async (name) => {
      const bytes = await readFile(telemetry + name);
      const path = await store.file(bytes.subarray(0, -100), "frames.bin");
      await store.import(path);
      const { logs, points } = await store.counts();
      expect(logs + points).toBeGreaterThan(0);
      expect(await store.rejected()).toHaveLength(1);
      await expectStable(path);
      await store.file(bytes, "frames.bin");
      await store.import(path);
      const after = await store.counts();
      expect(after.logs + after.points).toBeGreaterThan(logs + points);
      expect(await store.rejected()).toEqual([]);
    },
  );
});

describe("lines that are refused", () => {
  test("all of them in one file: offsets, lengths and texts are right", async () => {
    const bad = Object.values(refused).filter((line) => !line.includes("\u0000"));
    const lines = bad.flatMap((line, at) => [good(`before ${at}`), line]);
    const text = Buffer.from(`${lines.join("\n")}\n${good("last")}\n`);
    const path = await store.file(text);
    const { totals } = await store.import(path);
    expect(totals).toMatchObject({ logRecords: bad.length + 1, rejectedLines: bad.length });
    const rejected = await store.rejected();
    // Text is counted, in one row for each kind.
    const isCounted = (row: { reason?: unknown }): boolean => row.reason === "other-text";
    let counted = 0;
    let offset = 0;
    for (const [at, line] of bad.entries()) {
      offset += good(`before ${at}`).length + 1;
      const length = Buffer.byteLength(line);
      const row = rejected.find((each) => each["byte_offset"] === offset);
      if (row === undefined || isCounted(row)) counted++;
      else expect(row).toMatchObject({ byte_length: length, text: line.slice(0, 200), lines: 1 });
      offset += length + 1;
    }
    const texts = rejected.filter(isCounted);
    expect(texts.reduce((sum, { lines }) => sum + Number(lines), 0)).toBe(counted);
    expect(counted).toBeLessThan(10);
    await expectStable(path);
  });

  test("twenty thousand of them take no long time and no record with them", async () => {
    const bad = '{"level":30,"msg":"a log of something else"}\n';
    const path = await store.file(`${good("a")}\n${bad.repeat(20_000)}${good("b")}\n`);
    const started = performance.now();
    const { totals } = await store.import(path);
    expect(totals).toMatchObject({ logRecords: 2, rejectedLines: 20_000 });
    expect(await store.value("SELECT count(*)::INT FROM rejected_lines")).toBe(20_000);
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  test("the good records of a request stay when others of it do not fit", async () => {
    const bad = good("bad").replace('{"time', '{"flags":"soon","time');
    const record = (line: string): string => line.slice(good("x").indexOf('{"time'), -6);
    const records = [good("a"), bad, good("b"), bad].map(record).join(",");
    await store.importText(`${good("x").replace(record(good("x")), records)}\n`);
    expect(await bodies()).toEqual(["a", "b"]);
    expect(await store.rejected()).toMatchObject([
      {
        reason: "invalid-record",
        records_kept: 2,
        detail: expect.stringContaining("logRecords[1]"),
      },
    ]);
  });

  test("the text reported is at most 200 characters, and never half a character", async () => {
    const texts = [
      "\u{1f600}".repeat(300),
      `a${"\u{1f600}".repeat(300)}`,
      "\u001b[31m\u0007\u202e",
    ];
    const bad = texts.map((text) => `{"${text}`);
    await store.importText(`${good("a")}\n${bad.join("\n")}\n${good("b")}\n`);
    expect(await bodies()).toEqual(["a", "b"]);
    const kept = (await store.rejected()).map(({ text }) => String(text));
    expect(kept).toHaveLength(3);
    for (const [at, text] of kept.entries()) {
      expect(text.length).toBeLessThanOrEqual(200);
      expect(text.isWellFormed()).toBe(true);
      expect(text.includes("\ufffd")).toBe(false);
      expect(bad[at]?.startsWith(text)).toBe(true);
    }
  });
});

test("recorded lines survive whatever stands between them", async () => {
  const lines = linesOf("L-json-tools.jsonl");
  const expected = await TestStore.of(`${telemetry}L-json-tools.jsonl`);
  const hash = await expected.contentHash();
  await expected.remove();
  const bad = Object.values(refused).filter((line) => line.length < 20_000);
  const mixed = lines.flatMap((line, at) => [line, Buffer.from(bad[at % bad.length] ?? "")]);
  await store.importText(Buffer.concat(mixed.flatMap((line) => [line, Buffer.from("\n")])));
  expect(await store.contentHash()).toBe(hash);
});
