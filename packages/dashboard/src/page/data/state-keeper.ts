import type { PageState } from "../../host/protocol.ts";

/** How long a change waits when another was kept just before, in milliseconds. */
export const KEEP_EVERY_MS = 100;

/**
 * Hands on the page's state when it changes: at once, or after `KEEP_EVERY_MS` when it was handed on
 * just before, so that typing is not one message a key, and yet no change waits for the last one.
 */
export class StateKeeper {
  readonly #keep: (state: PageState) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unkept: PageState | undefined;

  constructor(keep: (state: PageState) => void) {
    this.#keep = keep;
  }

  /** Takes the state as it is now. */
  changed(state: PageState): void {
    this.#unkept = state;
    if (this.#timer === undefined) this.#handOn();
  }

  #handOn(): void {
    this.#timer = undefined;
    if (this.#unkept === undefined) return;
    this.#keep(this.#unkept);
    this.#unkept = undefined;
    this.#timer = setTimeout(() => this.#handOn(), KEEP_EVERY_MS);
  }
}
