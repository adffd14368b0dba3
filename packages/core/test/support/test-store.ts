import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ImportOptions, type ImportSummary, importPaths } from "../../src/ingest/import.ts";
import { recordTables } from "../../src/model/columns.ts";
import type { Value } from "../../src/store/session.ts";
import { openStoreWith, type Store } from "../../src/store/store.ts";

/** A store without views in a folder of its own, for tests of what is stored. */
export class TestStore {
  readonly folder: string;
  readonly store: Store;
  private files = 0;

  private constructor(folder: string, store: Store) {
    this.folder = folder;
    this.store = store;
  }

  static async open(): Promise<TestStore> {
    const folder = await mkdtemp(join(tmpdir(), "cctelemetry-"));
    const store = await openStoreWith({ statements: [] }, join(folder, "store.duckdb"));
    await store.writing(() => Promise.resolve());
    return new TestStore(folder, store);
  }

  /** Opens a store, imports these paths and gives the store. */
  static async of(...paths: readonly string[]): Promise<TestStore> {
    const opened = await TestStore.open();
    await opened.import(...paths);
    return opened;
  }

  async remove(): Promise<void> {
    await this.store.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Writes a file into the folder and gives its path. */
  async file(content: string | Uint8Array, name = `input-${++this.files}.jsonl`): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return path;
  }

  import(...paths: readonly string[]): Promise<ImportSummary> {
    return importPaths(this.store, paths);
  }

  importWith(options: ImportOptions, ...paths: readonly string[]): Promise<ImportSummary> {
    return importPaths(this.store, paths, options);
  }

  /** Imports a text as a file of its own. */
  async importText(content: string | Uint8Array, name?: string): Promise<ImportSummary> {
    return this.import(await this.file(content, name));
  }

  /** Rows of a statement. */
  rows(sql: string): Promise<readonly Readonly<Record<string, Value>>[]> {
    return this.store.reading((session) => session.rows(sql));
  }

  /** The one value of a statement. */
  async value(sql: string): Promise<Value> {
    const rows = await this.rows(sql);
    const [row] = rows;
    if (row === undefined || rows.length > 1) throw new Error(`${rows.length} rows: ${sql}`);
    return Object.values(row)[0] ?? null;
  }

  /** What was rejected, in the order of the files and their bytes. */
  rejected(): Promise<readonly Readonly<Record<string, Value>>[]> {
    return this.rows(
      `SELECT parse_filename(path) AS file, byte_offset::INT AS byte_offset,
         byte_length::INT AS byte_length, reason, detail, records_kept::INT AS records_kept, text, lines::INT AS lines
       FROM rejected_lines ORDER BY file, byte_offset, reason`,
    );
  }

  /**
   * A hash of all records, which does not depend on the order in which they
   * came: JSON objects count as sets, since equal attributes may come in any order.
   */
  async contentHash(): Promise<string> {
    const parts = await Promise.all(
      Object.values(recordTables).map(({ name, columns }) => {
        const values = columns.map((column) =>
          objects.has(column.name)
            ? `coalesce(list_sort(list_transform(json_keys(${column.name}), lambda k:
                 k || chr(31) || coalesce(json_extract(${column.name}, '/' ||
                   replace(replace(k, '~', '~0'), '/', '~1'))::VARCHAR, '')))::VARCHAR, '~')`
            : `coalesce(${column.name}::VARCHAR, '~')`,
        );
        return this.value(
          `SELECT count(*) || ':' || coalesce(sum(hash(concat_ws(chr(30), ${values.join(", ")}))), 0)
           FROM base.${name}`,
        );
      }),
    );
    return parts.join(" ");
  }

  /** Number of records by signal. */
  async counts(): Promise<{ logs: number; points: number; spans: number }> {
    const [row] = await this.rows(
      `SELECT (SELECT count(*) FROM base.api_request_logs) + (SELECT count(*) FROM base.other_logs)
         AS logs, (SELECT count(*) FROM base.metric_points) AS points,
         (SELECT count(*) FROM base.spans) AS spans`,
    );
    const count = (name: string): number => Number(row?.[name] ?? -1);
    return { logs: count("logs"), points: count("points"), spans: count("spans") };
  }
}

const objects: ReadonlySet<string> = new Set(["attributes", "tags", "other_fields"]);
