import { KnownError } from "../errors.ts";
import { Batch } from "../model/batch.ts";
import { RecordWriter } from "../model/record-writer.ts";
import { isOutOfDescriptors } from "../source/file-error.ts";
import { FileFinder } from "../source/find/finder.ts";
import type { FoundGroup, Trouble } from "../source/find/found.ts";
import { type WakeUps, wakeOnChange } from "../source/find/wake.ts";
import type { Store } from "../store/store.ts";
import { Alarm } from "./alarm.ts";
import { CursorRegistry } from "./cursor.ts";
import { FlushScheduler } from "./flush-scheduler.ts";
import type { FollowedFile, FollowTools } from "./followed-file.ts";
import { FollowedGroup, type GroupFailure } from "./followed-group.ts";
import { HeldOpen } from "./held-open.ts";
import type { IngestListener } from "./ingest-listener.ts";
import { LineDecoder } from "./line-decoder.ts";
import { readBody } from "./lines/binary-body.ts";
import { SafeListener } from "./safe-listener.ts";
import { CursorsMoved, StoreRefused, WriteBuffer } from "./write-buffer.ts";

/** Without a wake-up every path is looked at this often, milliseconds. */
const POLL_MS = 1000;
/** Wake-ups that come faster than this are one, milliseconds. */
const LEAST_PAUSE_MS = 20;
/** How long the last rows wait for the database when the following ends, milliseconds. */
const LAST_WAIT_MS = 2000;
/** The part of a backlog that is said to be caught up while anything of it is missing. */
const MOST_CAUGHT_UP = 0.99;

export interface FollowOptions {
  /** The longest line held in memory, bytes; a longer one is read piece by piece. 32 MiB by default. */
  readonly maxLineBytes?: number;
  /** Learns of every decoded row, and of every transaction. */
  readonly listener?: IngestListener;
  /** Milliseconds on a clock that never jumps. */
  readonly clock?: () => number;
  /** Called when a file, the store or what is known of them has changed. */
  readonly onChange?: () => void;
}

const noListener: IngestListener = {
  pause: () => undefined,
  decoded: () => undefined,
  handedOn: () => undefined,
  storing: () => Promise.resolve(() => undefined),
  refresh: () => Promise.resolve(),
};

/**
 * Follows files: reads what is appended to them within milliseconds and stores it, each line
 * exactly once, whatever becomes of the files, of the database or of this process. Files may be
 * renamed, copied away, truncated, removed, compressed or not there yet.
 */
export class Follower {
  private readonly store: Store;
  private readonly finder: FileFinder;
  private readonly listener: IngestListener;
  private readonly safeListener: SafeListener;
  private readonly clock: () => number;
  private readonly onChange: () => void;
  private readonly writer: RecordWriter;
  private readonly cursors: CursorRegistry = new CursorRegistry();
  private readonly buffer: WriteBuffer;
  private readonly scheduler: FlushScheduler;
  private readonly tools: FollowTools;
  private readonly alarm: Alarm;
  private readonly groups: Map<string, FollowedGroup> = new Map();
  private readonly held: HeldOpen = new HeldOpen();
  private troublesSeen: readonly Trouble[] = [];
  /** Whether the finder could not open something in its last pass. */
  private findingFellShort = false;
  /** Whether files may have come or gone. */
  private changed = true;
  private lastFound = Number.NEGATIVE_INFINITY;
  /** Whether the listener has to load from the store what was not reported to it. */
  private stale = true;
  private closing = false;
  private backlogAtFirst = 0;
  private filesSeen = 0;
  private wakeUps: WakeUps | undefined;
  /** Resolves when the following was closed; rejects with the bug that ended it. */
  readonly ended: Promise<void>;
  private caughtUp: () => void = () => undefined;
  /** Resolves when everything that was there at the beginning is stored; rejects where a bug ends the following. */
  readonly ready: Promise<void>;

  constructor(store: Store, paths: readonly string[], options: FollowOptions = {}) {
    this.store = store;
    this.writer = new RecordWriter(new Batch(), store.ownTags);
    this.listener = options.listener ?? noListener;
    this.clock = options.clock ?? (() => performance.now());
    this.onChange = options.onChange ?? (() => undefined);
    this.finder = new FileFinder(paths);
    this.alarm = new Alarm(this.clock);
    this.safeListener = new SafeListener(this.listener, {
      clock: this.clock,
      onChange: this.onChange,
    });
    this.buffer = new WriteBuffer(store, this.writer.batch, this.listener, this.safeListener);
    this.scheduler = new FlushScheduler(this.buffer, {
      storePath: store.path,
      contendedMs: () => (store.contended ? store.waitedMs : 0),
      clock: this.clock,
      wake: () => this.alarm.ring(),
      onChange: this.onChange,
    });
    this.tools = {
      decoder: new LineDecoder(this.writer, readBody),
      destination: this.buffer,
      cursors: this.cursors,
      maxLineBytes: options.maxLineBytes,
      clock: this.clock,
      nextSerial: () => ++this.filesSeen,
      onBlock: (show) => this.listener.decoded(this.writer.batch, show),
      onBacklog: () => {
        this.stale = true;
        this.noteBacklog();
        this.listener.pause();
      },
    };
    const caughtUp = new Promise<void>((done) => {
      this.caughtUp = done;
    });
    this.ended = this.run();
    this.ready = Promise.race([caughtUp, this.ended]);
  }

  /** The files that are followed, those without a name any more among them. */
  get files(): readonly FollowedFile[] {
    return [...this.groups.values()].flatMap(({ files }) => files);
  }

  /** What stands in the way, by path. */
  get troubles(): readonly Trouble[] {
    return [
      ...this.troublesSeen,
      ...this.failures.map(({ path, error }) => ({
        path,
        kind: "unreadable" as const,
        reason: error.message,
        error,
      })),
    ];
  }

  private get failures(): readonly GroupFailure[] {
    return [...this.groups.values()].flatMap((group) => group.failures);
  }

  /** Whether no more files could be opened the last time, be it for want of those held here. */
  private get isOutOfDescriptors(): boolean {
    const { storeError } = this;
    return (
      this.findingFellShort ||
      (storeError instanceof KnownError && storeError.code === "machine-limit") ||
      this.failures.some(({ error }) => isOutOfDescriptors(error))
    );
  }

  /** What kept the last transaction from the store; undefined when all is well. */
  get storeError(): unknown {
    return this.scheduler.error;
  }

  /** Why the listener could not read what is stored; it is tried again, and rows are stored meanwhile. */
  get tapError(): unknown {
    return this.safeListener.error;
  }

  /**
   * How far a large backlog was read, 0 to 1; undefined without one. It stays below 1 until the listener
   * has learned of all of it, which takes longer than reading it.
   */
  get catchingUp(): number | undefined {
    if (this.backlogAtFirst === 0) return undefined;
    return Math.min(MOST_CAUGHT_UP, Math.max(0, 1 - this.backlog / this.backlogAtFirst));
  }

  /** Stops, stores what was read and closes everything but the store. */
  async close(): Promise<void> {
    this.closing = true;
    // What does not get into the store now is read again the next time.
    const relax = this.store.hurry(LAST_WAIT_MS);
    this.alarm.ring();
    try {
      await this.ended;
    } finally {
      relax();
    }
  }

  private get backlog(): number {
    return this.files.reduce((sum, file) => sum + (file.unfinished ? file.backlog : 0), 0);
  }

  private noteBacklog(): void {
    this.backlogAtFirst = Math.max(this.backlogAtFirst, this.backlog);
  }

  private async run(): Promise<void> {
    try {
      await this.begin();
      this.wakeUps = await wakeOnChange(this.finder.places(), (event, path) => {
        if (event !== "change" || !this.isOpen(path)) this.changed = true;
        this.alarm.ring();
      });
      while (!this.closing) await this.turn();
    } finally {
      await this.end();
    }
  }

  private async end(): Promise<void> {
    try {
      await this.wakeUps?.close();
      await this.scheduler.end();
    } finally {
      for (const group of this.groups.values()) group.close();
    }
  }

  /** Learns where reading begins. */
  private async begin(): Promise<void> {
    while (!this.closing) {
      try {
        await this.loadCursors();
        return;
      } catch (error) {
        this.scheduler.failed(error);
        await this.alarm.sleep(this.scheduler.retryIn);
      }
    }
  }

  private async loadCursors(): Promise<void> {
    if (this.store.exists) await this.store.peeking((session) => this.cursors.load(session));
    else this.cursors.clear();
    this.scheduler.succeeded();
  }

  /** One look at everything, what follows from it, and the pause until the next. */
  private async turn(): Promise<void> {
    const began = this.clock();
    const more = await this.read();
    if (this.scheduler.moved) return this.rewind();
    if (await this.scheduler.send()) await this.catchUp(more);
    if (more) return nextTurn();
    const { dueIn } = this.scheduler;
    const pause = Math.min(POLL_MS, dueIn);
    await this.alarm.sleep(pause);
    const spent = this.clock() - began;
    if (spent < LEAST_PAUSE_MS && !this.closing) await this.alarm.rest(LEAST_PAUSE_MS - spent);
  }

  /** Reads what is new everywhere. True when a backlog is left to be read. */
  private async read(): Promise<boolean> {
    if (this.isOutOfDescriptors) this.held.yield(this.files);
    if (this.scheduler.stuck) return false;
    if (this.changed || this.clock() - this.lastFound >= POLL_MS) await this.findFiles();
    let anything = false;
    try {
      let open = 0;
      for (const group of this.groups.values()) {
        if (await group.read()) anything = true;
        open += group.files.filter(({ isOpen }) => isOpen).length;
        if (open > this.held.most) open = this.held.closeSome(this.files);
      }
      this.settleNames();
    } catch (error) {
      if (error instanceof CursorsMoved) this.scheduler.moved = true;
      else if (error instanceof StoreRefused) this.scheduler.failed(error.cause);
      else throw error;
    }
    if (this.backlogAtFirst > 0) this.noteBacklog();
    if (anything) this.onChange();
    this.held.closeSome(this.files);
    return this.files.some(({ unfinished }) => unfinished) && !this.scheduler.stuck;
  }

  private async findFiles(): Promise<void> {
    const { changed } = this;
    this.changed = false;
    this.lastFound = this.clock();
    const { groups, troubles, outOfDescriptors } = await this.finder.find(changed);
    const seen = new Map<string, FoundGroup>(groups.map((group) => [group.path, group]));
    for (const path of seen.keys()) {
      if (!this.groups.has(path)) this.groups.set(path, this.newGroup(path));
    }
    for (const [path, group] of this.groups) {
      group.reconcile(seen.get(path));
      if (group.files.length === 0 && !seen.has(path)) this.groups.delete(path);
    }
    if (JSON.stringify(troubles) !== JSON.stringify(this.troublesSeen)) this.onChange();
    this.troublesSeen = troubles;
    this.findingFellShort = outOfDescriptors;
  }

  private isOpen(path: string | undefined): boolean {
    return this.files.some((file) => file.isOpen && file.path === path);
  }

  private newGroup(path: string): FollowedGroup {
    return new FollowedGroup(path, this.tools, (node) => {
      for (const group of this.groups.values()) {
        const file = group.giveAway(node);
        if (file !== undefined) return file;
      }
      return undefined;
    });
  }

  /** Another process stored more, or the database is another one: reading begins again from its cursors. */
  private async rewind(): Promise<void> {
    try {
      await this.scheduler.settle();
      await this.loadCursors();
    } catch (error) {
      this.scheduler.failed(error);
      return this.alarm.sleep(this.scheduler.retryIn);
    }
    this.buffer.drop();
    for (const group of this.groups.values()) group.rewind();
    this.scheduler.moved = false;
    this.changed = true;
  }

  /** Everything that was read is stored: the listener learns what it does not know of the store yet. */
  private async catchUp(more: boolean): Promise<void> {
    if (this.stale) {
      if (!more && this.safeListener.isDue) await this.refresh();
      return;
    }
    const changed = this.scheduler.storeChanged();
    if (!(this.safeListener.ok ? changed : this.safeListener.isDue)) {
      if (this.storeError !== undefined && !this.store.exists) this.scheduler.succeeded();
      return;
    }
    const learned = await this.learn(async () => {
      const stored = await this.store.peeking((session) => this.safeListener.storing(session));
      stored();
    });
    if (learned) this.onChange();
  }

  /** When everything that was read is stored for the first time, and after a backlog. */
  private async refresh(): Promise<void> {
    const learned = await this.learn(async () => {
      if (this.store.exists)
        await this.store.peeking((session) => this.safeListener.refresh(session));
      else await this.safeListener.refresh(undefined);
    });
    if (!learned) return;
    this.scheduler.storeChanged();
    this.stale = false;
    this.backlogAtFirst = 0;
    this.caughtUp();
    this.onChange();
  }

  /** Lets the listener read the store. False if it did not come to that, or failed. */
  private async learn(read: () => Promise<void>): Promise<boolean> {
    const before = this.safeListener.error;
    try {
      await read();
    } catch (error) {
      if (this.safeListener.error === before) {
        this.scheduler.failed(error);
        return false;
      }
      this.safeListener.error = error;
    }
    this.scheduler.succeeded();
    return this.safeListener.ok;
  }

  /** Updates the store's path of a file that it has under another, unless that is there as well. */
  private settleNames(): void {
    const { files } = this;
    for (const file of files) {
      const { knownAs, progress } = file;
      if (knownAs === undefined || progress === undefined) continue;
      file.knownAs = undefined;
      const isCopy = files.some(
        (other) => other.path === knownAs && other.progress?.fileId === progress.fileId,
      );
      if (knownAs !== file.path && !isCopy && file.named) file.rename(file.path);
    }
  }
}

/** Lets signals, timers and the engine have their turn. */
function nextTurn(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
