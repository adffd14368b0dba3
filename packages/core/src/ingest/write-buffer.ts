import type { Batch, BatchContexts } from "../model/batch.ts";
import type { Session } from "../store/session.ts";
import type { StagedTable } from "../store/staging.ts";
import type { Store } from "../store/store.ts";
import { type FileProgress, saveProgress, startOver, storedOffsets } from "./cursor.ts";
import type { Destination } from "./destination.ts";
import type { IngestListener } from "./ingest-listener.ts";
import { restOf } from "./rest.ts";
import type { SafeListener } from "./safe-listener.ts";

/** Rows of one transaction while a backlog is read: few, since others wait meanwhile. */
const LEASE_ROWS = 5000;
const LEASE_TEXT_BYTES = 4 * 1024 * 1024;
/** A batch beyond this is bulk work, which lets others go first. */
const SMALL_ROWS = 2000;
/** How much more is held in memory while the store refuses. */
const REFUSED_TIMES = 4;

/** What became of a batch: stored now, known to be stored by another process; or the store's cursors are elsewhere. */
export type Delivery = "stored" | "known" | "moved";

/** What is stored in one transaction. */
interface StagedBatch {
  readonly staged: readonly StagedTable[];
  readonly contexts: BatchContexts;
  readonly files: readonly FileProgress[];
  readonly rows: number;
  /** Which life of the engine it was staged in. */
  readonly engineGeneration: number;
}

/**
 * Takes what a follower decodes to the store, one batch at a time, and keeps a batch that could not
 * be stored for another try. A batch is stored only if the cursors stand where its reading began, so
 * that of several processes that follow a file one stores a line and the others see that it did.
 */
export class WriteBuffer implements Destination {
  private readonly store: Store;
  private readonly batch: Batch;
  private readonly listener: IngestListener;
  private readonly safeListener: SafeListener;
  private readonly files: Set<FileProgress> = new Set();
  private readonly knownContexts: Set<string> = new Set();
  private stagedBatch: StagedBatch | undefined;
  private refused = false;
  /** Which database the known contexts are in. */
  private generation = 0;
  private running: Promise<Delivery | undefined> | undefined;

  constructor(store: Store, batch: Batch, listener: IngestListener, safeListener: SafeListener) {
    this.store = store;
    this.batch = batch;
    this.listener = listener;
    this.safeListener = safeListener;
  }

  get full(): boolean {
    const times = this.refused ? REFUSED_TIMES : 1;
    const { rows, dictionary } = this.batch;
    return rows >= times * LEASE_ROWS || dictionary.byteLength >= times * LEASE_TEXT_BYTES;
  }

  /** Whether there is anything that is not stored yet. */
  get pending(): boolean {
    return this.stagedBatch !== undefined || this.files.size > 0;
  }

  progress(file: FileProgress): void {
    this.files.add(file);
  }

  /** Waits for the batch on its way and sends the next one off. Throws `CursorsMoved` or `StoreRefused`. */
  async flush(): Promise<void> {
    const delivery = await refusable(this.deliver());
    if (delivery === "moved") throw new CursorsMoved();
    await refusable(this.pack());
    // The next lines are decoded meanwhile; whoever delivers next learns how it ended.
    this.deliver().catch(() => undefined);
  }

  /** Never within a block: a unit is packed between two blocks only, when all rows have their cursor. */
  giveWay(): undefined {
    return undefined;
  }

  /**
   * Makes a batch of what was decoded so far, unless the last one is still here. Not while a line is
   * being decoded. If the engine fails, everything stays as it was for another try.
   */
  async pack(): Promise<void> {
    if (this.stagedBatch !== undefined || this.files.size === 0) return;
    const { rows } = this.batch;
    const staged = await this.store.stage(this.batch);
    const { life: engineGeneration } = this.store.staging;
    const files = [...this.files].map((file) => ({ ...file }));
    for (const file of this.files) startOver(file);
    this.files.clear();
    this.stagedBatch = { staged, contexts: this.newContexts(), files, rows, engineGeneration };
    this.batch.reset();
    this.listener.handedOn();
  }

  /** Stores the batch; undefined if there is none. Throws what the store throws, and keeps the batch. */
  deliver(): Promise<Delivery | undefined> {
    this.running ??= this.attempt()
      .then(
        (delivery) => {
          this.refused = false;
          return delivery;
        },
        (error: unknown) => {
          this.refused = true;
          throw error;
        },
      )
      .finally(() => {
        this.running = undefined;
      });
    return this.running;
  }

  /** Forgets everything that is not stored: it will be read again. */
  drop(): void {
    this.stagedBatch = undefined;
    this.files.clear();
    this.knownContexts.clear();
    this.batch.discard();
    this.listener.handedOn();
  }

  private async attempt(): Promise<Delivery | undefined> {
    const { stagedBatch } = this;
    if (stagedBatch === undefined) return undefined;
    // Staged rows that went with the engine have to be read again.
    if (stagedBatch.engineGeneration !== this.store.staging.life) return "moved";
    const writes = stagedBatch.rows > SMALL_ROWS ? "bulk" : "small";
    const asks = this.safeListener.ok;
    let stored: Awaited<ReturnType<typeof this.write>>;
    try {
      stored = await this.store.writing((session) => this.write(session, stagedBatch), writes);
    } catch (error) {
      // What the listener fails to read must not keep the rows from the store: once more without it.
      if (asks && !this.safeListener.ok) return this.attempt();
      throw error;
    }
    // A batch that does not fit is kept until it is dropped, so that nobody takes it for stored.
    if (stored === "moved") return "moved";
    this.stagedBatch = undefined;
    for (const { id } of [...stagedBatch.contexts.resources, ...stagedBatch.contexts.scopes]) {
      this.knownContexts.add(id);
    }
    stored.notify();
    return stored.delivery;
  }

  private async write(
    session: Session,
    unit: StagedBatch,
  ): Promise<"moved" | { readonly delivery: Delivery; readonly notify: () => void }> {
    const { generation } = this.store;
    // In a new database the resources that were stored before are missing.
    if (this.knownContexts.size > 0 && generation !== this.generation) return "moved";
    this.generation = generation;
    const fresh = await unstored(session, unit.files);
    if (fresh === "moved") return "moved";
    if (fresh.length > 0) {
      await this.store.insert(session, unit.staged, unit.contexts);
      for (const file of fresh) await saveProgress(session, file);
    }
    const delivery = fresh.length > 0 ? "stored" : "known";
    const notify = this.safeListener.ok
      ? await this.safeListener.storing(session)
      : () => undefined;
    return { delivery, notify };
  }

  private newContexts(): BatchContexts {
    const { resources, scopes } = this.batch.contexts();
    const unknown = ({ id }: { readonly id: string }): boolean => !this.knownContexts.has(id);
    return { resources: resources.filter(unknown), scopes: scopes.filter(unknown) };
  }
}

/** The cursors of the store are not where this process left them: reading begins again from them. */
export class CursorsMoved extends Error {}

/**
 * The store or its engine did not accept rows; `cause` says why. It is tried again. Whatever else is
 * thrown while files are read is a bug.
 */
export class StoreRefused extends Error {
  override readonly name = "StoreRefused";
}

async function refusable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new StoreRefused("The store did not accept rows.", { cause });
  }
}

/**
 * What of the files' progress is not stored yet. Where another process has stored some of the lines
 * of a batch, the rest is counted from there; "moved" where the store's cursors fit nothing.
 */
async function unstored(
  session: Session,
  files: readonly FileProgress[],
): Promise<readonly FileProgress[] | "moved"> {
  const offsets = await storedOffsets(
    session,
    files.map(({ fileId }) => fileId),
  );
  const fresh: FileProgress[] = [];
  for (const file of files) {
    const stored = offsets.get(file.fileId) ?? 0;
    const rest = restOf(file, stored);
    if (rest === "moved") return "moved";
    if (rest === undefined) continue;
    fresh.push(rest);
    offsets.set(file.fileId, file.offset);
  }
  return fresh;
}
