import type { DuckDBConnection } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { Column, ColumnKind } from "../model/column.ts";
import type { RecordTable } from "../model/columns.ts";
import type { Dictionary } from "../model/dictionary.ts";
import type { ColumnBuffer, TableBuffer } from "../model/table-buffer.ts";

/**
 * Staged rows reach DuckDB as whole column vectors: codes and words are copied
 * as memory, the batch's dictionary goes along once as a list, and the INSERT
 * looks each code up in it. A value costs a few nanoseconds this way, a call
 * per value would cost a hundred.
 */
const VECTOR_ROWS = duckdb.vector_size();

/** How a kind of column is staged: its SQL type, bytes a row, and the expression that gives its value. */
interface Staging {
  readonly type: duckdb.Type;
  readonly sql: string;
  readonly width: number;
  readonly expression: (column: string) => string;
}

const NULL_INT = "-9223372036854775808";

const stagings: Readonly<Record<ColumnKind, Staging>> = {
  text: {
    type: duckdb.Type.UINTEGER,
    sql: "UINTEGER",
    width: 4,
    expression: (column) => `list_extract(dictionary.texts, stage.${column})`,
  },
  bool: {
    type: duckdb.Type.UINTEGER,
    sql: "UINTEGER",
    width: 4,
    expression: (column) => `CASE stage.${column} WHEN 2 THEN true WHEN 1 THEN false END`,
  },
  int: {
    type: duckdb.Type.BIGINT,
    sql: "BIGINT",
    width: 8,
    expression: (column) => `nullif(stage.${column}, ${NULL_INT})`,
  },
  money: {
    type: duckdb.Type.BIGINT,
    sql: "BIGINT",
    width: 8,
    expression: (column) => `nullif(stage.${column}, ${NULL_INT})`,
  },
  time: {
    type: duckdb.Type.BIGINT,
    sql: "BIGINT",
    width: 8,
    expression: (column) => `make_timestamptz(nullif(stage.${column}, ${NULL_INT}))`,
  },
  double: {
    type: duckdb.Type.DOUBLE,
    sql: "DOUBLE",
    width: 8,
    expression: (column) => `CASE stage.${column}_set WHEN 1 THEN stage.${column} END`,
  },
  id: {
    type: duckdb.Type.UUID,
    sql: "UUID",
    width: 16,
    expression: (column) => `stage.${column}`,
  },
};

/** One staged vector: where its bytes lie and how many a row takes. */
interface Part {
  readonly name: string;
  readonly type: duckdb.Type;
  readonly sql: string;
  readonly width: number;
  readonly bytes: (buffer: ColumnBuffer) => ArrayBufferLike;
}

const SCHEMA = "staging.main";

/** The name of the table in which the rows of a record table are staged. */
export function stageName({ table, stage }: Pick<StagedTable, "table" | "stage">): string {
  return `${SCHEMA}.${tableName(table, stage)}`;
}

/** The name of the table in which the texts of a batch are staged. */
export function textsName(stage: number): string {
  return `${SCHEMA}.${textsTable(stage)}`;
}

/** The statement that makes the table of texts: one row with the list of them in the order of their codes. */
export function createTexts(stage: number): string {
  return `CREATE TABLE ${textsName(stage)} (texts VARCHAR[])`;
}

/** The value of a staged column, as SQL over the tables `stage` and `dictionary`. */
export function stagedValue(column: Column): string {
  return stagings[column.kind].expression(column.name);
}

/**
 * Statements that make the database of the staging tables. They have many columns and few rows, so
 * its blocks are as small as DuckDB allows: a column takes at least one.
 */
export const stagingSetup: readonly string[] = ["ATTACH ':memory:' AS staging (BLOCK_SIZE 16384)"];

/** A table whose rows are staged: only the columns in which any of them has a value. */
export interface StagedTable {
  readonly table: RecordTable;
  /** Number of the batch whose rows these are. */
  readonly stage: number;
  readonly columns: readonly Column[];
  /** Times of the earliest and the latest of them, microseconds. */
  readonly first: bigint;
  readonly last: bigint;
}

/** Puts the rows of a table into a staging table of their own. */
export async function stageRows(
  connection: DuckDBConnection,
  stage: number,
  buffer: TableBuffer,
): Promise<StagedTable> {
  const used = buffer.columns.filter((column) => column.used);
  const parts = used.flatMap((column) =>
    partsOf(column.column).map((part) => ({ part, source: part.bytes(column) })),
  );
  const name = tableName(buffer.table, stage);
  const declared = parts.map(({ part }) => `${part.name} ${part.sql}`).join(", ");
  await connection.run(`CREATE OR REPLACE TABLE ${SCHEMA}.${name} (${declared})`);
  const types = parts.map(({ part }) => duckdb.create_logical_type(part.type));
  append(connection, name, types, buffer.rows, (chunk, from, rows) => {
    parts.forEach(({ part, source }, at) => {
      const vector = duckdb.data_chunk_get_vector(chunk, at);
      const bytes = source as ArrayBuffer;
      duckdb.copy_data_to_vector(vector, 0, bytes, from * part.width, rows * part.width);
    });
  });
  const { table } = buffer;
  return { table, stage, columns: used.map((column) => column.column), ...buffer.timeSpan() };
}

/** Puts the dictionary of the batch into its staging table. */
export function stageTexts(
  connection: DuckDBConnection,
  stage: number,
  dictionary: Dictionary,
): void {
  const { bytes, ends, size } = dictionary;
  // A part of an array is made sooner than a part of a Buffer.
  const texts = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const list = duckdb.create_list_type(duckdb.create_logical_type(duckdb.Type.VARCHAR));
  append(connection, textsTable(stage), [list], 1, (chunk) => {
    const vector = duckdb.data_chunk_get_vector(chunk, 0);
    const whole = BigUint64Array.of(0n, BigInt(size));
    duckdb.copy_data_to_vector(vector, 0, whole.buffer, 0, whole.byteLength);
    duckdb.list_vector_reserve(vector, size);
    duckdb.list_vector_set_size(vector, size);
    const elements = duckdb.list_vector_get_child(vector);
    for (let at = 0; at < size; at++) {
      duckdb.vector_assign_string_element_len(elements, at, texts.subarray(ends[at], ends[at + 1]));
    }
  });
}

function append(
  connection: DuckDBConnection,
  table: string,
  types: readonly duckdb.LogicalType[],
  rows: number,
  fill: (chunk: duckdb.DataChunk, from: number, rows: number) => void,
): void {
  const appender = duckdb.appender_create_ext(rawConnection(connection), "staging", "main", table);
  // One chunk for all: its memory is freed only when the garbage collector gets to it.
  const chunk = duckdb.create_data_chunk(types);
  for (let from = 0; from < rows; from += VECTOR_ROWS) {
    const count = Math.min(VECTOR_ROWS, rows - from);
    duckdb.data_chunk_reset(chunk);
    duckdb.data_chunk_set_size(chunk, count);
    fill(chunk, from, count);
    duckdb.append_data_chunk(appender, chunk);
  }
  duckdb.data_chunk_reset(chunk);
  duckdb.appender_close_sync(appender);
}

function tableName(table: RecordTable, stage: number): string {
  return `stage_${stage}_${table.name}`;
}

function textsTable(stage: number): string {
  return `stage_${stage}_texts`;
}

/** The low-level connection, which the appender of whole vectors needs. */
function rawConnection(connection: DuckDBConnection): duckdb.Connection {
  return (connection as unknown as { connection: duckdb.Connection }).connection;
}

function partsOf(column: Column): readonly Part[] {
  const { type, sql, width } = stagings[column.kind];
  const value: Part = { name: column.name, type, sql, width, bytes: bytesOf(column.kind) };
  if (column.kind !== "double") return [value];
  const set: Part = {
    name: `${column.name}_set`,
    type: duckdb.Type.UINTEGER,
    sql: "UINTEGER",
    width: 4,
    bytes: (buffer) => buffer.codes.buffer,
  };
  return [value, set];
}

function bytesOf(kind: ColumnKind): (buffer: ColumnBuffer) => ArrayBufferLike {
  if (kind === "text" || kind === "bool") return (buffer) => buffer.codes.buffer;
  if (kind === "double") return (buffer) => buffer.doubles.buffer;
  return (buffer) => buffer.words.buffer;
}
