import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ByteReader, StreamDamage } from "../../../src/source/codec/bytes.ts";
import { bufferReader } from "../../../src/source/codec/bytes.ts";
import { readLines } from "../../../src/source/read/lines.ts";
import { cutReader, type Piece, piecesOf } from "../support.ts";

/** What the lines of `bytes` are, written down as simply as possible. */
function expected(bytes: Buffer, maxLineBytes: number): Piece[] {
  const text = bytes.toString("latin1");
  const pieces: Piece[] = [];
  let at = 0;
  while (at < text.length) {
    const nuls = /^\0*/.exec(text.slice(at))?.[0].length ?? 0;
    if (at + nuls === text.length) break;
    if (nuls > 0) {
      pieces.push({ kind: "damaged", offset: at, length: nuls });
      at += nuls;
    }
    const lineFeed = text.indexOf("\n", at);
    const end = lineFeed < 0 ? text.length : lineFeed;
    const line = text.slice(at, end);
    const terminated = lineFeed >= 0;
    const length = line.length + (terminated ? 1 : 0);
    if (line.length > maxLineBytes) {
      pieces.push({ kind: "oversize", offset: at, length, terminated, text: line });
    } else if (terminated) {
      pieces.push({ line: `${line}\n`, offset: at });
    } else {
      pieces.push({ kind: "tail", offset: at, text: line });
    }
    at += length;
  }
  return pieces;
}

async function actual(reader: ByteReader, maxLineBytes: number, from = 0): Promise<Piece[]> {
  const overflow = () => {
    const parts: Buffer[] = [];
    return {
      write: (bytes: Buffer) => void parts.push(Buffer.from(bytes)),
      reopen: (length: number) => () => Readable.from([Buffer.concat(parts).subarray(0, length)]),
    };
  };
  const pieces = await piecesOf(readLines(reader, { from, maxLineBytes, overflow }));
  return pieces.map(withoutWords);
}

/** Leaves out the sentence and the bytes of a hole. */
function withoutWords(piece: Piece): Piece {
  if (!("kind" in piece) || piece.kind !== "damaged") return piece;
  return { kind: "damaged", offset: piece.offset, length: piece["length"] };
}

const byte = fc.constantFrom(..."\n\n\0\0\r{x".split("").map((char) => char.charCodeAt(0)));
const stream = fc.array(byte, { maxLength: 80 }).map((bytes) => Buffer.from(bytes));
const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 });

test("any cut of the bytes into blocks gives the same items", async () => {
  await fc.assert(
    fc.asyncProperty(stream, cuts, fc.integer({ min: 1, max: 30 }), async (bytes, parts, max) => {
      expect(await actual(cutReader(bytes, parts), max)).toEqual(expected(bytes, max));
    }),
    { numRuns: 500 },
  );
});

test("reading again from any item gives that item again", async () => {
  await fc.assert(
    fc.asyncProperty(stream, fc.integer({ min: 1, max: 30 }), async (bytes, max) => {
      const all = await actual(bufferReader(bytes), max);
      for (const [index, { offset }] of all.entries()) {
        const again = await actual(bufferReader(bytes.subarray(offset)), max, offset);
        expect(again).toEqual(all.slice(index));
      }
    }),
  );
});

test("lines longer than a read block come whole", async () => {
  const long = "x".repeat(3 * 1024 * 1024);
  const bytes = Buffer.from(`a\n${long}\nb\n`);
  expect(await actual(bufferReader(bytes), 4 * 1024 * 1024)).toEqual([
    { line: "a\n", offset: 0 },
    { line: `${long}\n`, offset: 2 },
    { line: "b\n", offset: 2 + long.length + 1 },
  ]);
});

test("carriage returns, invalid UTF-8 and line separators stay in their lines", async () => {
  const bytes = Buffer.from("7b7d0d0a22fffe220ae280a80a", "hex");
  const pieces = await actual(bufferReader(bytes), 100);
  expect(pieces.map((piece) => ("line" in piece ? piece.line : undefined))).toEqual([
    "{}\r\n",
    '"\xff\xfe"\n',
    "\xe2\x80\xa8\n",
  ]);
});

test("a hole of many megabytes is not held in memory and ends where the text begins", async () => {
  const hole = 5 * 1024 * 1024 + 17;
  const bytes = Buffer.concat([Buffer.from("a\n"), Buffer.alloc(hole), Buffer.from("{}\n")]);
  expect(await actual(bufferReader(bytes), 1024)).toEqual([
    { line: "a\n", offset: 0 },
    { kind: "damaged", offset: 2, length: hole },
    { line: "{}\n", offset: 2 + hole },
  ]);
});

test("what a break leaves of a line is reported and does not touch the next", async () => {
  const damage: StreamDamage = { reason: "corrupt-zstd", detail: "It broke.", final: false };
  const parts: (string | StreamDamage)[] = ["a\nhalf", damage, "b\n"];
  let current: StreamDamage | undefined;
  const reader: ByteReader = {
    get damage() {
      return current;
    },
    read(into, at) {
      current = undefined;
      const next = parts.shift();
      if (next === undefined) return 0;
      if (typeof next === "string") return into.write(next, at, "latin1");
      current = next;
      return 0;
    },
  };
  expect(await actual(reader, 100)).toEqual([
    { line: "a\n", offset: 0 },
    { kind: "damaged", offset: 2, length: 4 },
    { kind: "damaged", offset: 6, length: 0 },
    { line: "b\n", offset: 6 },
  ]);
});
