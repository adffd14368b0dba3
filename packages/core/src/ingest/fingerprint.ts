import { createHash } from "node:crypto";

/** Bytes before the cursor that are hashed, to know the file again. */
export const FINGERPRINT_BYTES = 256;

/** The hash of no bytes, which every file agrees with. */
export const NO_FINGERPRINT: string = createHash("sha256").digest("hex");

/** The last bytes that were read of a stream of lines: what the cursor is guarded by. */
export class Fingerprint {
  /** Offset up to which bytes were seen; -1 before any were. */
  end = -1;
  private bytes: Buffer = Buffer.alloc(0);

  /** Number of bytes the guard covers. */
  get length(): number {
    return this.bytes.length;
  }

  /** Sees `buffer[start, end)`, which begins at `offset` of the stream. */
  see(buffer: Buffer, start: number, end: number, offset: number): void {
    const fresh = buffer.subarray(Math.max(start, end - FINGERPRINT_BYTES), end);
    const whole = end - start >= FINGERPRINT_BYTES || this.end !== offset;
    const joined = whole ? Buffer.from(fresh) : Buffer.concat([this.bytes, fresh]);
    this.bytes = joined.subarray(Math.max(0, joined.length - FINGERPRINT_BYTES));
    this.end = offset + end - start;
  }

  /** SHA-256 (hex) of the bytes. */
  hash(): string {
    return createHash("sha256").update(this.bytes).digest("hex");
  }
}
