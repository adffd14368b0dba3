import { messageOf } from "../../errors.ts";
import { ByteWindow } from "./byte-window.ts";
import type { ByteReader, StreamDamage } from "./bytes.ts";
import { defaultCodec, type ZstdCodec } from "./zstd-codec.ts";
import {
  readZstdBlock,
  readZstdHeader,
  skippableBytes,
  ZSTD_HEADER_BYTES,
  ZSTD_MAGIC,
  type ZstdHeader,
} from "./zstd-frame.ts";

/** Frames up to this many pieces (header, blocks, checksum) are decompressed in one go. */
const WHOLE_FRAME_PIECES = 18;

/** How a frame's bytes end: as they should, too early, or where no block can begin. */
type FrameEnd = "complete" | "truncated" | "lost";

/**
 * Decompresses a stream of zstd frames with flat memory: never more than a block goes in at
 * once. After a damaged frame it goes on with the next one.
 */
export async function* zstdChunks(
  reader: ByteReader,
  codec: ZstdCodec = defaultCodec,
): AsyncGenerator<Uint8Array | StreamDamage> {
  const window = new ByteWindow(reader, 0);
  try {
    while (await window.need(1)) {
      await window.need(ZSTD_HEADER_BYTES);
      const skippable = skippableBytes(window.bytes, 0);
      if (skippable !== undefined) {
        if (!(await passBytes(window, skippable))) yield truncated();
        continue;
      }
      const frameStart = window.offset;
      const header = readZstdHeader(window.bytes, 0);
      if (header === "short") {
        yield truncated();
        return;
      }
      if (header === "bad") {
        yield* resume(window, "no zstd frame begins here", frameStart);
        continue;
      }
      yield* decodeFrame(window, header, codec);
    }
  } finally {
    await reader.close?.();
  }
}

async function* decodeFrame(
  window: ByteWindow,
  header: ZstdHeader,
  codec: ZstdCodec,
): AsyncGenerator<Uint8Array | StreamDamage> {
  const frameStart = window.offset;
  const pieces = framePieces(window, header);
  const held: Buffer[] = [];
  let step = await pieces.next();
  while (step.done !== true && held.length < WHOLE_FRAME_PIECES) {
    held.push(step.value);
    step = await pieces.next();
  }
  if (step.done === true && step.value === "complete") {
    const whole = decompressWhole(codec, header, held);
    if (whole !== undefined) {
      yield* whole;
      return;
    }
  }
  const { end, message } = yield* decodePieces(codec, replay(held, step, pieces));
  if (end === "truncated") yield* cutOff(window, frameStart);
  else if (message !== undefined && end === "complete") yield corrupt(message, frameStart, false);
  else if (end === "lost") yield* resume(window, message ?? "a block is damaged", frameStart);
}

/** Decompresses piece by piece; after an error the rest of the frame is passed over. */
async function* decodePieces(
  codec: ZstdCodec,
  pieces: AsyncGenerator<Buffer, FrameEnd>,
): AsyncGenerator<Uint8Array, { end: FrameEnd; message: string | undefined }> {
  const stream = codec.stream();
  let message: string | undefined;
  try {
    let step = await pieces.next();
    while (step.done !== true) {
      const next = await pieces.next();
      if (message === undefined) {
        try {
          const last = next.done === true && next.value === "complete";
          yield* await stream.push(step.value, last);
        } catch (error) {
          message = messageOf(error);
        }
      }
      step = next;
    }
    return { end: step.value, message };
  } finally {
    stream.close?.();
  }
}

/** The frame's header, its blocks and its checksum, each as a piece of its own. */
async function* framePieces(
  window: ByteWindow,
  header: ZstdHeader,
): AsyncGenerator<Buffer, FrameEnd> {
  yield takePiece(window, header.headerBytes);
  for (;;) {
    if (!(await window.need(3))) return "truncated";
    const block = readZstdBlock(window.bytes, 0);
    if (block === "bad") return "lost";
    if (!(await window.need(3 + block.storedBytes))) return "truncated";
    yield takePiece(window, 3 + block.storedBytes);
    if (block.last) break;
  }
  if (header.checksum) {
    if (!(await window.need(4))) return "truncated";
    yield takePiece(window, 4);
  }
  return "complete";
}

function takePiece(window: ByteWindow, length: number): Buffer {
  const piece = Buffer.from(window.bytes.subarray(0, length));
  window.take(length);
  return piece;
}

function decompressWhole(
  codec: ZstdCodec,
  header: ZstdHeader,
  pieces: readonly Buffer[],
): Uint8Array[] | undefined {
  const blocks = pieces.length - (header.checksum ? 2 : 1);
  try {
    return codec.frame(Buffer.concat(pieces), blocks);
  } catch {
    // Piece by piece, what stands before the damage comes out.
    return undefined;
  }
}

/** Reports damage and goes on where the next frame begins, if there is one. */
async function* resume(
  window: ByteWindow,
  message: string,
  frameStart: number,
): AsyncGenerator<StreamDamage> {
  if (window.offset === frameStart) window.take(1);
  const found = await findMagic(window);
  yield corrupt(message, frameStart, !found);
}

/** The stream ends within a frame, or a damaged frame claims more than there is. */
async function* cutOff(window: ByteWindow, frameStart: number): AsyncGenerator<StreamDamage> {
  const found = await findMagic(window);
  yield found ? corrupt("it is shorter than it says", frameStart, false) : truncated();
}

async function findMagic(window: ByteWindow): Promise<boolean> {
  while (await window.need(ZSTD_MAGIC.length)) {
    const found = window.bytes.indexOf(ZSTD_MAGIC);
    if (found >= 0) {
      window.take(found);
      return true;
    }
    window.take(window.bytes.length - ZSTD_MAGIC.length + 1);
  }
  window.take(window.bytes.length);
  return false;
}

async function passBytes(window: ByteWindow, count: number): Promise<boolean> {
  let left = count;
  while (left > 0 && (await window.need(1))) {
    const step = Math.min(left, window.bytes.length);
    window.take(step);
    left -= step;
  }
  return left === 0;
}

/** The pieces that were held back, then the others. */
async function* replay(
  held: readonly Buffer[],
  next: IteratorResult<Buffer, FrameEnd>,
  rest: AsyncGenerator<Buffer, FrameEnd>,
): AsyncGenerator<Buffer, FrameEnd> {
  yield* held;
  let step = next;
  while (step.done !== true) {
    yield step.value;
    step = await rest.next();
  }
  return step.value;
}

function truncated(): StreamDamage {
  const detail = "The zstd data end before their end: the file was cut off or is being written.";
  return { reason: "truncated-zstd", detail, final: true };
}

function corrupt(message: string, frameStart: number, final: boolean): StreamDamage {
  const detail = `The zstd frame at byte ${frameStart} is damaged (${message}).`;
  return { reason: "corrupt-zstd", detail, final };
}
