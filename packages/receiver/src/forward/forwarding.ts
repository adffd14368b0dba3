import { messageOf } from "@cctelemetry/core/light";
import type { ForwardState } from "../forward-state.ts";
import { storageFaultOf } from "../journal/file.ts";
import { type Cursor, readCursor, writeCursor } from "./cursor.ts";
import { headOf, linesAt, type Segment, segmentsOf } from "./segments.ts";
import { type Destination, type Outcome, sendLine } from "./send.ts";

export interface ForwardingOptions extends Destination {
  /** The file of the journal. */
  readonly output: string;
  /** How far that file holds; a number that changes with each new file, and bytes. */
  readonly extent: () => { readonly file: number; readonly bytes: number };
  readonly now: () => number;
  /** Called after each change of the state. */
  readonly changed: () => void;
}

/** A part of a file, bytes. */
interface Part {
  readonly path: string;
  readonly from: number;
  readonly end: number;
}

/** A journal that is being sent on. */
export interface Forwarding {
  readonly state: () => ForwardState;
  /** Sends what is left if that goes at once, and notes how far it came; the rest is sent after the next start. */
  readonly close: () => Promise<void>;
}

/** How often the journal is looked at, milliseconds. */
const POLL_MS = 200;
/** Lines that are sent before the cursor moves. */
const BATCH_BYTES = 256 * 1024;
/** Requests under way at a time. */
const AT_ONCE = 4;
const LEAST_WAIT_MS = 1_000;
const MOST_WAIT_MS = 60_000;
/** The longest wait that a destination may ask for. */
const LONGEST_ASKED_MS = 3_600_000;
/** How long the end may take, milliseconds. */
const GRACE_MS = 2_000;
/** How often the cursor is written while requests go through, milliseconds. */
const NOTE_MS = 1_000;

/**
 * Sends every line of a journal to a destination, at least once and in order of batches, from where
 * it came to the last time, or from the journal's end on if it never was sent there. The journal is
 * the queue: while the destination does not accept, nothing is read, and nothing is dropped.
 */
export async function startForwarding(options: ForwardingOptions): Promise<Forwarding> {
  const { output, url } = options;
  const cursor = (await readCursor(output, url)) ?? (await endOf(options));
  // Before anything is accepted, so that a receiver that is killed later knows where to resume.
  await writeCursor(output, cursor).catch((error: unknown) => {
    throw storageFaultOf(error);
  });
  const run = new Run(options, cursor);
  return { state: () => run.state, close: () => run.close() };
}

class Run {
  state: ForwardState;
  readonly #options: ForwardingOptions;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #cursor: Cursor;
  #isClosing = false;
  #notedAt = 0;
  #isNoted = true;

  constructor(options: ForwardingOptions, cursor: Cursor) {
    this.#options = options;
    this.state = { url: options.url, sent: 0, refused: 0, behindBytes: 0, fault: undefined };
    this.#cursor = cursor;
    this.#ended = this.#run();
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    const timer = setTimeout(() => this.#stop.abort(), GRACE_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        if (await this.#step()) continue;
        await this.#note(true);
        if (this.#isClosing) break;
      } catch (error) {
        // A file that cannot be read now may be later.
        this.#change({ fault: messageOf(error) });
      }
      await this.#pause(POLL_MS);
    }
    await this.#note(true).catch(() => undefined);
  }

  /** Sends the next lines; false where there are none. */
  async #step(): Promise<boolean> {
    const found = await this.#next();
    if (found === undefined) return false;
    const { lines, next } = found;
    const queue = [...lines];
    const sendAll = async (): Promise<void> => {
      for (let line = queue.shift(); line !== undefined; line = queue.shift()) {
        await this.#send(line);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sendAll));
    // What is not sent stays before the cursor.
    if (this.#stop.signal.aborted) return false;
    this.#cursor = next;
    this.#isNoted = false;
    await this.#note(false);
    return true;
  }

  /** The lines behind the cursor, and the cursor behind them. */
  async #next(): Promise<{ lines: readonly Buffer[]; next: Cursor } | undefined> {
    const { extent, url, now } = this.#options;
    const { file } = extent();
    for (const { path, from, end } of await this.#unsent()) {
      const head = await headOf(path);
      if (head === undefined) continue;
      const { lines, next } = await linesAt(path, from, end, BATCH_BYTES);
      // What follows the last line feed of a file that is not written any more was cut by a crash.
      if (next === from) continue;
      // A path is that of another file once it was rotated: what was read may be of either.
      if (extent().file !== file) return { lines: [], next: this.#cursor };
      return { lines, next: { url, head, offset: next, at: now() } };
    }
    return undefined;
  }

  /** The parts of the journal behind the cursor. */
  async #unsent(): Promise<readonly Part[]> {
    const { output, extent } = this.#options;
    const { bytes } = extent();
    const segments = await segmentsOf(output);
    const { at, offset } = await this.#place(segments);
    const parts = segments.slice(at).map(({ path, rotatedAt, size }, index) => ({
      path,
      from: index === 0 ? offset : 0,
      end: rotatedAt === undefined ? Math.min(size, bytes) : size,
    }));
    const behindBytes = parts.reduce((sum, { from, end }) => sum + Math.max(0, end - from), 0);
    this.#change({ behindBytes });
    return parts;
  }

  /** The segment of the cursor, and how far it was sent; where it is gone, the first one after it. */
  async #place(segments: readonly Segment[]): Promise<{ at: number; offset: number }> {
    const { head, offset, at } = this.#cursor;
    const found = segments.findIndex(({ rotatedAt }) => rotatedAt === undefined || rotatedAt >= at);
    const later = found < 0 ? segments.length : found;
    if (head === null) return { at: later, offset: 0 };
    // What was rotated away before was sent, unless the clock was set back.
    for (const index of [...segments.keys()].sort((a, b) => rank(a, later) - rank(b, later))) {
      const { path = "", size = 0 } = segments[index] ?? {};
      if (size >= offset && (await headOf(path)) === head) return { at: index, offset };
    }
    return { at: later, offset: 0 };
  }

  /** Sends a line until it is accepted or refused, or the forwarding ends. */
  async #send(line: Buffer): Promise<void> {
    const { leastWaitMs = LEAST_WAIT_MS, mostWaitMs = MOST_WAIT_MS } = this.#options;
    for (let waitMs = leastWaitMs; !this.#stop.signal.aborted; ) {
      const before = this.state.sent;
      const outcome = await sendLine(this.#options, line, this.#stop.signal);
      if (outcome.kind !== "retry") return this.#count(outcome);
      if (this.#isClosing) this.#stop.abort();
      if (this.#stop.signal.aborted) return;
      this.#change({ fault: outcome.reason });
      await this.#unsent().catch(() => undefined);
      const asked = Math.min(outcome.afterMs ?? 0, LONGEST_ASKED_MS);
      // Many senders that lost the same destination are not to come back at one time.
      await this.#pause(Math.max(asked, waitMs * (0.8 + 0.4 * Math.random())));
      // A destination that accepted others meanwhile is there.
      waitMs = this.state.sent > before ? leastWaitMs : Math.min(waitMs * 2, mostWaitMs);
    }
  }

  #count(outcome: Exclude<Outcome, { kind: "retry" }>): void {
    const { sent, refused } = this.state;
    if (outcome.kind === "accepted") this.#change({ sent: sent + 1, fault: undefined });
    else this.#change({ refused: refused + 1, fault: outcome.reason });
  }

  /** Writes the cursor, now and then or at once. */
  async #note(atOnce: boolean): Promise<void> {
    const time = performance.now();
    if (this.#isNoted) return;
    if (!atOnce && time - this.#notedAt < NOTE_MS) return;
    await writeCursor(this.#options.output, this.#cursor);
    this.#notedAt = time;
    this.#isNoted = true;
  }

  #change(change: Partial<ForwardState>): void {
    const next = { ...this.state, ...change };
    if (JSON.stringify(next) === JSON.stringify(this.state)) return;
    this.state = next;
    this.#options.changed();
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return Promise.resolve();
    return new Promise((done) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        done();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener("abort", end);
    });
  }
}

/** The end of a journal as it is now. */
async function endOf({ output, extent, url, now }: ForwardingOptions): Promise<Cursor> {
  const head = (await headOf(output)) ?? null;
  return { url, head, offset: head === null ? 0 : extent().bytes, at: now() };
}

/** Segments from the first one that may hold what is not sent, then those before, latest first. */
function rank(index: number, first: number): number {
  return index >= first ? index : Number.MAX_SAFE_INTEGER - index;
}
