import type { Readable } from "node:stream";
import { defaultCodec, type ZstdCodec } from "../codec/zstd-codec.ts";
import { openFile } from "./open-file.ts";
import { openStandardInput } from "./open-stdin.ts";
import type { OpenedSource } from "./opened-source.ts";

/** How a source is opened. */
export interface OpenOptions {
  /** The longest line, payload or message held in memory, in bytes; 32 MiB by default. */
  readonly maxLineBytes?: number;
  /** What "-" reads; the process's standard input by default. */
  readonly stdin?: Readable;
  /** The zstd decompressor; the quickest one there is by default. */
  readonly codec?: ZstdCodec;
}

const MAX_LINE_BYTES = 32 * 1024 * 1024;

/**
 * Opens a file, or standard input for "-", and detects by its content how telemetry is stored in it.
 * KnownError when it is missing, unreadable or no regular file. Content that cannot be
 * understood is no error: the framing is "unknown" and the only item says why.
 */
export function openSource(path: string, options: OpenOptions = {}): Promise<OpenedSource> {
  const limits = {
    maxLineBytes: options.maxLineBytes ?? MAX_LINE_BYTES,
    codec: options.codec ?? defaultCodec,
  };
  return path === "-" ? openStandardInput(limits, options.stdin) : openFile(path, limits);
}
