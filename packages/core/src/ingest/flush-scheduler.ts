import { messageOf } from "../errors.ts";
import { statFile } from "../source/file-stat.ts";
import type { WriteBuffer } from "./write-buffer.ts";

/** What was read is collected for so long before it is stored, milliseconds; not the same for all processes. */
const COLLECT_LEAST_MS = 60;
const COLLECT_MOST_MS = 140;
/** How much longer where another process was quicker: it stores for both, and this one only checks. */
const SECOND_MS = 250;
/**
 * While other processes wait for the database, batch longer so that fewer leases are requested:
 * CONTENDED_TIMES the recent wait for a lease, and CONTENDED_MOST_MS at most.
 */
const CONTENDED_TIMES = 2.5;
const CONTENDED_MOST_MS = 250;
/** Weight of the latest lease in the moving average. */
const LAST_SHARE = 0.3;
const RETRY_LEAST_MS = 250;
const RETRY_MOST_MS = 2000;
/** How often to check whether other processes have written to the store, milliseconds. */
const CHECK_EVERY_MS = 900;

/** What the scheduler takes from outside. */
interface FlushEffects {
  /** The database file. */
  readonly storePath: string;
  /** How long the last lease was waited for while others wait for the database, milliseconds; else 0. */
  readonly contendedMs: () => number;
  /** Milliseconds on a clock that never jumps. */
  readonly clock: () => number;
  /** Called when a flush has ended. */
  readonly wake: () => void;
  /** Called when the store refuses, and when it takes again what it is given. */
  readonly onChange: () => void;
}

/** Decides when the write buffer is flushed, and when to try again after the store refused. */
export class FlushScheduler {
  /** What the store said last; undefined when all is well. */
  error: unknown;
  /** Whether reading has to begin again from the store's cursors. */
  moved = false;
  private readonly buffer: WriteBuffer;
  private readonly effects: FlushEffects;
  private due: number | undefined;
  private running: Promise<void> | undefined;
  private pause = 0;
  /** Moving average of the wait for a lease while others were waiting, milliseconds. */
  private contendedMs = 0;
  /** Whether another process stores what we read. */
  private isSecond = false;
  private storeSeen = "";
  private storeCheckedAt = Number.NEGATIVE_INFINITY;

  constructor(buffer: WriteBuffer, effects: FlushEffects) {
    this.buffer = buffer;
    this.effects = effects;
  }

  /** Milliseconds until something is to be sent; infinite when nothing is. */
  get dueIn(): number {
    if (this.running !== undefined) return Number.POSITIVE_INFINITY;
    return this.due === undefined
      ? Number.POSITIVE_INFINITY
      : Math.max(0, this.due - this.effects.clock());
  }

  /** Milliseconds to wait after a failure. */
  get retryIn(): number {
    return this.pause;
  }

  /** Whether the store refuses and as much is held in memory as may be: reading must wait. */
  get stuck(): boolean {
    return this.error !== undefined && this.buffer.full;
  }

  /**
   * Sends what is due. True when everything that was read is stored. Does not wait for the store:
   * what is read meanwhile goes with the next sending.
   */
  async send(): Promise<boolean> {
    if (this.running !== undefined) return false;
    const now = this.effects.clock();
    // After a failed check of the store the next one waits, too.
    if (!this.buffer.pending) return this.error === undefined || now >= (this.due ?? now);
    const first = COLLECT_LEAST_MS + Math.random() * (COLLECT_MOST_MS - COLLECT_LEAST_MS);
    const extra = Math.min(CONTENDED_MOST_MS, CONTENDED_TIMES * this.contendedMs);
    this.due ??= now + first + extra + (this.isSecond ? SECOND_MS : 0);
    if (now < this.due) return false;
    this.due = undefined;
    if (!(await this.pack())) return false;
    this.running = this.deliver().finally(() => {
      this.running = undefined;
      this.effects.wake();
    });
    return false;
  }

  /** Waits for what is on its way. */
  async settle(): Promise<void> {
    await this.running;
  }

  /** Whether another process changed the store since the last check; checks are spaced out. */
  storeChanged(): boolean {
    const now = this.effects.clock();
    if (now - this.storeCheckedAt < CHECK_EVERY_MS) return false;
    this.storeCheckedAt = now;
    const seen = statFile(this.effects.storePath)?.signature ?? "";
    const changed = seen !== this.storeSeen && seen !== "";
    this.storeSeen = seen;
    return changed;
  }

  /** Notes that the store refused. */
  failed(error: unknown): void {
    if (messageOf(this.error) !== messageOf(error)) this.effects.onChange();
    this.error = error;
    this.pause = Math.min(RETRY_MOST_MS, Math.max(RETRY_LEAST_MS, this.pause * 2));
    this.due = this.effects.clock() + this.pause;
    this.storeSeen = "";
    this.storeCheckedAt = Number.NEGATIVE_INFINITY;
  }

  /** Notes that the store took what it was given. */
  succeeded(): void {
    if (this.error !== undefined) this.effects.onChange();
    if (this.error !== undefined) this.due = undefined;
    this.error = undefined;
    this.pause = 0;
  }

  /** Stores what is left, if the store takes it: what it does not take is read again the next time. */
  async end(): Promise<void> {
    await this.running;
    // What is packed already goes first, then what was read after it.
    for (let batches = 0; batches < 2; batches++) {
      if (this.error !== undefined || this.moved || !this.buffer.pending) return;
      if (await this.pack()) await this.deliver();
    }
  }

  /** Makes a batch of what was read. False if the engine failed: it is tried again after a pause. */
  private async pack(): Promise<boolean> {
    try {
      await this.buffer.pack();
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  private async deliver(): Promise<void> {
    try {
      const delivery = await this.buffer.deliver();
      this.contendedMs += LAST_SHARE * (this.effects.contendedMs() - this.contendedMs);
      if (delivery === "moved") this.moved = true;
      else this.isSecond = delivery === "known";
      this.storeSeen = statFile(this.effects.storePath)?.signature ?? "";
      this.succeeded();
    } catch (error) {
      this.failed(error);
    }
  }
}
