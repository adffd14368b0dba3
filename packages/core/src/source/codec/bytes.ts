import { Readable } from "node:stream";

/** What ends a line. */
export const LINE_FEED = 0x0a;
/** How much is read from a file at once. */
export const BLOCK_BYTES = 1024 * 1024;

/** Why a compressed stream breaks. */
export type BrokenStreamReason =
  | "truncated-gzip"
  | "corrupt-gzip"
  | "truncated-zstd"
  | "corrupt-zstd";

/** A place where a stream breaks: what came before it was delivered. */
export interface StreamDamage {
  readonly reason: BrokenStreamReason;
  readonly detail: string;
  /** Nothing comes after it. */
  readonly final: boolean;
}

/** Pulls the bytes of one stream in order. */
export interface ByteReader {
  /**
   * Fills `into` from index `at` with at most `length` bytes and gives their number; 0 at the end
   * of the stream or at damage. After damage that is not final the next call goes on behind it.
   */
  read(into: Buffer, at: number, length: number): number | Promise<number>;
  /** Why the last `read` gave 0; undefined when the stream simply ended. */
  readonly damage: StreamDamage | undefined;
  /** Lets go of what it holds, where it holds something. */
  close?(): void | Promise<void>;
}

/** Bytes that can be read from any offset, as often as wanted. */
export interface ByteSource {
  reader(from: number): ByteReader;
}

/** Reads bytes that are already in memory, in pieces of at most `blockBytes`. */
export function bufferReader(bytes: Uint8Array, blockBytes = BLOCK_BYTES): ByteReader {
  let position = 0;
  return {
    damage: undefined,
    read(into, at, length) {
      const end = Math.min(bytes.length, position + Math.min(length, blockBytes));
      into.set(bytes.subarray(position, end), at);
      const count = end - position;
      position = end;
      return count;
    },
  };
}

/** Makes a reader of a generator of chunks and damages (a decompressor). */
export function chunkReader(chunks: AsyncGenerator<Uint8Array | StreamDamage>): ByteReader {
  let chunk: Uint8Array = new Uint8Array(0);
  let damage: StreamDamage | undefined;
  return {
    get damage() {
      return damage;
    },
    async read(into, at, length) {
      damage = undefined;
      while (chunk.length === 0) {
        const next = await chunks.next();
        if (next.done === true) return 0;
        if (!(next.value instanceof Uint8Array)) {
          damage = next.value;
          return 0;
        }
        chunk = next.value;
      }
      const count = Math.min(length, chunk.length);
      into.set(chunk.subarray(0, count), at);
      chunk = chunk.subarray(count);
      return count;
    },
    async close() {
      await chunks.return(undefined);
    },
  };
}

/** The first bytes of a stream, `count` of them or what there is, and all of it from there again. */
export async function peekedReader(
  reader: ByteReader,
  count: number,
): Promise<{ readonly first: Buffer; readonly reader: ByteReader }> {
  const first = Buffer.allocUnsafe(count);
  let fill = 0;
  let got = -1;
  while (fill < count && got !== 0) {
    got = await reader.read(first, fill, count - fill);
    fill += got;
  }
  // What ended the look, the end or a break, comes once more behind the bytes.
  let stop = got === 0 ? { damage: reader.damage } : undefined;
  let damage: StreamDamage | undefined;
  let rest = first.subarray(0, fill);
  const again: ByteReader = {
    get damage() {
      return damage;
    },
    async read(into, at, length) {
      damage = undefined;
      const passed = Math.min(length, rest.length);
      if (passed > 0) {
        into.set(rest.subarray(0, passed), at);
        rest = rest.subarray(passed);
        return passed;
      }
      if (stop !== undefined) {
        ({ damage } = stop);
        stop = undefined;
        return 0;
      }
      const read = await reader.read(into, at, length);
      ({ damage } = reader);
      return read;
    },
    close: () => reader.close?.(),
  };
  return { first: first.subarray(0, fill), reader: again };
}

/** Reads a stream of Node (standard input) as it comes. */
export function nodeStreamReader(stream: Readable): ByteReader {
  return chunkReader(
    (async function* () {
      for await (const chunk of stream) {
        yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      }
    })(),
  );
}

/** Reads and drops `count` bytes, through damages; gives how many there were. */
export async function skipBytes(reader: ByteReader, count: number): Promise<number> {
  const scratch = Buffer.allocUnsafe(Math.min(count, 64 * 1024));
  let skipped = 0;
  while (skipped < count) {
    const wanted = Math.min(scratch.length, count - skipped);
    const got = await reader.read(scratch, 0, wanted);
    if (got === 0 && (reader.damage === undefined || reader.damage.final)) break;
    skipped += got;
  }
  return skipped;
}

/** Fills as much of `length` bytes as there are, through damages. */
export async function readFully(reader: ByteReader, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let fill = 0;
  while (fill < length) {
    const got = await reader.read(bytes, fill, length - fill);
    if (got === 0 && (reader.damage === undefined || reader.damage.final)) break;
    fill += got;
  }
  return bytes.subarray(0, fill);
}

/** Streams `length` bytes of a source from `offset`. */
export function rangeStream(source: ByteSource, offset: number, length: number): Readable {
  return Readable.from(rangeChunks(source, offset, length), { objectMode: false });
}

async function* rangeChunks(
  source: ByteSource,
  offset: number,
  length: number,
): AsyncGenerator<Buffer> {
  const reader = source.reader(offset);
  try {
    let left = length;
    while (left > 0) {
      const chunk = Buffer.allocUnsafe(Math.min(left, 64 * 1024));
      const got = await reader.read(chunk, 0, chunk.length);
      if (got === 0 && (reader.damage === undefined || reader.damage.final)) return;
      left -= got;
      if (got > 0) yield chunk.subarray(0, got);
    }
  } finally {
    await reader.close?.();
  }
}
