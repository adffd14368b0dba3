import type { Batch } from "../model/batch.ts";
import type { Session } from "../store/session.ts";

/** Who wants to know what was decoded and stored. */
export interface IngestListener {
  /** A backlog begins to be read: no rows of it need be shown until `refresh`. */
  pause(): void;
  /** Rows were added to the batch; `show` false: of a backlog. */
  decoded(batch: Batch, show: boolean): void;
  /** The rows were handed on: those that follow belong to the next batch. */
  handedOn(): void;
  /**
   * Runs in the lease that stores a batch, also if another process stored its rows. The function it
   * returns is called once the transaction is committed. It sees everything that was stored since it
   * last succeeded: if it throws, the batch is stored all the same.
   */
  storing(session: Session): Promise<() => void>;
  /**
   * Everything that was read is stored: the time to load what was not reported since `pause`.
   * Without a session: there is no database yet.
   */
  refresh(session: Session | undefined): Promise<void>;
}
