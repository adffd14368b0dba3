import { createHash } from "node:crypto";
import { KnownError } from "../errors.ts";
import { bringToLayout, SCHEMA_VERSION } from "./layouts.ts";
import type { Session, Value } from "./session.ts";
import { createSmallTables } from "./small-tables.ts";
import type { StagedTable } from "./staging.ts";
import { createTable, STORE, tables } from "./statements.ts";

/** What is built over the tables: views, macros and reference data, as statements in order. */
export interface StoreDefinition {
  readonly statements: readonly string[];
  /** What else the statements depend on: another value makes the database outdated. */
  readonly variant?: string;
  /** Brings what is stored in line with the variant, after the statements. */
  readonly applying?: (session: Session) => Promise<void>;
  /** Inserts staged rows by `insert`, and derives in the same transaction what follows from them. */
  readonly inserting?: (
    session: Session,
    staged: readonly StagedTable[],
    insert: () => Promise<void>,
  ) => Promise<void>;
}

/** What is there: all as of this version, other views over the same tables, tables of an older layout, nothing. */
export type SchemaState = "current" | "outdated" | "older" | "empty";

/** What a lease finds at the path of a database. */
export interface FoundSchema {
  readonly state: SchemaState;
  /** Version of the stored tables. */
  readonly version: number;
  /** Distinguishes a database from one that replaces it; empty if there is none yet. */
  readonly identity: string;
}

/** Says whether the database has the schema of this version; throws if it is newer or not ours. */
export async function checkSchema(
  session: Session,
  definition: StoreDefinition,
  path: string,
): Promise<FoundSchema> {
  let row: Readonly<Record<string, Value>> | undefined;
  try {
    [row] = await session.rows(selectMeta);
  } catch (error) {
    if (!/^Catalog Error/.test(error instanceof Error ? error.message : "")) throw error;
    const tables = await session.rows(anyTable);
    if (tables.length > 0) throw foreignStore(path);
    return { state: "empty", version: SCHEMA_VERSION, identity: "" };
  }
  return {
    state: stateOf(row, definition, path),
    version: Number(row?.["schema_version"] ?? 0),
    identity: `${row?.["created_at"] ?? ""}`,
  };
}

const anyTable = `SELECT 1 FROM duckdb_tables() WHERE database_name = '${STORE}' LIMIT 1`;

/** The one row of base.meta, as `stateOf` wants it; the time in microseconds. */
export const selectMeta =
  "SELECT schema_version, definition, epoch_us(created_at)::VARCHAR AS created_at FROM base.meta";

/** What the row of base.meta says of a database; throws if it is of a newer version. */
export function stateOf(
  row: Readonly<Record<string, Value>> | undefined,
  definition: StoreDefinition,
  path: string,
): Exclude<SchemaState, "empty"> {
  const version = Number(row?.["schema_version"] ?? 0);
  if (version > SCHEMA_VERSION) {
    throw new KnownError(
      "store-newer",
      `The database ${path} was written by a newer cctelemetry (schema ${version}, this one knows ${SCHEMA_VERSION}).`,
      { hint: "Update cctelemetry, or name another database with --db." },
    );
  }
  if (version < SCHEMA_VERSION) return "older";
  return row?.["definition"] === fingerprint(definition) ? "current" : "outdated";
}

/** The error for a database of another program. */
export function foreignStore(path: string): KnownError {
  return new KnownError(
    "store-foreign",
    `${path} is a DuckDB database, but not one of cctelemetry.`,
    { hint: "Name another database with --db." },
  );
}

/**
 * Creates what is missing, brings tables to this layout and replaces views of another version. Runs
 * in the caller's transaction.
 */
export async function createSchema(
  session: Session,
  definition: StoreDefinition,
  { state, version }: Pick<FoundSchema, "state" | "version">,
): Promise<void> {
  if (state === "empty") {
    await session.run("CREATE SCHEMA base");
    await createSmallTables(session);
    for (const table of tables) await session.run(createTable(table));
    await session.run("INSERT INTO base.meta VALUES ($version, '', 'cctelemetry', now())", {
      version: SCHEMA_VERSION,
    });
  }
  if (state === "older") await bringToLayout(session, version);
  for (const statement of definition.statements) await session.run(statement);
  await definition.applying?.(session);
  await session.run("UPDATE base.meta SET definition = $definition", {
    definition: fingerprint(definition),
  });
}

function fingerprint(definition: StoreDefinition): string {
  const hash = createHash("sha256");
  for (const statement of definition.statements) hash.update(statement).update("\0");
  if (definition.variant !== undefined) hash.update(definition.variant);
  return hash.digest("hex");
}
