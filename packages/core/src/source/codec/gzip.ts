import { createGunzip, type Gunzip } from "node:zlib";
import type { ByteReader, StreamDamage } from "./bytes.ts";

/** Compressed bytes fed at once: at most about 16 MiB can come out of them (ratio 1:1032). */
const SLICE_BYTES = 16 * 1024;
const CHUNK_BYTES = 128 * 1024;

type InflateEnd =
  | { readonly kind: "done" }
  | { readonly kind: "truncated" }
  | {
      readonly kind: "corrupt";
      readonly message: string;
      /** Where the slice with the error begins in the compressed stream. */
      readonly sliceStart: number;
      /** How many decompressed bytes were delivered. */
      readonly delivered: number;
    };

/**
 * Decompresses gzip (any number of members) with flat memory. What can be decompressed before a
 * break is delivered, then the break. `again` opens the same bytes a second time, where that is
 * possible: the decompressor drops what it made of a slice with an error in it, and going over
 * that slice byte by byte brings it back.
 */
export async function* gunzipChunks(
  reader: ByteReader,
  again?: () => ByteReader,
): AsyncGenerator<Uint8Array | StreamDamage> {
  let end = yield* inflate(reader, Number.POSITIVE_INFINITY);
  if (end.kind === "corrupt" && again !== undefined) {
    end = yield* skipping(inflate(again(), end.sliceStart), end.delivered);
  }
  if (end.kind === "truncated") {
    const detail = "The gzip data end before their end: the file was cut off or is being written.";
    yield { reason: "truncated-gzip", detail, final: true };
  } else if (end.kind === "corrupt") {
    const detail = `The gzip data are damaged (${end.message}).`;
    yield { reason: "corrupt-gzip", detail, final: true };
  }
}

/** One pass; from `singlyFrom` on the compressed bytes are fed one by one. */
async function* inflate(
  reader: ByteReader,
  singlyFrom: number,
): AsyncGenerator<Uint8Array, InflateEnd> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const ready: Buffer[] = [];
  gunzip.on("data", (chunk: Buffer) => ready.push(chunk));
  let sliceStart = 0;
  let delivered = 0;
  try {
    for (;;) {
      const slice = Buffer.allocUnsafe(sliceStart >= singlyFrom ? 1 : SLICE_BYTES);
      const count = await fillSlice(reader, slice);
      const error = await feed(gunzip, slice.subarray(0, count));
      for (const chunk of ready.splice(0)) {
        delivered += chunk.length;
        yield chunk;
      }
      if (error !== undefined && count === 0) return { kind: "truncated" };
      if (error !== undefined) {
        return { kind: "corrupt", message: error.message, sliceStart, delivered };
      }
      if (count === 0 || gunzip.bytesWritten < sliceStart + count) return { kind: "done" };
      sliceStart += count;
    }
  } finally {
    gunzip.destroy();
    await reader.close?.();
  }
}

/** Slices begin at the same places however the bytes come in, so breaks are found alike. */
async function fillSlice(reader: ByteReader, slice: Buffer): Promise<number> {
  let fill = 0;
  while (fill < slice.length) {
    const count = await reader.read(slice, fill, slice.length - fill);
    if (count === 0) break;
    fill += count;
  }
  return fill;
}

/** Decompresses one slice completely (an empty one: the end) and gives the error, if any. */
function feed(gunzip: Gunzip, slice: Buffer): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const settle = (error?: Error | null) => {
      gunzip.off("error", settle);
      gunzip.off("end", settle);
      resolve(error ?? undefined);
    };
    gunzip.once("error", settle);
    if (slice.length === 0) {
      gunzip.once("end", settle);
      gunzip.end();
    } else {
      gunzip.write(slice, settle);
    }
  });
}

async function* skipping(
  chunks: AsyncGenerator<Uint8Array, InflateEnd>,
  count: number,
): AsyncGenerator<Uint8Array, InflateEnd> {
  let left = count;
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) return next.value;
    const skipped = Math.min(left, next.value.length);
    left -= skipped;
    if (skipped < next.value.length) yield next.value.subarray(skipped);
  }
}
