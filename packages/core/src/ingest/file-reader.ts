import { isUtf8 } from "node:buffer";
import { KnownError } from "../errors.ts";
import { classifyMessage, decodeMessage, type Signal } from "../otlp/protobuf.ts";
import type { Framing } from "../source/framing.ts";
import { sha256 } from "../source/identity.ts";
import type { SourceItem } from "../source/items.ts";
import type { OpenedSource } from "../source/open.ts";
import type { FileProgress } from "./cursor.ts";
import type { Destination } from "./destination.ts";
import { decodeDocument } from "./document-decoder.ts";
import { GUARD_BYTES, Guard, NO_GUARD } from "./guard.ts";
import { type EndBefore, type HalfLine, likelyLines } from "./half-line.ts";
import type { LineDecoder } from "./line-decoder.ts";
import { type Rejection, rejection } from "./rejections.ts";

const LINE_FEED = 0x0a;

/** Rejections held in memory before they are stored. */
const MOST_REJECTIONS = 4096;

/** Framings whose last bytes are part of a frame, not of a line. */
const framesOnly: ReadonlySet<Framing> = new Set<Framing>([
  "zstd-frames",
  "json-frames",
  "protobuf-frames",
  "protobuf-zstd-frames",
  "protobuf-zstd",
]);

/** What reading one file came to. */
export interface FileOutcome {
  readonly progress: FileProgress;
  readonly lines: number;
  readonly records: number;
  readonly rejected: number;
  readonly half: HalfLine | undefined;
  /** Whether it was read to its end. */
  readonly finished: boolean;
  /**
   * What became of the half line of the file before: "wait" while this one's first line is not all
   * there, or is no JSON while the file before is unread.
   */
  readonly before: "joined" | "alone" | "wait";
  /** The pieces of it that a line was made of, the first one first; none unless "joined". */
  readonly joined: readonly HalfLine[];
}

/**
 * What the bytes after the last line feed are: "final", all that will ever come, so that a whole
 * request is taken and anything else rejected; "closing", the same, but the next file of a rotation
 * may hold the rest of a half line; "open", the beginning of a line that is still being written,
 * which is left alone.
 */
export type Ending = "final" | "closing" | "open";

/** How a file is read. */
export interface ReadWish {
  readonly ending: Ending;
  /** Called after every block; false ends the reading there. */
  readonly onBlock: () => boolean;
}

/** Reads one opened source from where its progress stands to its end. */
export class FileReader {
  private readonly source: OpenedSource;
  private readonly decoder: LineDecoder;
  private readonly destination: Destination;
  private readonly progress: FileProgress;
  private readonly wish: ReadWish;
  private signal: Signal | undefined;
  private half: HalfLine | undefined;
  /** What this file may complete, as long as it holds no whole line. */
  private before: HalfLine | undefined;
  private joined: readonly HalfLine[] = [];
  private readonly guard: Guard = new Guard();
  private lines = 0;
  private records = 0;
  private rejected = 0;

  constructor(
    source: OpenedSource,
    decoder: LineDecoder,
    destination: Destination,
    progress: FileProgress,
    wish: ReadWish,
  ) {
    this.source = source;
    this.decoder = decoder;
    this.destination = destination;
    this.progress = progress;
    this.wish = wish;
  }

  /** Reads to the end; nothing where the first line may be the rest of one that is not read yet. */
  async read(before: EndBefore): Promise<FileOutcome> {
    if (before === "unread") {
      if (this.progress.offset === 0 && (await this.beginsWithin())) return this.outcome("wait");
      return this.readFrom("alone");
    }
    const joined = before === undefined ? "alone" : await this.join(before);
    if (joined === "wait") this.before = before;
    return this.readFrom(joined);
  }

  private async readFrom(before: FileOutcome["before"]): Promise<FileOutcome> {
    if (this.source.framing.startsWith("protobuf")) await this.findSignal();
    let finished = true;
    for await (const item of this.source.items(this.progress.offset)) {
      await this.take(item);
      const goOn = this.wish.onBlock();
      if (this.due) await this.flush();
      if (!goOn) {
        finished = false;
        break;
      }
    }
    await this.note();
    const completed = before === "wait" && this.before === undefined;
    return this.outcome(completed ? "joined" : before, finished);
  }

  private outcome(before: FileOutcome["before"], finished = true): FileOutcome {
    const { progress, lines, records, rejected, half, joined } = this;
    return { progress, lines, records, rejected, half, before, joined, finished };
  }

  /** Whether the first line is no JSON, as if it were the rest of one. */
  private async beginsWithin(): Promise<boolean> {
    const first = await this.firstLine();
    return first !== undefined && !isJson(first.line);
  }

  private async take(item: SourceItem): Promise<void> {
    switch (item.kind) {
      case "lines":
        return this.takeLines(item.buffer, item.start, item.end, item.offset);
      case "payload":
        this.reject(
          this.decoder.line(item.bytes, 0, item.bytes.length, item.offset, isUtf8(item.bytes)),
        );
        return this.advance(item.offset + item.length);
      case "message":
        return this.takeMessage(item.bytes, item.offset, item.length);
      case "tail":
        return this.takeTail(item.bytes, item.offset);
      case "damaged": {
        const { offset, length, reason, detail, bytes } = item;
        this.reject([rejection(reason, detail, bytes, offset, { length })]);
        if (length > 0) this.advance(offset + length);
        return;
      }
      default: {
        if (item.kind === "oversize" && !item.terminated && this.wish.ending === "open") return;
        const rejections = await decodeDocument(item, this.decoder, async () => {
          if (this.destination.full) await this.flush();
        });
        this.reject(rejections);
        if (item.kind === "document" || item.terminated || rejections.length === 0) {
          this.advance(item.offset + item.length);
        }
      }
    }
  }

  private async takeLines(
    buffer: Buffer,
    start: number,
    end: number,
    offset: number,
  ): Promise<void> {
    const validUtf8 = isUtf8(buffer.subarray(start, end));
    let from = start;
    while (from < end) {
      const to = buffer.indexOf(LINE_FEED, from);
      const rejections = this.decoder.line(buffer, from, to, offset + from - start, validUtf8);
      if (rejections.length > 0) this.reject(rejections);
      this.countLine();
      from = to + 1;
      this.checkpoint(offset + from - start);
      if (this.due) {
        this.guard.see(buffer, start, from, offset);
        this.advance(offset + from - start);
        await this.flush();
      }
    }
    this.guard.see(buffer, start, end, offset);
    this.advance(offset + end - start);
  }

  private takeMessage(bytes: Buffer, offset: number, length: number): void {
    const verdict = decodeMessage(bytes, this.signal);
    if (verdict.kind === "request") {
      this.reject(this.decoder.parsed(verdict.request, bytes, offset, length));
      this.countLine();
    } else {
      const detail =
        verdict.kind === "invalid" ? verdict.detail : `could be ${verdict.signals.join(" or ")}`;
      const reason = verdict.kind === "invalid" ? "not-otlp" : "ambiguous-signal";
      this.reject([rejection(reason, detail, bytes, offset, { length })]);
    }
    this.advance(offset + length);
  }

  /** A half line: a whole record if the writer has finished without a line feed, else left for later. */
  private takeTail(bytes: Buffer, offset: number): void {
    const { ending } = this.wish;
    const framed = framesOnly.has(this.source.framing);
    if (ending === "open" || (!framed && bytes.toString("latin1").trim() === "")) return;
    if (!framed && this.decoder.whole(bytes)) {
      this.countLine();
      this.advance(offset + bytes.length);
      return;
    }
    // Only its line feed may be missing: whoever has it holds nothing else as yet.
    if (this.before !== undefined && this.complete(this.before, bytes, offset + bytes.length)) {
      this.countLine();
      this.before = undefined;
      return;
    }
    if (!framed) {
      // A file that holds nothing but a piece of a line leaves that line half as well.
      const earlier = this.before;
      this.half = { bytes: Buffer.from(bytes), offset, file: this.progress, earlier };
    }
    if (framed || ending === "final") this.reject([unterminated(bytes, offset, framed)]);
  }

  /** Joins the half line of the file before with the first line of this one, if together they are a request. */
  private async join(before: HalfLine): Promise<FileOutcome["before"]> {
    const first = await this.firstLine();
    if (first === undefined) return "wait";
    if (isJson(first.line)) return "alone";
    return this.complete(before, first.line.subarray(0, -1), first.end) ? "joined" : "alone";
  }

  /** Takes what was cut by rotations if these bytes, up to `end` of this file, make a request of it. */
  private complete(before: HalfLine, rest: Buffer, end: number): boolean {
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
    this.advance(end);
    return true;
  }

  /**
   * Whether pieces come from files that are not each other's copies, nor copies of this one: the end
   * of a copy and the beginning of its original may fit, but are of different lines.
   */
  private isOfOthers(pieces: readonly HalfLine[]): boolean {
    const files = new Set([this.progress.fileId, ...pieces.map(({ file }) => file.fileId)]);
    return files.size === pieces.length + 1;
  }

  /** Moves the cursor of an earlier file behind the piece that was completed. */
  private mend({ file, offset, bytes }: HalfLine): void {
    file.mended = offset;
    file.rejections = file.rejections.filter((rejected) => rejected.offset !== offset);
    file.offset = offset + bytes.length;
    // The piece stands before the cursor: a guard of no bytes would agree with whatever is there.
    const guarded = bytes.subarray(-GUARD_BYTES);
    file.guardLength = guarded.length;
    file.guardHash = sha256(guarded);
    this.destination.progress(file);
  }

  /** The first line with its line feed and where it ends, if this is a file of lines and one block holds it. */
  private async firstLine(): Promise<{ line: Buffer; end: number } | undefined> {
    for await (const item of this.source.items(0)) {
      // What was truncated under a writer begins with a hole.
      if (item.kind === "damaged" && item.reason === "nul-hole") continue;
      if (item.kind !== "lines") return undefined;
      const { buffer, start, end } = item;
      const lines = buffer.subarray(start, end);
      const line = Buffer.from(lines.subarray(0, lines.indexOf(LINE_FEED) + 1));
      return { line, end: item.offset + line.length };
    }
    return undefined;
  }

  /**
   * A file of protobuf frames does not say which signal it holds. Messages tell by
   * their structure; a file whose messages tell different signals is refused.
   */
  private async findSignal(): Promise<void> {
    const told = new Set<Signal>();
    for await (const item of this.source.items(0)) {
      if (item.kind !== "message") continue;
      const signals = classifyMessage(item.bytes);
      const [only] = signals;
      if (only !== undefined && signals.length === 1) told.add(only);
    }
    if (told.size > 1) {
      throw new KnownError(
        "ambiguous-signal",
        `${this.source.path} mixes ${[...told].sort().join(" and ")} in protobuf frames, which do not say what each of them is.`,
        {
          hint: "Give each signal a file of its own in the Collector's configuration, or use format: json.",
        },
      );
    }
    this.signal = [...told][0];
  }

  /** Whether there is enough to be stored. */
  private get due(): boolean {
    return this.destination.full || this.progress.rejections.length >= MOST_REJECTIONS;
  }

  private countLine(): void {
    this.lines++;
    this.progress.lines++;
  }

  private checkpoint(offset: number): void {
    const { checkpoints, lines, records } = this.progress;
    checkpoints?.push({ offset, lines, records: records + this.decoder.taken });
  }

  private advance(offset: number): void {
    if (offset > this.progress.offset) this.progress.offset = offset;
  }

  private reject(rejections: readonly Rejection[]): void {
    this.rejected += rejections.length;
    for (const each of rejections) this.progress.rejections.push(each);
  }

  private async flush(): Promise<void> {
    await this.note();
    await this.destination.flush();
  }

  /** Tells the pipeline how far this file was read. */
  private async note(): Promise<void> {
    const { progress, source } = this;
    const records = this.decoder.take();
    progress.records += records;
    this.records += records;
    if (this.guard.end === progress.offset) {
      progress.guardLength = this.guard.length;
      progress.guardHash = this.guard.hash();
    } else if (source.compression === "none" && progress.offset > 0) {
      progress.guardLength = Math.min(GUARD_BYTES, progress.offset);
      progress.guardHash =
        (await source.guardAt(progress.offset, progress.guardLength)) ?? NO_GUARD;
    }
    this.destination.progress(progress);
  }
}

/** A half line, or half a frame, of which nothing more will come. */
export function unterminated(bytes: Buffer, offset: number, framed: boolean): Rejection {
  const detail = framed ? "a frame that breaks off" : "a half line at the end of the file";
  return rejection("unterminated", detail, bytes, offset);
}

function isJson(line: Buffer): boolean {
  try {
    JSON.parse(line.toString("utf8"));
    return true;
  } catch {
    return false;
  }
}
