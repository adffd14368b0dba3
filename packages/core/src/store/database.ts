import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

/** Memory DuckDB may use for staging, sorting and compressing, whatever the size of the files. */
const MEMORY_LIMIT = "110MB";

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
  private readonly removeSpill: () => void;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, spill: string) {
    this.instance = instance;
    this.connection = connection;
    this.removeSpill = () => rmSync(spill, { recursive: true, force: true });
    process.once("exit", this.removeSpill);
  }

  /** Opens an in-memory instance. */
  static async open(): Promise<Database> {
    // What does not fit into memory is telemetry too: it goes where only its owner can read.
    const spill = mkdtempSync(join(tmpdir(), "cctelemetry-"));
    const instance = await DuckDBInstance.create(":memory:", {
      ...settings,
      temp_directory: spill,
    });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return new Database(instance, connection, spill);
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
    process.off("exit", this.removeSpill);
    this.removeSpill();
  }
}
