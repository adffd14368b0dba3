import { isUtf8 } from "node:buffer";
import { NotReadTally } from "../model/not-read.ts";
import { LINE_FEED } from "../source/codec/bytes.ts";
import type { Framing } from "../source/read/framing.ts";
import type { SourceItem } from "../source/read/items.ts";
import type { OpenedSource } from "../source/read/opened-source.ts";
import type { FileProgress } from "./cursor.ts";
import type { Destination } from "./destination.ts";
import { decodeDocument } from "./document-decoder.ts";
import { FINGERPRINT_BYTES, Fingerprint, NO_FINGERPRINT } from "./fingerprint.ts";
import { LineCompleter } from "./line-completer.ts";
import type { LineDecoder } from "./line-decoder.ts";
import { gluedValues } from "./lines/glued.ts";
import { PartJoiner } from "./lines/part-joiner.ts";
import { MessageDecoder } from "./message-decoder.ts";
import type { EndBefore, PartialLine } from "./partial-line.ts";
import { type Rejection, rejection } from "./rejections.ts";

/** Rejections held in memory before they are stored. */
const MOST_REJECTIONS = 4096;
/** So many bytes of lines are decoded in a row; what is being stored meanwhile goes on after them. */
const BYTES_IN_A_ROW = 64 * 1024;

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
  /** Why lines of it were not read. */
  readonly notRead: NotReadTally;
  readonly partial: PartialLine | undefined;
  /** Whether it was read to its end. */
  readonly finished: boolean;
  /**
   * What became of the partial line of the file before: "wait" while this one's first line is not all
   * there, or is no JSON while the file before is unread.
   */
  readonly before: "joined" | "alone" | "wait";
  /** The pieces of it that a line was made of, the first one first; none unless "joined". */
  readonly joined: readonly PartialLine[];
}

/**
 * What the bytes after the last line feed are: "final", all that will ever come, so that a whole
 * request is taken and anything else rejected; "closing", the same, but the next file of a rotation
 * may hold the rest of a partial line; "open", the beginning of a line that is still being written,
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
  private readonly messages: MessageDecoder;
  private readonly joiner: PartJoiner;
  private readonly completer: LineCompleter;
  private partial: PartialLine | undefined;
  /** What this file may complete, as long as it holds no whole line. */
  private before: PartialLine | undefined;
  private readonly fingerprint: Fingerprint = new Fingerprint();
  private lines = 0;
  /** Lines that are held for the last part of one. */
  private heldLines = 0;
  private records = 0;
  private rejected = 0;
  private readonly notRead: NotReadTally = new NotReadTally();

  constructor(
    source: OpenedSource,
    decoder: LineDecoder,
    destination: Destination,
    progress: FileProgress,
    wish: ReadWish,
  ) {
    this.source = source;
    this.decoder = decoder;
    this.messages = new MessageDecoder(decoder);
    this.joiner = new PartJoiner((...line) => decoder.line(...line));
    this.destination = destination;
    this.progress = progress;
    this.completer = new LineCompleter(decoder, destination, progress);
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
    const { framing } = this.source;
    if (framing.startsWith("protobuf") && framing !== "protobuf-body") {
      await this.messages.findSignal(this.source);
    }
    this.takeBackParts();
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
    this.endParts(finished);
    await this.note();
    const completed = before === "wait" && this.before === undefined;
    return this.outcome(completed ? "joined" : before, finished);
  }

  private outcome(before: FileOutcome["before"], finished = true): FileOutcome {
    const { progress, lines, records, rejected, notRead, partial } = this;
    const { joined } = this.completer;
    return { progress, lines, records, rejected, notRead, partial, before, joined, finished };
  }

  /** Whether the first line is no JSON, as if it were the rest of one. */
  private async beginsWithin(): Promise<boolean> {
    const first = await this.firstLine();
    return first !== undefined && !isWholeJson(first.line);
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
        this.takeMessage(item.bytes, item.offset, item.length);
        return;
      case "tail":
        return this.takeTail(item.bytes, item.offset);
      case "damaged": {
        const { offset, length, reason, detail, bytes } = item;
        if (!this.decoder.endsUtf16(offset, length)) {
          this.reject([rejection(reason, detail, bytes, offset, { length })]);
        }
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
    const { joiner } = this;
    let from = start;
    let waited = start;
    while (from < end) {
      if (from - waited >= BYTES_IN_A_ROW) {
        waited = from;
        await this.destination.giveWay();
      }
      const to = buffer.indexOf(LINE_FEED, from);
      const held = joiner.heldFrom !== undefined;
      const rejections = joiner.line(buffer, from, to, offset + from - start, validUtf8);
      if (rejections.length > 0) this.reject(rejections);
      if (joiner.heldFrom !== undefined) {
        if (!held && from > start) this.fingerprint.see(buffer, start, from, offset);
        this.heldLines++;
        from = to + 1;
        continue;
      }
      this.countLines();
      from = to + 1;
      this.checkpoint(offset + from - start);
      if (this.due) {
        this.fingerprint.see(buffer, start, from, offset);
        this.advance(offset + from - start);
        await this.flush();
      }
    }
    if (joiner.heldFrom === undefined) this.fingerprint.see(buffer, start, end, offset);
    this.advance(joiner.heldFrom ?? offset + end - start);
  }

  private takeMessage(bytes: Buffer, offset: number, length: number): void {
    const { messages } = this;
    const isBody = this.source.framing === "protobuf-body";
    this.reject(isBody ? messages.body(bytes) : messages.message(bytes, offset, length));
    this.countLines();
    this.advance(offset + length);
  }

  /** What is said of a line in parts is said again, or its last part has come. */
  private takeBackParts(): void {
    const { progress } = this;
    if (!progress.brokenParts) return;
    progress.brokenParts = false;
    progress.rejections = progress.rejections.filter(({ offset }) => offset < progress.offset);
    progress.fresh = true;
  }

  /**
   * What is held for the last part of a line when all was read: left alone where it may yet come, to
   * be read again from its first part on.
   */
  private endParts(finished: boolean): void {
    const { joiner, progress, source } = this;
    const { heldFrom } = joiner;
    if (heldFrom === undefined || !finished || this.wish.ending === "open") return;
    const bytes = joiner.heldBytes();
    if (joiner.holdsOneLine && source.compression === "none") {
      progress.brokenParts = true;
      const detail = "a line in parts, of which the last ones are missing";
      this.reject([rejection("unterminated", detail, bytes, heldFrom)]);
      return;
    }
    this.reject(joiner.release());
    this.heldLines--;
    this.countLines();
    this.fingerprint.see(bytes, 0, bytes.length, heldFrom);
    this.advance(heldFrom + bytes.length);
  }

  /** A partial line: a whole record if the writer has finished without a line feed, else left for later. */
  private takeTail(bytes: Buffer, offset: number): void {
    const { ending } = this.wish;
    const framed = framesOnly.has(this.source.framing);
    if (ending === "open" || (!framed && bytes.toString("latin1").trim() === "")) return;
    if (!framed && (this.takeLastPart(bytes, offset) || this.decoder.whole(bytes))) {
      this.countLines();
      this.advance(offset + bytes.length);
      return;
    }
    // Only its line feed may be missing: whoever has it holds nothing else as yet.
    if (
      this.before !== undefined &&
      this.completer.complete(this.before, bytes, offset + bytes.length)
    ) {
      this.countLines();
      this.before = undefined;
      return;
    }
    if (!framed && isWholeJson(bytes)) {
      this.reject(this.decoder.line(bytes, 0, bytes.length, offset, isUtf8(bytes)));
      this.countLines();
      this.advance(offset + bytes.length);
      return;
    }
    if (!framed) {
      // A file that holds nothing but a piece of a line leaves that line half as well.
      const earlier = this.before;
      this.partial = { bytes: Buffer.from(bytes), offset, file: this.progress, earlier };
    }
    if (framed || ending === "final") this.reject([unterminated(bytes, offset, framed)]);
  }

  /** Whether the last line, without its line feed, completes what is held; it is then decoded. */
  private takeLastPart(bytes: Buffer, offset: number): boolean {
    const { joiner } = this;
    if (joiner.heldFrom === undefined) return false;
    this.heldLines++;
    this.reject(joiner.line(bytes, 0, bytes.length, offset, isUtf8(bytes)));
    if (joiner.heldFrom !== undefined) return false;
    this.heldLines--;
    return true;
  }

  /** Joins the partial line of the file before with the first line of this one, if together they are a request. */
  private async join(before: PartialLine): Promise<FileOutcome["before"]> {
    const first = await this.firstLine();
    if (first === undefined) return "wait";
    if (isWholeJson(first.line)) return "alone";
    return this.completer.complete(before, first.line.subarray(0, -1), first.end)
      ? "joined"
      : "alone";
  }

  /** The first line with its line feed and where it ends, if this is a file of lines and one block holds it. */
  private async firstLine(): Promise<{ line: Buffer; end: number } | undefined> {
    for await (const item of this.source.items(0)) {
      // What was truncated under a writer begins with a NUL gap.
      if (item.kind === "damaged" && item.reason === "nul-hole") continue;
      if (item.kind !== "lines") return undefined;
      const { buffer, start, end } = item;
      const lines = buffer.subarray(start, end);
      const line = Buffer.from(lines.subarray(0, lines.indexOf(LINE_FEED) + 1));
      return { line, end: item.offset + line.length };
    }
    return undefined;
  }

  /** Whether there is enough to be stored. */
  private get due(): boolean {
    return this.destination.full || this.progress.rejections.length >= MOST_REJECTIONS;
  }

  /** Counts a line, with those that were held for it. */
  private countLines(): void {
    const count = this.heldLines + 1;
    this.heldLines = 0;
    this.lines += count;
    this.progress.lines += count;
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
    this.notRead.addEach(rejections);
    for (const each of rejections) this.progress.rejections.push(each);
  }

  private async flush(): Promise<void> {
    await this.note();
    await this.destination.flush();
  }

  /** Reports to the pipeline how far this file was read. */
  private async note(): Promise<void> {
    const { progress, source } = this;
    const records = this.decoder.take();
    progress.records += records;
    this.records += records;
    if (this.fingerprint.end === progress.offset) {
      progress.fingerprintLength = this.fingerprint.length;
      progress.fingerprintHash = this.fingerprint.hash();
    } else if (source.compression === "none" && progress.offset > 0) {
      progress.fingerprintLength = Math.min(FINGERPRINT_BYTES, progress.offset);
      progress.fingerprintHash =
        (await source.fingerprintAt(progress.offset, progress.fingerprintLength)) ?? NO_FINGERPRINT;
    }
    this.destination.progress(progress);
  }
}

/** A partial line, or half a frame, of which nothing more will come. */
export function unterminated(bytes: Buffer, offset: number, framed: boolean): Rejection {
  const detail = framed ? "a frame that breaks off" : "a half line at the end of the file";
  return rejection("unterminated", detail, bytes, offset);
}

/** Whether a line is JSON that is all there: an object, a list, or several glued together. */
function isWholeJson(line: Buffer): boolean {
  return gluedValues(line) !== undefined;
}
