import { KnownError } from "../errors.ts";
import { type FileStat, sameStat } from "../source/file-stat.ts";
import { openSource } from "../source/read/open.ts";
import type { OpenedSource } from "../source/read/opened-source.ts";
import { type CursorRegistry, type FileProgress, startProgress } from "./cursor.ts";
import type { Destination } from "./destination.ts";
import { type Ending, FileReader, unterminated } from "./file-reader.ts";
import type { LineDecoder } from "./line-decoder.ts";
import type { EndBefore, PartialLine } from "./partial-line.ts";

/** How long a file must be left alone before it is read where a writer's half-done work would look like damage, milliseconds. */
const SETTLE_MS = 2000;
/** How long a closed file may still be written to by a process that has it open, milliseconds. */
const LINGER_MS = 10_000;
/** How long the next file of a rotation waits for one that is unread or unreadable, milliseconds. */
const PATIENCE_MS = 5000;
/** Bytes of backlog that are read per turn, so that no file starves another. */
const TURN_BYTES = 4 * 1024 * 1024;

/** What following files needs. */
export interface FollowTools {
  readonly decoder: LineDecoder;
  readonly destination: Destination;
  readonly cursors: CursorRegistry;
  readonly maxLineBytes: number | undefined;
  /** Milliseconds on a clock that never jumps. */
  readonly clock: () => number;
  /** A number greater than the one before. */
  readonly nextSerial: () => number;
  /** Called after every block of a file; `show` false: of a backlog. */
  readonly onBlock: (show: boolean) => void;
  /** Called when a backlog begins to be read. */
  readonly onBacklog: () => void;
}

/** What one look at a file came to. */
export type Reading =
  | { readonly kind: "unchanged" | "waiting" | "restarted" }
  | { readonly kind: "failed"; readonly error: KnownError }
  | {
      readonly kind: "read";
      readonly before: "joined" | "alone" | "wait";
      /** The partial lines of earlier files that a line was made of. */
      readonly joined: readonly PartialLine[];
    };

/**
 * One file that is followed, held open whatever becomes of its name: what its writer appends after
 * a rename or a removal is still read.
 */
export class FollowedFile {
  /** Grows from file to file in the order in which they were first seen. */
  readonly serial: number;
  path: string;
  /** Whether its path leads to it; false once it was renamed out of sight or removed. */
  named = true;
  /** What stands after its last line feed, where nobody will write on; the next file may complete it. */
  partial: PartialLine | undefined;
  /** A partial line that was recorded as rejected; its remainder may still arrive. */
  reported: PartialLine | undefined;
  progress: FileProgress | undefined;
  /** The path that the store has for it, until that is updated. */
  knownAs: string | undefined;
  /** Whether it holds something else than telemetry. */
  isForeign = false;
  /** Whether there is more to be read at once. */
  unfinished = false;
  /** Lines that were rejected since it is followed. */
  rejected = 0;
  private source: OpenedSource | undefined;
  /** The end of the file before for which the first line of this one is not all there, or not clear. */
  private waitsWith: EndBefore;
  private stat: FileStat;
  private readAt = "";
  private failingSince: number | undefined;
  /** Why it is not read as it is. */
  private refusal: KnownError | undefined;
  /** Whether what is read now is a backlog. */
  private quiet = false;
  private ending: Ending = "open";
  private quietSince: number;
  /** Up to where no line feed follows what was read. */
  private searchedTo = 0;
  private readonly tools: FollowTools;

  constructor(path: string, stat: FileStat, tools: FollowTools) {
    this.path = path;
    this.stat = stat;
    this.tools = tools;
    this.serial = tools.nextSerial();
    this.quietSince = tools.clock();
  }

  /** Device and inode. */
  get node(): string {
    return this.stat.node;
  }

  get sizeBytes(): number {
    return this.stat.sizeBytes;
  }

  /** Whether it is held open. */
  get isOpen(): boolean {
    return this.source !== undefined;
  }

  /** Whether nothing of it was read. */
  get isNew(): boolean {
    return (this.progress?.offset ?? 0) === 0;
  }

  /** Whether it cannot be read for the moment: what follows it may hold the rest of a line. */
  get isFailing(): boolean {
    return this.failingSince !== undefined && this.tools.clock() - this.failingSince < PATIENCE_MS;
  }

  /** What a line in the next file may begin with; also where nothing in one seen before it did. */
  get end(): EndBefore {
    const unread = this.progress === undefined && !this.isForeign;
    return unread && this.quietFor < PATIENCE_MS ? "unread" : (this.partial ?? this.reported);
  }

  /** Whether everything that is there was read. */
  get isRead(): boolean {
    return this.readAt === this.stat.signature;
  }

  /** For how long nothing was written to it, milliseconds. */
  get quietFor(): number {
    return this.tools.clock() - this.quietSince;
  }

  /** Whether nothing was written to it for so long that nobody will. */
  get lingered(): boolean {
    return this.quietFor >= LINGER_MS;
  }

  /** Bytes that are there and not read. */
  get backlog(): number {
    if (this.source !== undefined && this.source.compression !== "none") return 0;
    return Math.max(0, this.stat.sizeBytes - Math.max(this.progress?.offset ?? 0, this.searchedTo));
  }

  /** Learns what the finder saw at its path. */
  seen(path: string, stat: FileStat): void {
    if (path !== this.path) this.rename(path);
    this.named = true;
    this.recordStat(stat);
  }

  /** Lets the store know it under a path. */
  rename(path: string): void {
    this.path = path;
    if (this.progress === undefined) return;
    this.progress.path = path;
    this.tools.destination.progress(this.progress);
  }

  /** Reads what is new. `before` is what the file before this one ends with. */
  async read(ending: Ending, before: EndBefore): Promise<Reading> {
    try {
      if (this.source === undefined) {
        if (this.isSettledAt(ending) && before === this.waitsWith) return this.unchanged;
        if (!(await this.open())) return { kind: "waiting" };
      }
      const reading = await this.readSource(ending, before);
      this.failingSince = undefined;
      return reading;
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      this.unfinished = false;
      if (error.code === "ambiguous-signal") return this.refuse(error, ending, before);
      if (!error.code.startsWith("path-")) throw error;
      if (this.named) this.release();
      if (error.code === "path-missing") return { kind: "waiting" };
      this.failingSince ??= this.tools.clock();
      return { kind: "failed", error };
    }
  }

  /** The partial line was completed. */
  partialJoined(): void {
    if (this.reported !== undefined) this.rejected--;
    this.reported = undefined;
    this.partial = undefined;
  }

  /** Nothing completes the partial line. */
  giveUpPartial(): void {
    this.reportPartial();
    this.partial = undefined;
  }

  /** Records the partial line as rejected; that is undone if its remainder arrives after all. */
  reportPartial(): void {
    const { partial, progress, reported } = this;
    if (partial === undefined || progress === undefined || reported === partial) return;
    this.reported = partial;
    progress.rejections.push(unterminated(partial.bytes, partial.offset, false));
    this.rejected++;
    this.tools.destination.progress(progress);
  }

  /** The file that its content was replaced by, under the same name. */
  successor(): FollowedFile {
    const file = new FollowedFile(this.path, this.stat, this.tools);
    file.named = this.named;
    return file;
  }

  /** Goes back to where the store stands, since what was read after it was not stored. */
  rewind(): void {
    this.progress = undefined;
    this.partial = undefined;
    this.reported = undefined;
    this.waitsWith = undefined;
    this.readAt = "";
    this.searchedTo = 0;
    this.beginBacklog();
  }

  /** Closes it; it is opened again when it changes. */
  release(): void {
    const { source } = this;
    this.source = undefined;
    void source?.close();
  }

  private recordStat(stat: FileStat): void {
    if (!sameStat(stat, this.stat)) this.quietSince = this.tools.clock();
    this.stat = stat;
  }

  /** What a look comes to where nothing has changed since the last one. */
  private get unchanged(): Reading {
    const { refusal } = this;
    return refusal === undefined ? { kind: "unchanged" } : { kind: "failed", error: refusal };
  }

  /** Leaves it alone until it changes: what stands in one file must not keep others from being read. */
  private refuse(error: KnownError, ending: Ending, before: EndBefore): Reading {
    this.refusal = error;
    this.waitsWith = before;
    this.done(ending);
    return this.unchanged;
  }

  private isSettledAt(ending: Ending): boolean {
    return this.readAt === this.stat.signature && this.ending === ending;
  }

  /** Opens it; false where its name leads elsewhere by now, which the next pass of the finder will see. */
  private async open(): Promise<boolean> {
    const { maxLineBytes } = this.tools;
    const source = await openSource(this.path, maxLineBytes === undefined ? {} : { maxLineBytes });
    const stat = source.refresh();
    if (stat !== undefined && stat.node !== this.node) {
      await source.close();
      return false;
    }
    this.source = source;
    return true;
  }

  private async readSource(ending: Ending, before: EndBefore): Promise<Reading> {
    const source = this.opened();
    const stat = source.refresh();
    if (stat !== undefined) this.recordStat(stat);
    if (this.isSettledAt(ending) && before === this.waitsWith) return this.unchanged;
    if (!source.keepsHead() || !(await this.continues(source))) {
      this.release();
      return { kind: "restarted" };
    }
    // It was a copy of a file that was read on since, and may have gone on differently.
    if (this.tools.cursors.isOutrun(this.progress, this.stat.sizeBytes)) this.rewind();
    const progress = this.progress ?? (await this.begin(source, ending));
    if (progress === undefined) {
      this.waitsWith = before;
      return { kind: "waiting" };
    }
    if (before === this.waitsWith && (await this.isStillPartial(source, ending))) {
      this.done(ending);
      return { kind: "unchanged" };
    }
    return this.readOn(source, progress, ending, before);
  }

  private async readOn(
    source: OpenedSource,
    progress: FileProgress,
    ending: Ending,
    before: EndBefore,
  ): Promise<Reading> {
    const { decoder, destination, cursors } = this.tools;
    if (!this.quiet && this.backlog > TURN_BYTES) this.beginBacklog();
    this.retractPartial(progress);
    this.partial = undefined;
    this.refusal = undefined;
    progress.sizeBytes = this.stat.sizeBytes;
    const wish = { ending, onBlock: this.turnOf(progress.offset) };
    const reader = new FileReader(source, decoder, destination, progress, wish);
    const outcome = await reader.read(before);
    this.partial = outcome.partial;
    this.rejected += outcome.rejected;
    this.waitsWith = outcome.before === "wait" ? before : undefined;
    cursors.record(progress);
    this.unfinished = !outcome.finished;
    if (outcome.finished) {
      this.quiet = false;
      this.done(ending);
    }
    return { kind: "read", before: outcome.before, joined: outcome.joined };
  }

  private beginBacklog(): void {
    this.quiet = true;
    this.unfinished = true;
    this.tools.onBacklog();
  }

  /** What is called after each block of one turn; false when the turn is over. */
  private turnOf(from: number): () => boolean {
    return () => {
      this.tools.onBlock(!this.quiet);
      return (this.progress?.offset ?? from) - from < TURN_BYTES;
    };
  }

  /** A partial line that was given up is read again, together with what has come after it. */
  private retractPartial(progress: FileProgress): void {
    const { reported } = this;
    if (reported === undefined) return;
    this.reported = undefined;
    this.rejected--;
    progress.rejections = progress.rejections.filter(({ offset }) => offset !== reported.offset);
    progress.fresh = true;
  }

  /** Everything of a state of the file was read. */
  private done(ending: Ending, stat: FileStat = this.stat): void {
    this.readAt = stat.signature;
    this.ending = ending;
    this.searchedTo = stat.sizeBytes;
  }

  private opened(): OpenedSource {
    if (this.source === undefined) throw new Error(`${this.path} is not open`);
    return this.source;
  }

  /** Where reading begins; undefined while the kind of file is not known. */
  private async begin(source: OpenedSource, ending: Ending): Promise<FileProgress | undefined> {
    const { cursors } = this.tools;
    const settled = this.quietFor >= SETTLE_MS;
    const { framing, compression } = source;
    const isLive = compression === "none" && framing !== "document" && framing !== "protobuf-body";
    const unclear = framing === "unknown" || framing === "empty";
    // Its writer may have gone on since it was opened, and what is unclear may be clear by now.
    const { inspected = this.stat } = source;
    const outgrown = this.named && !sameStat(inspected, this.stat);
    this.isForeign = framing === "unknown" && !outgrown;
    if (unclear || (!source.headComplete && (ending === "open" || outgrown))) {
      this.done(ending, inspected);
      // Its format is detected again once the file has grown.
      if (this.named) this.release();
      return undefined;
    }
    if ((!isLive || cursors.readBeyond(source)) && !settled) {
      if (this.named) this.release();
      return undefined;
    }
    const cursor = await cursors.cursorOf(source);
    this.knownAs = cursor.path;
    this.progress = { ...startProgress(source, cursor), checkpoints: [] };
    // What was searched before may have been other content, of a file that is gone.
    this.searchedTo = 0;
    return this.progress;
  }

  /** Whether the file goes on where it was left: nothing before the cursor has changed. */
  private async continues(source: OpenedSource): Promise<boolean> {
    const { progress } = this;
    if (progress === undefined || progress.offset === 0) return true;
    if (source.compression === "none" && this.stat.sizeBytes < progress.offset) return false;
    if (progress.fingerprintLength === 0) return true;
    return (
      (await source.fingerprintAt(progress.offset, progress.fingerprintLength)) ===
      progress.fingerprintHash
    );
  }

  /** Whether there is still no line feed after what was read: looked for only where it was not yet. */
  private async isStillPartial(source: OpenedSource, ending: Ending): Promise<boolean> {
    if (source.framing !== "lines" || ending !== "open" || this.searchedTo === 0) return false;
    return !(await source.lineEndsAfter(this.searchedTo));
  }
}
