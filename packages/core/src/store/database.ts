import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";

/** Memory DuckDB may use for staging, sorting and compressing, whatever the size of the files. */
const MEMORY_LIMIT = "100MB";

/**
 * Settings of the in-memory instance that a process keeps. One thread costs the
 * least CPU for what an import does; reports may ask for more. The small
 * checkpoint threshold makes a commit write its rows straight into the database
 * file instead of into the log first and into the file at the end of the lease.
 */
const settings: Readonly<Record<string, string>> = {
  threads: "1",
  memory_limit: MEMORY_LIMIT,
  checkpoint_threshold: "1KB",
  max_vacuum_tasks: "0",
  preserve_insertion_order: "false",
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  allow_community_extensions: "false",
};

/** The process's own DuckDB: the in-memory instance that databases are attached to for a lease. */
export class Database {
  readonly connection: DuckDBConnection;
  private readonly instance: DuckDBInstance;
  private readonly prepared: Set<string> = new Set();

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.instance = instance;
    this.connection = connection;
  }

  /** Opens an in-memory instance. */
  static async open(): Promise<Database> {
    const instance = await DuckDBInstance.create(":memory:", { ...settings });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return new Database(instance, connection);
  }

  /** Runs the statements the first time that this name is asked for. */
  async once(name: string, statements: readonly string[]): Promise<void> {
    if (this.prepared.has(name)) return;
    for (const statement of statements) await this.connection.run(statement);
    this.prepared.add(name);
  }

  /** Closes it; nothing may be running. */
  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}
