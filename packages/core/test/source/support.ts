import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import type { ByteReader } from "../../src/source/codec/bytes.ts";
import { Xxh64 } from "../../src/source/codec/xxh64.ts";
import type { SourceItem } from "../../src/source/read/items.ts";
import type { OpenedSource } from "../../src/source/read/opened-source.ts";

/** A recorded file. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../../../fixtures/telemetry/${name}`, import.meta.url));
}

/** A directory that is removed after the tests of the file. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "cctelemetry-test-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes a file into a directory and gives its path. */
export function fileOf(directory: string, name: string, bytes: Uint8Array | string): string {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

/** One record as a Collector writes it; `n` makes it differ from others. */
export function request(n: number | string): string {
  const attributes = `"attributes":[{"key":"n","value":{"stringValue":"${n}"}}]`;
  return `{"resourceLogs":[{"resource":{${attributes}},"scopeLogs":[]}]}`;
}

/** An item as plain data that does not depend on how the bytes were cut into blocks. */
export type Piece =
  | { readonly line: string; readonly offset: number }
  | { readonly kind: string; readonly offset: number; readonly [detail: string]: unknown };

/** All pieces of some items, each line by itself. */
export async function piecesOf(items: AsyncIterable<SourceItem>): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for await (const item of items) {
    if (item.kind === "lines") pieces.push(...linesOf(item));
    else pieces.push(await pieceOf(item));
  }
  return pieces;
}

function linesOf(item: SourceItem & { kind: "lines" }): Piece[] {
  const text = item.buffer.subarray(item.start, item.end);
  if (text.at(-1) !== 0x0a) throw new Error("a block of lines has to end with a line feed");
  const pieces: Piece[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf(0x0a, at) + 1;
    pieces.push({ line: text.toString("latin1", at, end), offset: item.offset + at });
    at = end;
  }
  return pieces;
}

async function pieceOf(item: Exclude<SourceItem, { kind: "lines" }>): Promise<Piece> {
  if (item.kind === "oversize" || item.kind === "document") {
    const { open, ...plain } = item;
    const first = await textOf(open());
    const second = await textOf(open());
    if (first !== second) throw new Error("the text differs when it is opened again");
    return { ...plain, text: first };
  }
  const { bytes, ...plain } = item;
  return { ...plain, text: bytes.toString("latin1") };
}

/** All of a stream as text, a character a byte. */
async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("latin1");
}

/** The pieces of a source from an offset. */
export async function readAll(source: OpenedSource, from = 0): Promise<Piece[]> {
  return await piecesOf(source.items(from));
}

/** Gives bytes in pieces of the given lengths, over and over. */
export function cutReader(bytes: Buffer, cuts: readonly number[]): ByteReader {
  let position = 0;
  let turn = 0;
  return {
    damage: undefined,
    read(into, at, length) {
      const cut = cuts[turn % Math.max(1, cuts.length)] ?? bytes.length;
      turn += 1;
      const count = Math.min(length, Math.max(1, cut), bytes.length - position);
      bytes.copy(into, at, position, position + count);
      position += count;
      return turn % 2 === 0 ? count : Promise.resolve(count);
    },
  };
}

/** The length in front, then the content. */
export function frame(content: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** A request in protobuf: field 1 with a resource that holds `text` as an attribute's key. */
export function message(text: string): Buffer {
  const field = (tag: number, content: Uint8Array) =>
    Buffer.concat([Buffer.from([tag, ...varint(content.length)]), content]);
  return field(0x0a, field(0x0a, field(0x0a, field(0x0a, Buffer.from(text)))));
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** A zstd frame of stored blocks; `size` and `check` are written into it when wanted. */
export function zstdFrame(
  content: Uint8Array,
  options: { blockBytes?: number; size?: boolean; check?: boolean } = {},
): Buffer {
  const { blockBytes = 64 * 1024, size = false, check = true } = options;
  const descriptor = (size ? 0b1010_0000 : 0) | (check ? 0b100 : 0);
  const head = Buffer.alloc(size ? 4 : 1);
  if (size) head.writeUInt32LE(content.length);
  else head.writeUInt8(13 << 3);
  const parts: Uint8Array[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, descriptor]), head];
  let at = 0;
  do {
    const block = content.subarray(at, at + blockBytes);
    at += block.length;
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (at >= content.length ? 1 : 0), 0, 3);
    parts.push(Buffer.concat([header, block]));
  } while (at < content.length);
  if (check) parts.push(checksum(content));
  return Buffer.concat(parts);
}

function checksum(content: Uint8Array): Buffer {
  const hash = new Xxh64();
  hash.update(content);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(hash.low32());
  return bytes;
}
