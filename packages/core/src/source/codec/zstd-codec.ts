import * as zlib from "node:zlib";
import { Decompress } from "fzstd";
import { Xxh64 } from "./xxh64.ts";
import { readZstdHeader, ZSTD_BLOCK_BYTES, type ZstdHeader } from "./zstd-frame.ts";

/** Decompresses zstd frames. Both codecs give the same bytes and refuse the same damage. */
export interface ZstdCodec {
  /** Decompresses one whole frame of `blocks` blocks; throws when it is damaged. */
  frame(bytes: Buffer, blocks: number): Uint8Array[];
  /** Decompresses one frame piece by piece. */
  stream(): ZstdStream;
}

/** One frame in the making: pieces are its header, then each block, then its checksum. */
interface ZstdStream {
  /** Gives what comes out of the piece; throws (or rejects) when it is damaged. */
  push(piece: Buffer, last: boolean): Uint8Array[] | Promise<Uint8Array[]>;
  /** Lets go of what it holds, where it holds something. */
  close?(): void;
}

/** Written in JavaScript, for a Node without zstd. */
export const portableCodec: ZstdCodec = {
  frame(bytes, blocks) {
    const header = knownHeader(bytes);
    if ((header.contentBytes ?? 0) > blocks * ZSTD_BLOCK_BYTES) {
      throw new Error("the frame declares a wrong size");
    }
    const decompress = new Decompress();
    const chunks = collect(decompress, withSmallWindow(bytes, blocks), true);
    const check = new FrameCheck(header);
    for (const chunk of chunks) check.update(chunk);
    check.finish(bytes);
    return chunks;
  },
  stream: portableStream,
};

/** Node's own, from 22.15 on. */
export const nativeCodec: ZstdCodec | undefined = hasZstd(zlib) ? nodeCodec(zlib) : undefined;

/** The quickest codec this Node has. */
export const defaultCodec: ZstdCodec = nativeCodec ?? portableCodec;

interface NodeZstd {
  createZstdDecompress(): zlib.Gunzip;
  zstdDecompressSync(bytes: Buffer, options: { maxOutputLength: number }): Buffer;
}

function hasZstd(module: object): module is NodeZstd {
  return "createZstdDecompress" in module && "zstdDecompressSync" in module;
}

function nodeCodec(node: NodeZstd): ZstdCodec {
  return {
    frame: (bytes, blocks) => {
      const maxOutputLength = Math.max(1, blocks) * ZSTD_BLOCK_BYTES;
      return [node.zstdDecompressSync(bytes, { maxOutputLength })];
    },
    stream: () => nodeStream(node.createZstdDecompress()),
  };
}

function nodeStream(transform: zlib.Gunzip): ZstdStream {
  const ready: Buffer[] = [];
  transform.on("data", (chunk: Buffer) => ready.push(chunk));
  return {
    push: (piece, last) =>
      new Promise((resolve, reject) => {
        transform.once("error", reject);
        const settle = () => {
          transform.off("error", reject);
          resolve(ready.splice(0));
        };
        if (last) {
          transform.once("end", settle);
          transform.end(piece);
        } else {
          transform.write(piece, settle);
        }
      }),
    close: () => transform.destroy(),
  };
}

function portableStream(): ZstdStream {
  const decompress = new Decompress();
  let check: FrameCheck | undefined;
  return {
    push(piece, last) {
      check ??= new FrameCheck(knownHeader(piece));
      const chunks = collect(decompress, piece, last);
      for (const chunk of chunks) check.update(chunk);
      if (last) check.finish(piece);
      return chunks;
    },
  };
}

function collect(decompress: Decompress, piece: Uint8Array, last: boolean): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  decompress.ondata = (chunk) => {
    chunks.push(chunk);
  };
  decompress.push(piece, last);
  return chunks;
}

function knownHeader(frame: Buffer): ZstdHeader {
  const header = readZstdHeader(frame, 0);
  if (typeof header === "string") throw new Error("invalid frame header");
  return header;
}

/** What fzstd leaves out: the frame's own word on its size and its checksum. */
class FrameCheck {
  readonly #header: ZstdHeader;
  readonly #hash = new Xxh64();
  #bytes = 0;

  constructor(header: ZstdHeader) {
    this.#header = header;
  }

  update(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#header.checksum) this.#hash.update(chunk);
  }

  /** Throws when the content is not what the frame, whose last piece this is, says. */
  finish(lastPiece: Buffer): void {
    const declared = this.#header.contentBytes;
    if (declared !== undefined && declared !== this.#bytes)
      throw new Error("the size does not match");
    if (!this.#header.checksum) return;
    const checksum = lastPiece.readUInt32LE(lastPiece.length - 4);
    if (checksum !== this.#hash.low32()) throw new Error("the checksum does not match");
  }
}

/**
 * A frame asks for its writer's window, often 8 MiB, though it may hold one line. It is given
 * what its blocks can fill.
 */
function withSmallWindow(frame: Buffer, blocks: number): Buffer {
  const single = (frame.readUInt8(4) & 0x20) !== 0;
  const exponent = Math.ceil(Math.log2(Math.max(1, blocks) * ZSTD_BLOCK_BYTES)) - 10;
  if (single || frame.readUInt8(5) >> 3 <= exponent) return frame;
  const copy = Buffer.from(frame);
  copy.writeUInt8(exponent << 3, 5);
  return copy;
}
