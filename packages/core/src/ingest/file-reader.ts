import { isUtf8 } from "node:buffer";
import { resolve } from "node:path";
import { KnownError } from "../errors.ts";
import { classifyMessage, decodeMessage, type Signal } from "../otlp/protobuf.ts";
import type { Framing } from "../source/framing.ts";
import type { SourceItem } from "../source/items.ts";
import type { OpenedSource } from "../source/open.ts";
import { type Cursor, type FileProgress, newFileId } from "./cursor.ts";
import { decodeDocument } from "./document-decoder.ts";
import { GUARD_BYTES, Guard, NO_GUARD } from "./guard.ts";
import type { LineDecoder } from "./line-decoder.ts";
import type { Pipeline } from "./pipeline.ts";
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

/** A half line at the end of a file, which the next file of a rotation may complete. */
export interface HalfLine {
  readonly bytes: Buffer;
  readonly file: FileProgress;
}

/** What reading one file came to. */
export interface FileOutcome {
  readonly progress: FileProgress;
  readonly lines: number;
  readonly records: number;
  readonly rejected: number;
  readonly half: HalfLine | undefined;
  /** Whether the half line of the file before was completed, so that it is not rejected. */
  readonly joined: boolean;
}

/** Reads one opened source from its cursor to its end into the pipeline. */
export class FileReader {
  private readonly source: OpenedSource;
  private readonly decoder: LineDecoder;
  private readonly pipeline: Pipeline;
  private readonly progress: FileProgress;
  private readonly onBlock: () => void;
  private signal: Signal | undefined;
  private half: HalfLine | undefined;
  private joined = false;
  private readonly guard: Guard = new Guard();
  private lines = 0;
  private records = 0;
  private rejected = 0;

  constructor(
    source: OpenedSource,
    decoder: LineDecoder,
    pipeline: Pipeline,
    cursor: Cursor | undefined,
    onBlock: () => void,
  ) {
    this.source = source;
    this.decoder = decoder;
    this.pipeline = pipeline;
    this.onBlock = onBlock;
    const offset = cursor?.offset ?? 0;
    this.progress = {
      fileId: cursor?.fileId ?? newFileId(),
      path: source.path === "-" ? "-" : resolve(source.path),
      framing: source.framing,
      headHash: source.headHash,
      from: offset,
      offset,
      guardLength: cursor?.guardLength ?? 0,
      guardHash: cursor?.guardHash ?? "",
      sizeBytes: source.sizeBytes ?? 0,
      lines: 0,
      records: 0,
      rejections: [],
      fresh: true,
      joined: 0,
      mended: undefined,
    };
  }

  /** Reads to the end. `before` is the half line that the file before this one in a rotation left. */
  async read(before: HalfLine | undefined): Promise<FileOutcome> {
    if (before !== undefined) await this.join(before);
    if (this.source.framing.startsWith("protobuf")) await this.findSignal();
    for await (const item of this.source.items(this.progress.offset)) {
      await this.take(item);
      this.onBlock();
      if (this.due) await this.flush();
    }
    await this.note();
    return {
      progress: this.progress,
      lines: this.lines,
      records: this.records,
      rejected: this.rejected,
      half: this.half,
      joined: this.joined,
    };
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
        const rejections = await decodeDocument(item, this.decoder, async () => {
          if (this.pipeline.full) await this.flush();
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
    const framed = framesOnly.has(this.source.framing);
    if (!framed && bytes.toString("latin1").trim() === "") return;
    if (!framed && this.decoder.whole(bytes)) {
      this.countLine();
      this.advance(offset + bytes.length);
      return;
    }
    if (!framed) this.half = { bytes: Buffer.from(bytes), file: this.progress };
    const detail = framed ? "a frame that breaks off" : "a half line at the end of the file";
    this.reject([rejection("unterminated", detail, bytes, offset)]);
  }

  /** Joins the half line of the file before with the first line of this one, if together they are a request. */
  private async join(before: HalfLine): Promise<void> {
    const first = await this.firstLine();
    if (first === undefined || isJson(first)) return;
    if (!this.decoder.whole(Buffer.concat([before.bytes, first.subarray(0, -1)]))) return;
    const { file } = before;
    file.mended = file.offset;
    file.rejections = file.rejections.filter(({ offset }) => offset !== file.mended);
    file.offset += before.bytes.length;
    file.guardLength = 0;
    file.guardHash = NO_GUARD;
    this.pipeline.progress(file);
    this.progress.joined = first.length;
    this.joined = true;
    if (this.progress.offset < first.length) this.advance(first.length);
  }

  /** The first line with its line feed, if this is a file of lines and it is held in one block. */
  private async firstLine(): Promise<Buffer | undefined> {
    for await (const item of this.source.items(0)) {
      if (item.kind !== "lines") return undefined;
      const { buffer, start, end } = item;
      const line = buffer.subarray(start, end);
      return Buffer.from(line.subarray(0, line.indexOf(LINE_FEED) + 1));
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
    return this.pipeline.full || this.progress.rejections.length >= MOST_REJECTIONS;
  }

  private countLine(): void {
    this.lines++;
    this.progress.lines++;
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
    await this.pipeline.flush();
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
    this.pipeline.progress(progress);
  }
}

function isJson(line: Buffer): boolean {
  try {
    JSON.parse(line.toString("utf8"));
    return true;
  } catch {
    return false;
  }
}
