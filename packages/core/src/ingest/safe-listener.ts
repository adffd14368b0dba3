import type { Session } from "../store/session.ts";
import type { IngestListener } from "./ingest-listener.ts";

const RETRY_LEAST_MS = 250;
const RETRY_MOST_MS = 5000;

/** What a guard takes from outside. */
interface ListenerEffects {
  /** Milliseconds on a clock that never jumps. */
  readonly clock: () => number;
  /** Called when the listener fails, and when it succeeds again. */
  readonly onChange: () => void;
}

/**
 * Asks a listener what it needs of the store, and keeps its failures apart from the store's: whatever
 * the listener makes of the rows, they are stored. After a failure it is asked again after a pause.
 */
export class SafeListener {
  /** Why the listener could not read what the store holds; undefined when all is well. */
  error: unknown;
  private readonly listener: IngestListener;
  private readonly effects: ListenerEffects;
  private pause = 0;
  private due: number = Number.NEGATIVE_INFINITY;

  constructor(listener: IngestListener, effects: ListenerEffects) {
    this.listener = listener;
    this.effects = effects;
  }

  /** Whether the listener could read the store the last time. */
  get ok(): boolean {
    return this.error === undefined;
  }

  /** Whether the listener may be asked now. */
  get isDue(): boolean {
    return this.effects.clock() >= this.due;
  }

  /** As the listener's: throws what it throws. */
  storing(session: Session): Promise<() => void> {
    return this.asked(() => this.listener.storing(session));
  }

  /** As the listener's: throws what it throws. */
  refresh(session: Session | undefined): Promise<void> {
    return this.asked(() => this.listener.refresh(session));
  }

  private async asked<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      if (!this.ok) this.effects.onChange();
      this.error = undefined;
      this.pause = 0;
      this.due = Number.NEGATIVE_INFINITY;
      return result;
    } catch (error) {
      if (this.ok) this.effects.onChange();
      this.error = error;
      this.pause = Math.min(RETRY_MOST_MS, Math.max(RETRY_LEAST_MS, this.pause * 2));
      this.due = this.effects.clock() + this.pause;
      throw error;
    }
  }
}
