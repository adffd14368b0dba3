import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { FileProgress } from "../../../src/ingest/cursor.ts";
import type { Destination } from "../../../src/ingest/destination.ts";
import { type Ending, FileReader } from "../../../src/ingest/file-reader.ts";
import { LineDecoder } from "../../../src/ingest/line-decoder.ts";
import { readBody } from "../../../src/ingest/lines/binary-body.ts";
import { Batch } from "../../../src/model/batch.ts";
import { RecordWriter } from "../../../src/model/record-writer.ts";
import { bufferReader } from "../../../src/source/codec/bytes.ts";
import { detectContent } from "../../../src/source/read/framing.ts";
import { readHead } from "../../../src/source/read/head.ts";
import { readLines } from "../../../src/source/read/lines.ts";
import type { OpenedSource } from "../../../src/source/read/opened-source.ts";
import { takeIds } from "../../support/batch-rows.ts";
import { lineNumber } from "../../support/following.ts";
import { line as otlpLine } from "../../support/otlp.ts";
import { runs, seed } from "../../support/runs.ts";
import { glued, gluedLine, inBase64, written, writtenLine } from "./wrapped-lines.ts";

const nowhere: Destination = {
  full: false,
  progress: () => undefined,
  flush: () => Promise.resolve(),
  giveWay: () => undefined,
};
const writer = new RecordWriter(new Batch(16));
const decoder = new LineDecoder(writer, readBody);

beforeEach(() => {
  takeIds(writer.batch);
});

const point = { at: "2026-11-21T10:00:00Z", metric: "token.usage", value: 7 };

/** Requests with a record each: events, a point, texts that have to be escaped. */
const bare: readonly string[] = [
  lineNumber(1),
  lineNumber(2),
  otlpLine({ ...point, attributes: { type: "input", "session.id": "s1" } }),
  lineNumber(3).replace("claude-opus-5-5", String.raw`a \"b\" \\ {\"resourceLogs\":[ é 😀 \n`),
];

test(`requests are the same however they are wrapped, once, whatever was read before (FAULT_SEED=${seed})`, async () => {
  const expected = await idsOf(`${bare.join("\n")}\n`, []);
  expect(expected).toHaveLength(bare.length);
  const drawn = fc.record({
    how: fc.tuple(writtenLine, writtenLine, writtenLine, writtenLine),
    after: fc.constantFrom("", "exporter stopped", "{"),
    ends: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
  });
  const property = fc.asyncProperty(drawn, async ({ how, after, ends }) => {
    const text = written(bare, how, after);
    expect(await idsOf(text, []), "an import").toEqual(expected);
    if (ends.length > 0) expect(await idsOf(text, ends), "a follower").toEqual(expected);
  });
  await fc.assert(property, { numRuns: runs(100), seed });
}, 3_600_000);

test(`requests are the same with no line feed between them (FAULT_SEED=${seed})`, async () => {
  const expected = await idsOf(`${bare.join("\n")}\n`, []);
  const property = fc.asyncProperty(gluedLine, async (how) => {
    expect(await idsOf(glued(bare, how), [])).toEqual(expected);
  });
  await fc.assert(property, { numRuns: runs(100), seed });
}, 3_600_000);

describe("the body of a request as base64", () => {
  test.each([true, false])("compressed: %s", async (compressed) => {
    const expected = await idsOf(`${bare[0]}\n`, []);
    const text = inBase64(Buffer.from(bare[0] ?? ""), compressed);
    expect(await idsOf(`${text}\n`, [])).toEqual(expected);
  });
});

/**
 * The records of a file, by id, sorted. It is read as an import does; `ends` are the lengths, as
 * parts of it, that it had when a follower looked at it before.
 */
async function idsOf(text: string, ends: readonly number[]): Promise<readonly string[]> {
  const bytes = Buffer.from(text);
  expect(detectContent(await readHead(bufferReader(bytes)))).toBe("lines");
  const progress = newProgress();
  const seen = [...ends].sort((a, b) => a - b).map((end) => Math.floor(end * bytes.length));
  for (const [at, end] of [...seen, bytes.length].entries()) {
    const ending: Ending = at < seen.length ? "open" : "final";
    const wish = { ending, onBlock: () => true };
    const source = sourceOf(bytes.subarray(0, end));
    await new FileReader(source, decoder, nowhere, progress, wish).read(undefined);
  }
  expect(progress.offset).toBe(bytes.length);
  expect(progress.lines).toBe(text.replace(/\n$/, "").split("\n").length);
  const ids = takeIds(writer.batch).sort();
  expect(new Set(ids).size, "each of them once").toBe(ids.length);
  return ids;
}

function sourceOf(bytes: Buffer): OpenedSource {
  return {
    path: "lines.jsonl",
    framing: "lines",
    compression: "none",
    sizeBytes: bytes.length,
    headHash: "",
    holdsTelemetry: true,
    headComplete: true,
    inspected: undefined,
    items: (from) =>
      readLines(bufferReader(bytes.subarray(from), 1024), {
        from,
        maxLineBytes: 1024 * 1024,
        overflow: () => {
          throw new Error("no line is as long");
        },
      }),
    fingerprintAt: () => Promise.resolve(undefined),
    refresh: () => undefined,
    keepsHead: () => true,
    lineEndsAfter: () => Promise.resolve(true),
    bytesConsumed: () => bytes.length,
    close: () => Promise.resolve(),
  };
}

function newProgress(): FileProgress {
  return {
    fileId: "a",
    path: "lines.jsonl",
    framing: "lines",
    headHash: "",
    from: 0,
    start: 0,
    offset: 0,
    fingerprintLength: 0,
    fingerprintHash: "",
    sizeBytes: 0,
    lines: 0,
    records: 0,
    rejections: [],
    fresh: true,
    joined: 0,
    mended: undefined,
    brokenParts: false,
    checkpoints: undefined,
  };
}
