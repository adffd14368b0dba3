import { availableParallelism, totalmem } from "node:os";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { KnownError } from "../errors.ts";

/** Memory DuckDB may use for staging, sorting and compressing, whatever the size of the files. */
const MEMORY_MB = 110;
/** Text of a batch (MB) that this memory covers, and how often DuckDB may hold any excess. */
const TEXT_MB = 8;
const TEXT_COPIES = 10;
/** What a report may use. */
const READ_MEMORY_MB = 512;
/** What it may take to change every row of a database at once, and which part of the machine's memory. */
const CHANGE_MEMORY_MB = 4096;
const CHANGE_MEMORY_SHARE = 0.5;
const MOST_THREADS = 4;

/** What the engine may use for a piece of work. */
interface Means {
  readonly threads: number;
  readonly memoryMb: number;
}

/** What a lease may do; "change" is to bring a whole database to another layout or variant. */
export type Access = "read" | "write" | "change";

/**
 * Settings of the in-memory instance that a process keeps. One thread costs the
 * least CPU for what an import does; reports may ask for more. The small
 * checkpoint threshold makes a commit write its rows straight into the database
 * file instead of into the log first and into the file at the end of the lease.
 */
const settings: Readonly<Record<string, string>> = {
  threads: "1",
  memory_limit: `${MEMORY_MB}MB`,
  checkpoint_threshold: "1KB",
  max_vacuum_tasks: "0",
  preserve_insertion_order: "false",
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  allow_community_extensions: "false",
};

/** What makes a process that writes, a little at a time or much, give back memory it does not use. */
const returning: Readonly<Record<string, string>> = {
  allocator_background_threads: "true",
  allocator_flush_threshold: "1MB",
  allocator_bulk_deallocation_flush_threshold: "1MB",
};

/** The process's own DuckDB: the in-memory instance that databases are attached to for a lease. */
export class Database {
  /** Rises when the engine had to be restarted: what was staged is gone. */
  life = 0;
  private current: DuckDBConnection;
  /** For what is done while a lease runs: a statement would end the result that the lease reads. */
  private aside: DuckDBConnection;
  private asideQueue: Promise<unknown> = Promise.resolve();
  private instance: DuckDBInstance;
  private readonly options: Readonly<Record<string, string>>;
  private readonly done: Set<string> = new Set();
  private readonly numbers: WeakMap<object, number> = new WeakMap();
  private numbered = 0;
  private prepared = "";
  private preparing: Promise<unknown> = Promise.resolve();
  /** What the lease and the staging beside it need; the engine has one setting for both. */
  private readonly needed: { lease: Means; staging: Means } = { lease: none, staging: none };
  private merging = false;
  private closing: Promise<void> | undefined;

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    aside: DuckDBConnection,
    options: Readonly<Record<string, string>>,
  ) {
    this.options = options;
    this.instance = instance;
    this.current = connection;
    this.aside = aside;
  }

  /**
   * Opens an in-memory instance. What does not fit into memory goes to the folder `spill`, which is
   * made when it is needed; without one it must fit. Memory that is free again is kept for the
   * next work, or returned to the system.
   */
  static async open(spill = "", freed: "kept" | "returned" = "kept"): Promise<Database> {
    const options = {
      ...settings,
      ...(freed === "returned" ? returning : {}),
      temp_directory: spill,
    };
    const instance = await DuckDBInstance.create(":memory:", options);
    return new Database(instance, await connected(instance), await connected(instance), options);
  }

  /** Restarts the engine after a fatal error: what was in memory is gone. No lease may use it meanwhile. */
  revive(): Promise<void> {
    const turn = this.asideQueue.then(() => this.restart());
    this.asideQueue = turn.catch(() => undefined);
    return turn;
  }

  private async restart(): Promise<void> {
    try {
      this.closeNow();
    } catch {
      // What has given itself up may refuse even to be closed.
    }
    this.instance = await DuckDBInstance.create(":memory:", this.options);
    this.current = await connected(this.instance);
    this.aside = await connected(this.instance);
    this.done.clear();
    this.prepared = "";
    this.merging = false;
    this.life++;
  }

  /** The connection of the leases. Another one after `reconnect`. */
  get connection(): DuckDBConnection {
    return this.current;
  }

  /** Takes a new connection, where the engine refuses every statement on the old one. What is in memory stays. */
  async reconnect(): Promise<void> {
    this.current.closeSync();
    this.current = await connected(this.instance);
  }

  /** A number that only this object has. */
  numberOf(object: object): number {
    const number = this.numbers.get(object) ?? ++this.numbered;
    this.numbers.set(object, number);
    return number;
  }

  /** Gives a lease what it needs, until `endLease`. */
  async prepareFor(access: Access): Promise<void> {
    this.needed.lease = meansFor(access);
    await this.prepare(this.connection);
  }

  /** From now on only what is staged needs anything. */
  endLease(): void {
    this.needed.lease = none;
  }

  /**
   * Runs work that stages texts of so many bytes, with the means for it: on a connection of its own,
   * beside the leases, one after the other.
   */
  staging<T>(textBytes: number, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const turn = this.asideQueue.then(async () => {
      if (this.closing !== undefined)
        throw new KnownError("cancelled", "The database was closed meanwhile.");
      this.needed.staging = meansFor("write", textBytes);
      try {
        await this.prepare(this.aside);
        return await work(this.aside);
      } finally {
        this.needed.staging = none;
      }
    });
    this.asideQueue = turn.catch(() => undefined);
    return turn;
  }

  /** One after the other: the engine has the setting that was wanted last. */
  private prepare(connection: DuckDBConnection): Promise<void> {
    const prepared = this.preparing.then(() => this.applyNeeded(connection));
    this.preparing = prepared.catch(() => undefined);
    return prepared;
  }

  /** A report that runs keeps its memory while a batch is staged beside it. */
  private async applyNeeded(connection: DuckDBConnection): Promise<void> {
    const { lease, staging } = this.needed;
    const threads = Math.max(lease.threads, staging.threads);
    const memoryMb = Math.max(lease.memoryMb, staging.memoryMb);
    const wanted = `SET threads = ${threads}; SET memory_limit = '${memoryMb}MB'`;
    if (wanted === this.prepared) return;
    await connection.run(wanted);
    this.prepared = wanted;
  }

  /** Whether the next commits merge small row groups, a few at a time; it makes them longer. */
  async mergeRowGroups(merging: boolean): Promise<void> {
    if (merging === this.merging) return;
    await this.connection.run(`SET max_vacuum_tasks = ${merging ? 1 : 0}`);
    this.merging = merging;
  }

  /** Runs the statements the first time that this name is asked for. */
  async once(
    name: string,
    connection: DuckDBConnection,
    statements: readonly string[],
  ): Promise<void> {
    if (this.done.has(name)) return;
    for (const statement of statements) await connection.run(statement);
    this.done.add(name);
  }

  /** Closes it after the batch that is being staged; no lease may be running. */
  close(): Promise<void> {
    this.closing ??= this.asideQueue.then(() => this.closeNow());
    return this.closing;
  }

  private closeNow(): void {
    this.aside.closeSync();
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

const none: Means = { threads: 1, memoryMb: MEMORY_MB };

/**
 * Writing takes one thread, which costs the least CPU, and little memory, but for texts as long as a
 * line may be; for a report, a person waits, so it may use more.
 */
function meansFor(access: Access, textBytes = 0): Means {
  if (access === "write") {
    const beyond = Math.max(0, Math.ceil(textBytes / 1e6) - TEXT_MB);
    return { threads: 1, memoryMb: MEMORY_MB + beyond * TEXT_COPIES };
  }
  const threads = Math.min(availableParallelism(), MOST_THREADS);
  if (access === "read") return { threads, memoryMb: READ_MEMORY_MB };
  const share = Math.floor((totalmem() / 1e6) * CHANGE_MEMORY_SHARE);
  return { threads, memoryMb: Math.max(READ_MEMORY_MB, Math.min(CHANGE_MEMORY_MB, share)) };
}

async function connected(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return connection;
}
