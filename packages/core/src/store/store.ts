import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { Batch, BatchContexts, BatchCounts } from "../model/batch.ts";
import type { OwnTags } from "../model/own-tags.ts";
import { insertBatch, stageBatch } from "./batch-insert.ts";
import { Database } from "./database.ts";
import { SCHEMA_VERSION } from "./layouts.ts";
import { Leases, type Writes } from "./lease.ts";
import { checkSchema, createSchema, type FoundSchema, type StoreDefinition } from "./schema.ts";
import type { Session } from "./session.ts";
import type { StagedTable } from "./staging.ts";

/** How long a held lock is waited for before anybody hears of it, milliseconds. */
const WAIT_MS = 30_000;

/** How often at most the views are made again that another version of the program replaced, milliseconds. */
const REFRESH_EVERY_MS = 60_000;

export interface StoreOptions {
  /** How long to wait for a lock that another program holds, milliseconds; 30,000 by default. */
  readonly waitMs?: number;
  /**
   * What will be written: large batches ("bulk", the default), or a few rows at a time for long
   * ("small"). Who says so returns memory to the system as soon as it is free; who reads keeps it.
   */
  readonly writes?: Writes;
  /** Is given one sentence when the database was brought to another layout, or something was put aside. */
  readonly onNotice?: (sentence: string) => void;
  /**
   * What becomes of a log that is damaged. "put aside" is for who reads telemetry files into the
   * database; by default nothing is moved, and the damage is an error.
   */
  readonly damagedLog?: "left" | "put aside";
  /** Names of tags that stand for columns of workflows in what is read into the database. */
  readonly ownTags?: OwnTags;
}

/**
 * A database of telemetry. It is attached only for short leases, since DuckDB
 * lets one process at a time hold a file for writing, and no other read it
 * meanwhile; between leases every other process has its turn.
 */
export class Store {
  readonly path: string;
  /** Names of tags that stand for columns of workflows in what is read into it. */
  readonly ownTags: OwnTags;
  private readonly database: Database;
  private readonly definition: StoreDefinition;
  private readonly writes: Writes;
  private readonly notice: (sentence: string) => void;
  private readonly leases: Leases;
  private found: string | undefined;
  private databases = 0;
  private refreshed = Number.NEGATIVE_INFINITY;

  constructor(
    path: string,
    database: Database,
    definition: StoreDefinition,
    options: StoreOptions,
  ) {
    this.path = resolve(path);
    this.ownTags = options.ownTags ?? {};
    this.database = database;
    this.definition = definition;
    this.writes = options.writes ?? "bulk";
    this.notice = options.onNotice ?? (() => undefined);
    const onRepair = options.damagedLog === "put aside" ? this.notice : undefined;
    this.leases = new Leases(this.path, database, options.waitMs ?? WAIT_MS, onRepair);
  }

  /**
   * Distinguishes the database that the last lease found from one that replaces it; undefined before
   * a lease, and if there is none yet.
   */
  get identity(): string | undefined {
    return this.found;
  }

  /** Whether the database file is there; one without a byte is none yet. */
  get exists(): boolean {
    try {
      return statSync(this.path).size !== 0;
    } catch {
      return false;
    }
  }

  /** How long the last lease waited for its turn among the programs that use the database, milliseconds. */
  get waitedMs(): number {
    return this.leases.waitedMs;
  }

  /** How long the last lease kept others from the database, milliseconds. */
  get heldMs(): number {
    return this.leases.heldMs;
  }

  /** Whether another process waited for the database within the last seconds, so that leases should be short. */
  get contended(): boolean {
    return this.leases.contended;
  }

  /**
   * Copies a batch into staging tables; needs no lease. If the engine ended itself over it, a new one
   * is started, and the batch can be staged again. Throws what the engine throws.
   */
  async stage(batch: Batch): Promise<readonly StagedTable[]> {
    const { life } = this.database;
    try {
      return await stageBatch(this.database, batch);
    } catch (error) {
      throw await this.leases.afterFailureBeside(error, life);
    }
  }

  /** Inserts what is staged, but for what is stored already. Runs in the transaction of a lease. */
  insert(
    session: Session,
    staged: readonly StagedTable[],
    contexts: BatchContexts,
  ): Promise<BatchCounts> {
    return insertBatch(session, staged, contexts, this.definition);
  }

  /**
   * How many databases were found at the path so far. When it has risen within a lease, the
   * database was deleted or replaced, and what is known of it from earlier leases is void.
   */
  get generation(): number {
    return this.databases;
  }

  /** Runs work that only reads. The database must exist. */
  reading<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.peeking(async (session) => {
      await this.database.prepareFor("read");
      return work(session);
    });
  }

  /** Runs a small look-up that needs neither the cores nor the memory of a report. */
  async peeking<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const seen = await this.leases.run("read", async (session) => {
      const { state } = await this.look(session);
      return state === "current" ? { result: await work(session) } : undefined;
    });
    if (seen !== undefined) return seen.result;
    return this.leases.run(this.writes, async (session) => {
      await this.refresh(session);
      return work(session);
    });
  }

  /**
   * Runs work in one transaction: all of it is stored, or nothing. Creates the database if it is
   * not there. `writes` says what this work writes, where that is not what the store was opened for.
   */
  writing<T>(work: (session: Session) => Promise<T>, writes: Writes = this.writes): Promise<T> {
    return this.leases.run(writes, async (session) => {
      const { state } = await this.look(session);
      // Tables of one layout are the same for all versions: the views may be another's for a while.
      const due = state !== "outdated" || performance.now() - this.refreshed >= REFRESH_EVERY_MS;
      if (state !== "current" && due) await this.refresh(session);
      return inTransaction(session, async () => {
        const result = await work(session);
        await this.leases.beforeCommit(writes);
        return result;
      });
    });
  }

  /** The in-memory instance, for what is staged outside of leases. */
  get staging(): Database {
    return this.database;
  }

  /** Until it is called off, a lock is waited for no longer than this, milliseconds, also in leases that wait already. */
  hurry(waitMs: number): () => void {
    return this.leases.hurry(waitMs);
  }

  /**
   * Closes the in-memory instance when the lease that runs has ended: the engine would free a
   * connection even while a statement runs on it. What waits for a lease is refused as cancelled.
   */
  async close(): Promise<void> {
    await this.leases.close();
    await this.database.close();
  }

  /** Notes which database this is. */
  private async look(session: Session): Promise<FoundSchema> {
    const found = await checkSchema(session, this.definition, this.path);
    if (found.state !== "empty" && found.identity !== this.found) {
      this.found = found.identity;
      this.databases++;
    }
    return found;
  }

  /** Gives the database the schema of this version. */
  private async refresh(session: Session): Promise<void> {
    const found = await this.look(session);
    if (found.state === "current") return;
    if (found.state !== "empty") await this.database.prepareFor("change");
    try {
      await inTransaction(session, () => createSchema(session, this.definition, found));
    } finally {
      await this.database.prepareFor("write");
    }
    await this.look(session);
    this.refreshed = performance.now();
    if (found.state === "older") this.notice(upgraded(this.path));
  }
}

/** What is said of a database whose tables were changed. */
function upgraded(path: string): string {
  return `The database ${path} was brought to layout ${SCHEMA_VERSION}; older versions of cctelemetry do not open it any more.`;
}

/** Opens a store; the file itself is opened only by its leases. */
export async function openStoreWith(
  definition: StoreDefinition,
  path: string,
  options: StoreOptions = {},
): Promise<Store> {
  const freed = options.writes === undefined ? "kept" : "returned";
  const database = await Database.open(`${resolve(path)}.tmp`, freed);
  return new Store(path, database, definition, options);
}

async function inTransaction<T>(
  session: Session,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  await session.run("BEGIN");
  try {
    const result = await work(session);
    await session.run("COMMIT");
    return result;
  } catch (error) {
    await session.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
