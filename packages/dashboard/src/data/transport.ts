import type { PageMessage, PageState } from "../protocol.ts";

/** The way to the host, whatever it is. */
export interface Transport {
  post(message: PageMessage): void;
  /** Calls back with everything that arrives, unchecked. */
  listen(receive: (value: unknown) => void): void;
  /** State that was kept where the page runs, unchecked. */
  kept(): unknown;
  keep(state: PageState): void;
}
