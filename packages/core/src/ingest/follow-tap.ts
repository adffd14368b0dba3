import type { Batch } from "../model/batch.ts";
import type { Session } from "../store/session.ts";

/** Who wants to know what was decoded and stored. */
export interface FollowTap {
  /** A backlog begins to be read: no rows of it need be shown until `refresh`. */
  pause(): void;
  /** Rows were added to the batch; `show` false: of a backlog. */
  decoded(batch: Batch, show: boolean): void;
  /** The rows were handed on; the batch is empty and the next ones belong to the next unit. */
  handedOn(): void;
  /**
   * Runs in the lease that stores a unit, whoever stored its rows; what it gives is called once the
   * transaction is committed. It learns of everything that was stored since it last succeeded: if it
   * throws, the unit is stored without it.
   */
  storing(session: Session): Promise<() => void>;
  /**
   * Everything that was read is stored: the time to load what was not reported since `pause`.
   * Without a session: there is no database yet.
   */
  refresh(session: Session | undefined): Promise<void>;
}
