import type { IngestListener } from "../ingest/ingest-listener.ts";
import { batchMarks, type RowMarks, recordsOf } from "../live/from-batch.ts";
import type { LiveView } from "../live/pending.ts";
import type { Batch } from "../model/batch.ts";
import type { Session } from "../store/session.ts";
import {
  type LiveReading,
  liveRowsSince,
  loadLive,
  NO_MARKS,
  type StoreMarks,
} from "./live-rows.ts";

const noRows: RowMarks = { api_request_logs: 0, other_logs: 0, metric_points: 0 };
/** So many records are shown before the store has confirmed them; more wait until it can be read. */
const MOST_PENDING = 50_000;
const NOTHING: LiveReading = {
  ...{ records: [], groups: [], older: [], traces: [], recent: [], days: [] },
  marks: NO_MARKS,
};

/**
 * Keeps the live state in step with what a follower decodes and stores: rows count as pending the
 * moment they are decoded, and as the store's once they are committed, by whatever process.
 */
export class LiveListener implements IngestListener {
  private readonly view: LiveView;
  /** Microseconds since 1970. */
  private readonly now: () => number;
  private inBatch: RowMarks = noRows;
  private inStore: StoreMarks | undefined;
  private paused = true;
  /** The generation of the rows in the batch; those before it were handed on. */
  private generation = 1;
  /** The oldest generation that may still be pending. */
  private oldest = 1;

  constructor(view: LiveView, now: () => number) {
    this.view = view;
    this.now = now;
  }

  pause(): void {
    this.paused = true;
  }

  decoded(batch: Batch, show: boolean): void {
    if (show && this.inStore !== undefined && this.view.pendingRecords < MOST_PENDING) {
      this.view.take(recordsOf(batch, this.inBatch), this.generation);
    }
    this.inBatch = batchMarks(batch);
  }

  handedOn(): void {
    this.generation++;
    this.inBatch = noRows;
  }

  async storing(session: Session): Promise<() => void> {
    const { inStore, generation } = this;
    if (this.paused || inStore === undefined) return () => undefined;
    const scope = this.view.scope(this.now());
    const since = await liveRowsSince(session, inStore, scope, this.view);
    // Another database, or a request that counts by another record: everything has to be learned.
    const rows = since ?? (await loadLive(session, scope));
    return () => {
      this.inStore = rows.marks;
      this.forgetBefore(generation);
      if (since === undefined) this.view.load(rows);
      else this.view.stored(rows, generation - 1);
    };
  }

  async refresh(session: Session | undefined): Promise<void> {
    const scope = this.view.scope(this.now());
    const rows = session === undefined ? NOTHING : await loadLive(session, scope);
    this.inStore = rows.marks;
    this.forgetBefore(this.generation + 1);
    this.view.load(rows);
    this.paused = false;
  }

  private forgetBefore(generation: number): void {
    for (let each = this.oldest; each < generation; each++) this.view.forget(each);
    this.oldest = Math.min(generation, this.generation);
  }
}
