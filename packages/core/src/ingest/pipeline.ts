import { setImmediate as nextTurn } from "node:timers/promises";
import { KnownError } from "../errors.ts";
import type { Batch, BatchContexts } from "../model/batch.ts";
import type { Session } from "../store/session.ts";
import type { Store } from "../store/store.ts";
import { type FileProgress, saveProgress, startOver, storedOffsets } from "./cursor.ts";
import { restOf } from "./rest.ts";

/** Rows staged for one lease: enough that DuckDB writes them column by column, few enough that others wait little. */
const LEASE_ROWS = 30_720;
/** While somebody waits for the database a lease has as many rows as fit into so many milliseconds. */
const CONTENDED_LEASE_MS = 100;
/** Fewer cost more than they save: half of such a lease is not for the rows. */
const CONTENDED_LEAST_ROWS = 2_048;
const CONTENDED_FIRST_ROWS = 5_120;
const LEASE_TEXT_BYTES = 8 * 1024 * 1024;

/** Sums over what was stored. */
export interface Stored {
  logs: number;
  points: number;
  spans: number;
  duplicates: number;
}

/**
 * Brings batches into the store while the next one is decoded. The rows of a
 * batch and the cursors of the files they came from are one transaction.
 */
export class Pipeline {
  readonly stored: Stored = { logs: 0, points: 0, spans: 0, duplicates: 0 };
  private readonly store: Store | undefined;
  private readonly batch: Batch;
  private readonly leaseRows: number | undefined;
  private readonly files: Set<FileProgress> = new Set();
  private readonly contexts: Set<string> = new Set();
  /** Which database the cursors and contexts are of; undefined until something is handed on. */
  private generation: number | undefined;
  private contendedRows = CONTENDED_FIRST_ROWS;
  private running: Promise<void> = Promise.resolve();
  private storing = false;
  private failure: { readonly error: unknown } | undefined;

  /** Without a store nothing is kept: a dry run. `leaseRows` is the same whoever waits, where it is given. */
  constructor(store: Store | undefined, batch: Batch, leaseRows?: number) {
    this.leaseRows = leaseRows;
    this.store = store;
    this.batch = batch;
  }

  /** Notes how far a file was read; stored with the next batch. */
  progress(file: FileProgress): void {
    this.files.add(file);
  }

  /** Whether the batch is large enough to be stored. */
  get full(): boolean {
    const { rows, dictionary } = this.batch;
    const most =
      this.leaseRows ?? (this.store?.contended === true ? this.contendedRows : LEASE_ROWS);
    return rows >= most || dictionary.byteLength >= LEASE_TEXT_BYTES;
  }

  /** Records decoded so far, duplicates among them. */
  get taken(): number {
    const { logs, points, spans, duplicates } = this.stored;
    return logs + points + spans + duplicates + this.batch.rows;
  }

  /**
   * Hands the batch on; gives control back as soon as it is staged. While somebody waits for the
   * database it stays until the batch is stored: decoding meanwhile would make the lease longer.
   */
  async flush(): Promise<void> {
    await this.settle();
    const files = [...this.files].map((file) => ({ ...file }));
    const { batch, store } = this;
    const staged = batch.counts();
    this.stored.duplicates += batch.duplicates;
    if (store === undefined) this.count(staged, staged);
    else if (files.length > 0) {
      const tables = await store.stage(batch);
      const contexts = this.newContexts();
      const generation = this.generation ?? store.generation;
      this.storing = true;
      this.running = store
        .writing(async (session) => {
          if (generation > 0 && store.generation !== generation) throw replaced(store.path);
          this.generation = store.generation;
          const inserted = await store.insert(session, tables, contexts);
          for (const file of await untold(session, files)) await saveProgress(session, file);
          return inserted;
        }, "bulk")
        .then(
          (inserted) => this.count(staged, inserted),
          (error: unknown) => {
            this.failure = { error };
          },
        )
        .finally(() => {
          this.storing = false;
        });
    }
    for (const file of this.files) startOver(file);
    this.files.clear();
    batch.reset();
    if (store?.contended === true) {
      await this.settle();
      this.fit(store.heldMs);
    }
  }

  giveWay(): Promise<void> | undefined {
    return this.storing ? nextTurn() : undefined;
  }

  /** Learns from a lease how many rows the next one has while somebody waits. */
  private fit(heldMs: number): void {
    // By half a step at a time, since what else the machine does changes.
    const fitting = this.contendedRows * Math.sqrt(CONTENDED_LEASE_MS / heldMs);
    this.contendedRows = Math.max(CONTENDED_LEAST_ROWS, Math.min(LEASE_ROWS, Math.round(fitting)));
  }

  /** Waits until everything handed on is stored; throws what went wrong. */
  async settle(): Promise<void> {
    await this.running;
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure.error;
  }

  /** The resources and scopes of the batch that this process has not stored yet. */
  private newContexts(): BatchContexts {
    const { resources, scopes } = this.batch.contexts();
    const unknown = ({ id }: { readonly id: string }): boolean => {
      const known = this.contexts.has(id);
      this.contexts.add(id);
      return !known;
    };
    return { resources: resources.filter(unknown), scopes: scopes.filter(unknown) };
  }

  private count(
    staged: { logs: number; points: number; spans: number },
    inserted: { logs: number; points: number; spans: number },
  ): void {
    for (const signal of ["logs", "points", "spans"] as const) {
      this.stored[signal] += inserted[signal];
      this.stored.duplicates += staged[signal] - inserted[signal];
    }
  }
}

/** What of the files' progress other processes have not stored meanwhile. */
async function untold(
  session: Session,
  files: readonly FileProgress[],
): Promise<readonly FileProgress[]> {
  const ids = files.map(({ fileId }) => fileId);
  const offsets = await storedOffsets(session, ids);
  return files.flatMap((file) => {
    const rest = restOf(file, offsets.get(file.fileId) ?? 0);
    if (rest === undefined) return [];
    return [rest === "moved" ? file : rest];
  });
}

/** What was stored before is gone: to go on would leave a gap. */
function replaced(path: string): KnownError {
  return new KnownError(
    "store-replaced",
    `The database ${path} was deleted or replaced meanwhile.`,
    {
      hint: "Import again: the new database gets everything that is in the files.",
    },
  );
}
