import { createHash } from "node:crypto";

const HASHED_BYTES = 64 * 1024;

/** What a stream is known by. */
export interface Identity {
  /** SHA-256, in hex, of at most 64 KiB of the first record. */
  readonly headHash: string;
  /** False while the first record is not all there: the hash will be another one later. */
  readonly headComplete: boolean;
}

/**
 * Identity by a first line: without its line feed, so that the same record in a frame, which has
 * none, has the same hash. `text` begins with the line's first byte.
 */
export function lineIdentity(text: Buffer): Identity {
  const lineFeed = text.indexOf(0x0a);
  const line = lineFeed < 0 ? text : text.subarray(0, lineFeed);
  const bare = lineFeed > 0 && line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
  return {
    headHash: sha256(bare.subarray(0, HASHED_BYTES)),
    headComplete: lineFeed >= 0 || line.length >= HASHED_BYTES,
  };
}

/** Identity by the content of a first frame, or by a document's beginning. */
export function contentIdentity(content: Buffer, headComplete: boolean): Identity {
  return { headHash: sha256(content.subarray(0, HASHED_BYTES)), headComplete };
}

/** SHA-256 in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
