import type { Readable } from "node:stream";
import { BLOCK_BYTES, type ByteReader, LINE_FEED, type StreamDamage } from "../codec/bytes.ts";
import { brokenLine, brokenStream, nulGap } from "./damage.ts";
import type { DamagedItem, SourceItem } from "./items.ts";
import { NUL, nulRun, splitGaps } from "./nul-gaps.ts";

/** Where the bytes of a line go that is too long for memory, and how they come back. */
export interface OverflowSink {
  write(bytes: Buffer): void;
  /** All was written; the stream of the first `length` bytes, as often as wanted. */
  reopen(length: number): () => Readable;
}

/** How lines are read. */
export interface LineOptions {
  /** The stream offset of the reader's first byte. */
  readonly from: number;
  readonly maxLineBytes: number;
  /** Bytes expected in all, when known: small files get small buffers. */
  readonly expectedBytes?: number | undefined;
  overflow(offset: number): OverflowSink;
}

/**
 * Cuts a stream into blocks of whole lines. Only the line that a block border cuts is copied.
 * NULs at the beginning of a line are a gap left by a truncation and are reported as such.
 */
export async function* readLines(
  reader: ByteReader,
  options: LineOptions,
): AsyncGenerator<SourceItem> {
  const window = new LineWindow(options);
  for (;;) {
    if (window.exhausted && !(await window.readBlock(reader))) {
      yield* window.finish(reader.damage);
      if (reader.damage === undefined || reader.damage.final) return;
      continue;
    }
    const gap = window.takeGap();
    if (gap !== undefined) yield gap;
    if (!window.findLastLineFeed()) {
      if (window.fill > options.maxLineBytes) yield await readOverflow(reader, window, options);
      continue;
    }
    yield* window.takeLines();
    window.shift();
  }
}

/** The part of the stream in memory: begins at a line's beginning, may hold many lines. */
class LineWindow {
  buffer: Buffer;
  /** Bytes in use. */
  fill = 0;
  /** The stream offset of `buffer[0]`. */
  offset: number;
  /** One read: never more than the longest line, so only a window's first line can be too long. */
  readonly blockBytes: number;
  readonly #options: LineOptions;
  /** Bytes already searched for a line feed. */
  #searched = 0;
  /** The end of the last whole line. */
  #end = 0;
  /** NULs passed at the beginning of the line that `buffer[0]` would begin. */
  #gapBytes = 0;
  #ended = false;

  constructor(options: LineOptions) {
    this.#options = options;
    this.offset = options.from;
    const expected = Math.max(options.expectedBytes ?? BLOCK_BYTES, 4096);
    this.blockBytes = Math.max(1, Math.min(BLOCK_BYTES, options.maxLineBytes, expected));
    this.buffer = Buffer.allocUnsafeSlow(this.blockBytes + Math.ceil(this.blockBytes / 4));
  }

  get exhausted(): boolean {
    return this.#searched === this.fill;
  }

  /** Reads one more block behind what is in use; false at the end and at a break. */
  async readBlock(reader: ByteReader): Promise<boolean> {
    if (this.#ended) {
      this.#ended = false;
      return false;
    }
    if (this.buffer.length - this.fill < this.blockBytes) this.#grow();
    const count = await reader.read(this.buffer, this.fill, this.blockBytes);
    this.fill += count;
    return count > 0;
  }

  /** The next `readBlock` finds the end or the break that was met just now. */
  meetEnd(): void {
    this.#ended = true;
  }

  /** Takes the NULs off the front; the gap is given once something else follows it. */
  takeGap(): DamagedItem | undefined {
    if (this.fill > 0 && this.buffer[0] === NUL) {
      const run = nulRun(this.buffer, 0, this.fill);
      this.#gapBytes += run;
      this.drop(run);
    }
    return this.fill > 0 ? this.#endGap() : undefined;
  }

  /** Searches what is new; true when the window holds a whole line. */
  findLastLineFeed(): boolean {
    const found = this.buffer.subarray(this.#searched, this.fill).lastIndexOf(LINE_FEED);
    this.#end = found < 0 ? 0 : this.#searched + found + 1;
    if (found < 0) this.#searched = this.fill;
    return found >= 0;
  }

  /** The whole lines of the window, with what is too long or empty of text taken out. */
  *takeLines(): Generator<SourceItem> {
    let start = 0;
    if (this.#end - 1 > this.#options.maxLineBytes) {
      const first = this.buffer.indexOf(LINE_FEED);
      if (first > this.#options.maxLineBytes) {
        const sink = this.#options.overflow(this.offset);
        sink.write(this.buffer.subarray(0, first));
        yield oversize(this.offset, first + 1, true, sink.reopen(first));
        start = first + 1;
      }
    }
    if (start === this.#end) return;
    if (this.buffer.subarray(start, this.#end).includes(NUL)) {
      yield* splitGaps(this.buffer, start, this.#end, this.offset);
    } else {
      const offset = this.offset + start;
      yield { kind: "lines", buffer: this.buffer, start, end: this.#end, offset };
    }
  }

  /** Moves what follows the last line feed to the front. */
  shift(): void {
    this.drop(this.#end);
    this.#searched = this.fill;
  }

  /** Drops bytes at the front; the rest counts as not searched. */
  drop(count: number): void {
    this.buffer.copyWithin(0, count, this.fill);
    this.fill -= count;
    this.offset += count;
    this.#searched = 0;
  }

  /** What is left when the stream ends or breaks. */
  *finish(damage: StreamDamage | undefined): Generator<SourceItem> {
    const gap = this.takeGap() ?? (damage === undefined ? undefined : this.#endGap());
    if (gap !== undefined) yield gap;
    if (this.fill > 0) yield this.#unterminated(damage);
    this.drop(this.fill);
    if (damage !== undefined) yield brokenStream(this.offset, damage);
  }

  #unterminated(damage: StreamDamage | undefined): SourceItem {
    const bytes = Buffer.from(this.buffer.subarray(0, this.fill));
    if (damage === undefined || damage.final) {
      return { kind: "tail", bytes, offset: this.offset };
    }
    return brokenLine(this.offset, this.fill, damage, bytes);
  }

  #grow(): void {
    const most = this.#options.maxLineBytes + this.blockBytes;
    const larger = Buffer.allocUnsafeSlow(Math.min(2 * this.fill + this.blockBytes, most));
    this.buffer.copy(larger, 0, 0, this.fill);
    this.buffer = larger;
  }

  #endGap(): DamagedItem | undefined {
    if (this.#gapBytes === 0) return undefined;
    const length = this.#gapBytes;
    this.#gapBytes = 0;
    return nulGap(this.offset - length, length);
  }
}

/** Follows a line that is too long for memory to its end, keeping none of it. */
async function readOverflow(
  reader: ByteReader,
  window: LineWindow,
  options: LineOptions,
): Promise<SourceItem> {
  const { offset } = window;
  const sink = options.overflow(offset);
  let length = 0;
  for (;;) {
    const lineFeed = window.buffer.subarray(0, window.fill).indexOf(LINE_FEED);
    const part = lineFeed < 0 ? window.fill : lineFeed;
    sink.write(window.buffer.subarray(0, part));
    length += part;
    if (lineFeed >= 0) {
      window.drop(part + 1);
      return oversize(offset, length + 1, true, sink.reopen(length));
    }
    window.drop(part);
    if (await window.readBlock(reader)) continue;
    window.meetEnd();
    const { damage } = reader;
    return damage === undefined || damage.final
      ? oversize(offset, length, false, sink.reopen(length))
      : brokenLine(offset, length, damage, Buffer.alloc(0));
  }
}

function oversize(
  offset: number,
  length: number,
  terminated: boolean,
  open: () => Readable,
): SourceItem {
  return { kind: "oversize", offset, length, terminated, open };
}
