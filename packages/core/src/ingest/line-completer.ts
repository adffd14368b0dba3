import { sha256 } from "../source/read/identity.ts";
import type { FileProgress } from "./cursor.ts";
import type { Destination } from "./destination.ts";
import { FINGERPRINT_BYTES } from "./fingerprint.ts";
import type { LineDecoder } from "./line-decoder.ts";
import { likelyLines, type PartialLine } from "./partial-line.ts";

/** Completes the line that a rotation cut: its pieces stand at the ends of earlier files. */
export class LineCompleter {
  /** The pieces of which a line was made, the first one first. */
  joined: readonly PartialLine[] = [];
  private readonly decoder: LineDecoder;
  private readonly destination: Destination;
  private readonly progress: FileProgress;

  /** `progress` is that of the file with the end of the line. */
  constructor(decoder: LineDecoder, destination: Destination, progress: FileProgress) {
    this.decoder = decoder;
    this.destination = destination;
    this.progress = progress;
  }

  /** Takes what was cut by rotations if these bytes, up to `end` of this file, make a request of it. */
  complete(before: PartialLine, rest: Buffer, end: number): boolean {
    const joined = likelyLines(before, rest).find(
      (pieces) =>
        this.isOfOthers(pieces) &&
        this.decoder.whole(Buffer.concat([...pieces.map(({ bytes }) => bytes), rest])),
    );
    if (joined === undefined) return false;
    this.joined = joined;
    for (const piece of joined) this.mend(piece);
    const { progress } = this;
    progress.rejections = progress.rejections.filter(({ offset }) => offset >= end);
    progress.joined = end;
    progress.fresh = true;
    progress.from = Math.max(progress.from, end);
    if (end > progress.offset) progress.offset = end;
    return true;
  }

  /**
   * Whether pieces come from files that are not each other's copies, nor copies of this one: the end
   * of a copy and the beginning of its original may fit, but are of different lines.
   */
  private isOfOthers(pieces: readonly PartialLine[]): boolean {
    const files = new Set([this.progress.fileId, ...pieces.map(({ file }) => file.fileId)]);
    return files.size === pieces.length + 1;
  }

  /** Moves the cursor of an earlier file behind the piece that was completed. */
  private mend({ file, offset, bytes }: PartialLine): void {
    file.mended = offset;
    file.rejections = file.rejections.filter((rejected) => rejected.offset !== offset);
    file.offset = offset + bytes.length;
    // The piece stands before the cursor: a guard of no bytes would agree with whatever is there.
    const guarded = bytes.subarray(-FINGERPRINT_BYTES);
    file.fingerprintLength = guarded.length;
    file.fingerprintHash = sha256(guarded);
    this.destination.progress(file);
  }
}
