import * as zlib from "node:zlib";
import { Decompress } from "fzstd";
import { readZstdHeader, ZSTD_BLOCK_BYTES } from "./zstd-frame.ts";

/** Decompresses zstd frames. Both codecs give the same bytes and refuse the same damage. */
export interface ZstdCodec {
  /** Decompresses one whole frame of `blocks` blocks; throws when it is damaged. */
  frame(bytes: Buffer, blocks: number): Uint8Array[];
  /** Decompresses one frame piece by piece. */
  stream(): ZstdStream;
}

/** One frame in the making: pieces are its header, then each block, then its checksum. */
export interface ZstdStream {
  /** Gives what comes out of the piece; throws (or rejects) when it is damaged. */
  push(piece: Buffer, last: boolean): Uint8Array[] | Promise<Uint8Array[]>;
  /** Lets go of what it holds, where it holds something. */
  close?(): void;
}

/** Written in JavaScript, for a Node without zstd. */
export const portableCodec: ZstdCodec = {
  frame(bytes, blocks) {
    const header = readZstdHeader(bytes, 0);
    if (typeof header === "string") throw new Error("invalid frame header");
    if ((header.contentBytes ?? 0) > blocks * ZSTD_BLOCK_BYTES) {
      throw new Error("the frame tells a wrong size");
    }
    return portableStream().push(withSmallWindow(bytes, blocks), true);
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

function portableStream() {
  let ready: Uint8Array[] = [];
  const decompress = new Decompress((chunk) => ready.push(chunk));
  return {
    push(piece: Buffer, last: boolean): Uint8Array[] {
      ready = [];
      decompress.push(piece, last);
      return ready;
    },
  };
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
