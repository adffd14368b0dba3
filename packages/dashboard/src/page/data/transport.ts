import type { PageMessage } from "../../host/protocol.ts";

/** The way to the host, whatever it is. */
export interface Transport {
  post(message: PageMessage): void;
  /** Calls back with everything that arrives, unchecked. */
  listen(receive: (value: unknown) => void): void;
}
