import type { Compression } from "../codec/compression.ts";
import type { FileStat } from "../file-stat.ts";
import type { Framing } from "./framing.ts";
import type { SourceItem } from "./items.ts";

/** A file (or standard input) that is open for reading. */
export interface OpenedSource {
  readonly path: string;
  readonly framing: Framing;
  readonly compression: Compression;
  /** Bytes on disk when it was opened or refreshed; undefined for standard input. */
  readonly sizeBytes: number | undefined;
  /** SHA-256 (hex) of the first record, at most 64 KiB: the same for a copy, compressed or not. */
  readonly headHash: string;
  /** Requests were seen at its beginning; false for other JSON, and for the rest of a cut line. */
  readonly holdsTelemetry: boolean;
  /** False while the first record is not all there: the hash will change. */
  readonly headComplete: boolean;
  /** The state of the file when all this was read; undefined for standard input. */
  readonly inspected: FileStat | undefined;
  /** The pieces from an offset on, with offsets as in SourceItem; standard input only once, from 0. */
  items(from: number): AsyncIterable<SourceItem>;
  /**
   * SHA-256 (hex) of the `length` bytes (fewer at the beginning) before `offset`, in the domain
   * of the offsets; undefined when the stream is shorter or cannot be read twice.
   */
  fingerprintAt(offset: number, length: number): Promise<string | undefined>;
  /**
   * Looks at the open file again, whatever became of its name: `items` then reads to its new end.
   * Undefined for standard input.
   */
  refresh(): FileStat | undefined;
  /** Whether its first bytes are still those it had when it was opened. */
  keepsHead(): boolean;
  /** Whether a line ends at or after an offset of the stream. */
  lineEndsAfter(offset: number): Promise<boolean>;
  /** Bytes of the file on disk that were read so far. */
  bytesConsumed(): number;
  close(): Promise<void>;
}
