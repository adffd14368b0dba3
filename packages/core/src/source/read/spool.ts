import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOf, KnownError } from "../../errors.ts";
import type { ByteReader, ByteSource } from "../codec/bytes.ts";

/**
 * A private temporary file for bytes that come only once (standard input) and have to be read
 * again. It has no name any more once it is open, so that nothing stays behind when the process
 * is killed; on Windows, where an open file keeps its name, it disappears when it is closed.
 */
export class Spool implements ByteSource {
  sizeBytes = 0;
  readonly #directory: string;
  readonly #descriptor: number;

  /** Creates the file (mode 0600) in a directory of its own (mode 0700). */
  constructor() {
    this.#directory = mkdtempSync(join(tmpdir(), "cctelemetry-"));
    this.#descriptor = openSync(join(this.#directory, "spool"), "wx+", 0o600);
    if (process.platform !== "win32") this.#remove();
  }

  /** Appends; KnownError when the disk is full. */
  write(bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.length) {
      try {
        done += writeSync(
          this.#descriptor,
          bytes,
          done,
          bytes.length - done,
          this.sizeBytes + done,
        );
      } catch (cause) {
        throw spoolError(cause);
      }
    }
    this.sizeBytes += bytes.length;
  }

  reader(from: number): ByteReader {
    let position = from;
    return {
      damage: undefined,
      read: (into, at, length) => {
        const wanted = Math.min(length, this.sizeBytes - position);
        if (wanted <= 0) return 0;
        const got = readSync(this.#descriptor, into, at, wanted, position);
        position += got;
        return got;
      },
    };
  }

  close(): void {
    closeSync(this.#descriptor);
    this.#remove();
  }

  #remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function spoolError(cause: unknown): KnownError {
  const said = codeOf(cause) ?? "unknown error";
  const full = said === "ENOSPC" || said === "EDQUOT";
  return new KnownError(
    full ? "disk-full" : "output-failed",
    `A long text from standard input could not be kept in "${tmpdir()}" (${said}).`,
    { hint: "Set TMPDIR to a directory with room, or import the file itself.", cause },
  );
}
