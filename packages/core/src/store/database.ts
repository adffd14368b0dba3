import { availableParallelism } from "node:os";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

/** Memory DuckDB may use for staging, sorting and compressing, whatever the size of the files. */
const MEMORY_MB = 110;
/** Texts of a batch up to which that is enough, and how often DuckDB may hold what is beyond. */
const TEXT_MB = 8;
const TEXT_COPIES = 10;
/** What a report may use. */
const READ_MEMORY_MB = 512;
const MOST_THREADS = 4;

/** What a lease may do. */
export type Access = "read" | "write";

/** What the leases of a process write: a few large batches, or rows as they come, a handful at a time. */
export type Writes = "bulk" | "small";

/**
 * A large batch is compressed straight into the database file by its commit, instead of into the
 * log first and into the file at the end of the lease. Small ones leave many small row groups,
 * which have to be merged.
 */
const settingsFor: Readonly<Record<Writes, Readonly<Record<string, string>>>> = {
  bulk: { checkpoint_threshold: "1KB", max_vacuum_tasks: "0" },
  small: { checkpoint_threshold: "16MB" },
};

/**
 * Settings of the in-memory instance that a process keeps. One thread costs the
 * least CPU for what an import does; reports may ask for more.
 */
const settings: Readonly<Record<string, string>> = {
  threads: "1",
  memory_limit: `${MEMORY_MB}MB`,
  preserve_insertion_order: "false",
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  allow_community_extensions: "false",
};

/** The process's own DuckDB: the in-memory instance that databases are attached to for a lease. */
export class Database {
  readonly connection: DuckDBConnection;
  private readonly instance: DuckDBInstance;
  private readonly done: Set<string> = new Set();
  private prepared = "";

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.instance = instance;
    this.connection = connection;
  }

  /** Opens an in-memory instance. What does not fit into memory goes to the folder `spill`, which is made when it is needed; without one it must fit. */
  static async open(spill = "", writes: Writes = "bulk"): Promise<Database> {
    const instance = await DuckDBInstance.create(":memory:", {
      ...settings,
      ...settingsFor[writes],
      temp_directory: spill,
    });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return new Database(instance, connection);
  }

  /**
   * Gives a lease what it needs. Writing takes one thread, which costs the least CPU, and little
   * memory, but for texts as long as a line may be; reading is somebody waiting for an answer.
   */
  async prepareFor(access: Access, textBytes = 0): Promise<void> {
    const threads = access === "read" ? Math.min(availableParallelism(), MOST_THREADS) : 1;
    const beyond = Math.max(0, Math.ceil(textBytes / 1e6) - TEXT_MB);
    const memory = access === "read" ? READ_MEMORY_MB : MEMORY_MB + beyond * TEXT_COPIES;
    const wanted = `SET threads = ${threads}; SET memory_limit = '${memory}MB'`;
    if (wanted === this.prepared) return;
    await this.connection.run(wanted);
    this.prepared = wanted;
  }

  /** Runs the statements the first time that this name is asked for. */
  async once(name: string, statements: readonly string[]): Promise<void> {
    if (this.done.has(name)) return;
    for (const statement of statements) await this.connection.run(statement);
    this.done.add(name);
  }

  /** Closes it; nothing may be running. */
  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}
