import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Access, Database, type Writes } from "./database.ts";
import { explain, failureOf } from "./lock.ts";
import { checkSchema, createSchema, type StoreDefinition } from "./schema.ts";
import type { Session } from "./session.ts";
import { STORE } from "./statements.ts";
import { sessionOn } from "./values.ts";

/** How long a held lock is waited for before anybody hears of it, milliseconds. */
const WAIT_MS = 30_000;
const RETRY_LEAST_MS = 3;
const RETRY_MOST_MS = 25;

/**
 * The format of new database files: readable by DuckDB 1.3 and later. Blocks of 64 KiB suit tables
 * of many columns that grow by small leases; the default of 256 KiB makes larger files.
 */
const FORMAT = "STORAGE_VERSION 'v1.3.0', BLOCK_SIZE 65536";

export interface StoreOptions {
  /** How long to wait for a lock that another program holds, milliseconds; 30,000 by default. */
  readonly waitMs?: number;
  /** What will be written: large batches ("bulk", the default), or a few rows at a time for long ("small"). */
  readonly writes?: Writes;
}

/**
 * A database of telemetry. It is attached only for short leases, since DuckDB
 * lets one process at a time hold a file for writing, and no other read it
 * meanwhile; between leases every other process has its turn.
 */
export class Store {
  readonly path: string;
  private readonly database: Database;
  private readonly definition: StoreDefinition;
  private readonly waitMs: number;
  private queue: Promise<unknown> = Promise.resolve();
  private checked = false;
  private waited = 0;

  constructor(
    path: string,
    database: Database,
    definition: StoreDefinition,
    options: StoreOptions,
  ) {
    this.path = resolve(path);
    this.database = database;
    this.definition = definition;
    this.waitMs = options.waitMs ?? WAIT_MS;
  }

  /** Whether the database file is there. */
  get exists(): boolean {
    return existsSync(this.path);
  }

  /** How long the last lease waited for its turn among the programs that use the database, milliseconds. */
  get waitedMs(): number {
    return this.waited;
  }

  /** Runs work that only reads. The database must exist. */
  async reading<T>(work: (session: Session) => Promise<T>): Promise<T> {
    if (!this.checked && existsSync(this.path)) await this.prepare();
    return this.lease("read", async (session) => {
      await this.database.prepareFor("read");
      return work(session);
    });
  }

  /** Runs a small look-up that needs neither the cores nor the memory of a report. */
  async peeking<T>(work: (session: Session) => Promise<T>): Promise<T> {
    if (!this.checked && existsSync(this.path)) await this.prepare();
    return this.lease("read", work);
  }

  /** Runs work in one transaction: all of it is stored, or nothing. Creates the database if it is not there. */
  async writing<T>(work: (session: Session) => Promise<T>): Promise<T> {
    if (!this.checked) await this.prepare();
    return this.lease("write", (session) => inTransaction(session, work));
  }

  /** The in-memory instance, for what is staged outside of leases. */
  get staging(): Database {
    return this.database;
  }

  /** Closes the in-memory instance. No lease may be running. */
  close(): void {
    this.database.close();
  }

  /** Makes sure that the database has the schema of this version. */
  private async prepare(): Promise<void> {
    const { definition } = this;
    if (existsSync(this.path)) {
      const state = await this.lease("read", (session) =>
        checkSchema(session, definition, this.path),
      );
      if (state === "current") {
        this.checked = true;
        return;
      }
    } else {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    }
    await this.lease("write", (session) =>
      inTransaction(session, () => createSchema(session, definition, this.path)),
    );
    chmodSync(this.path, 0o600);
    this.checked = true;
  }

  private lease<T>(access: Access, work: (session: Session) => Promise<T>): Promise<T> {
    const turn = this.queue.then(() => this.attached(access, work));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async attached<T>(access: Access, work: (session: Session) => Promise<T>): Promise<T> {
    const { connection } = this.database;
    const session = sessionOn(connection);
    await this.attach(access);
    try {
      await session.run(`USE ${STORE}`);
      return await work(session);
    } catch (error) {
      throw explain(error, this.path);
    } finally {
      await this.detach(session);
    }
  }

  /** Detaching writes what the log still holds into the file, so the disk may turn out to be full here. */
  private async detach(session: Session): Promise<void> {
    try {
      await session.run("USE memory");
      await session.run(`DETACH ${STORE}`);
    } catch (error) {
      throw explain(error, this.path);
    }
  }

  private async attach(access: Access): Promise<void> {
    const { connection } = this.database;
    const created = !existsSync(this.path);
    const mode = access === "read" ? "READ_ONLY" : "READ_WRITE";
    const format = created && access === "write" ? `, ${FORMAT}` : "";
    const path = this.path.replaceAll("'", "''");
    const began = Date.now();
    for (;;) {
      try {
        await connection.run(`ATTACH '${path}' AS ${STORE} (${mode}${format})`);
        this.waited = Date.now() - began;
        return;
      } catch (error) {
        if (failureOf(error) !== "locked" || Date.now() - began >= this.waitMs)
          throw explain(error, this.path);
        const spread = RETRY_MOST_MS - RETRY_LEAST_MS;
        await pause(RETRY_LEAST_MS + Math.random() * spread);
      }
    }
  }
}

/** Opens a store; the file itself is opened only by its leases. */
export async function openStoreWith(
  definition: StoreDefinition,
  path: string,
  options: StoreOptions = {},
): Promise<Store> {
  const database = await Database.open(`${resolve(path)}.tmp`, options.writes);
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

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
