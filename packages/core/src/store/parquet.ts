import { Database } from "./database.ts";
import { quoted } from "./quoted.ts";

/** A column of a table that is filled with text. */
export interface TextColumn {
  readonly name: string;
  /** The engine's type that the text is cast to. */
  readonly type: string;
}

/** Rows on their way into a Parquet file. */
export interface TextTable {
  /** Takes rows of text; null is a missing value. */
  append(rows: readonly (readonly (string | null)[])[]): void;
  /** Writes all rows to a file, which may exist; it keeps its rights. */
  writeTo(path: string): Promise<void>;
  /** When nothing is written any more. */
  close(): Promise<void>;
}

/** Types that are cast as they are; what has names in it is written as text or JSON. */
const PLAIN =
  /^(BOOLEAN|U?(TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|VARCHAR|JSON|BLOB|UUID|DATE|TIME|INTERVAL|TIMESTAMP(_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE)(\[\d*\])*$/;
const NESTED = /^(STRUCT|MAP|UNION)\b|\]$/;

/**
 * A table in a private in-memory instance. Values come as text and are cast to
 * the types of the result, so that no value passes through a JavaScript number.
 * The file is written by an instance that never saw the user's SQL.
 */
export async function openTextTable(columns: readonly TextColumn[]): Promise<TextTable> {
  const database = await Database.open();
  const { connection } = database;
  const fields = columns.map((_, index) => `c${index} VARCHAR`);
  await connection.run(`CREATE TABLE result (${fields.join(", ")})`);
  const appender = await connection.createAppender("result");
  return {
    append: (rows) => {
      for (const row of rows) {
        for (const value of row) {
          if (value === null) appender.appendNull();
          else appender.appendVarchar(value);
        }
        appender.endRow();
      }
      appender.flushSync();
    },
    writeTo: async (path) => {
      const selected: string[] = [];
      for (const [index, column] of columns.entries()) {
        const wide = column.type === "HUGEINT" || column.type === "UHUGEINT";
        const type = wide ? await widestNeeded(index) : column.type;
        selected.push(`${castTo(type, `c${index}`)} AS ${quoted(column.name, '"')}`);
      }
      await connection.run(
        `COPY (SELECT ${selected.join(", ")} FROM result) TO ${quoted(path, "'")}
         (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`,
      );
    },
    close: async () => {
      appender.closeSync();
      await database.close();
    },
  };

  /** Parquet has no 128-bit integers, and DuckDB would make them doubles. */
  async function widestNeeded(index: number): Promise<string> {
    const reader = await connection.runAndReadAll(
      `SELECT count(*) FILTER (TRY_CAST(c${index} AS BIGINT) IS NULL),
         count(*) FILTER (TRY_CAST(c${index} AS DECIMAL(38,0)) IS NULL)
       FROM result WHERE c${index} IS NOT NULL`,
    );
    const [notLong, notDecimal] = (reader.getRows()[0] ?? []).map(Number);
    if (notLong === 0) return "BIGINT";
    return notDecimal === 0 ? "DECIMAL(38,0)" : "VARCHAR";
  }
}

/** Instants come as microseconds, nested values as JSON. */
function castTo(type: string, column: string): string {
  if (type === "TIMESTAMP WITH TIME ZONE") return `make_timestamptz(${column}::BIGINT)`;
  if (type === "TIMESTAMP") return `make_timestamp(${column}::BIGINT)`;
  if (NESTED.test(type)) return PLAIN.test(type) ? `${column}::JSON::${type}` : `${column}::JSON`;
  return PLAIN.test(type) ? `${column}::${type}` : column;
}
