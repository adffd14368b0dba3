import { createHash } from "node:crypto";
import { KnownError } from "../errors.ts";
import meta from "./schema/meta.sql";
import prices from "./schema/prices.sql";
import rejectedLines from "./schema/rejected_lines.sql";
import resources from "./schema/resources.sql";
import scopes from "./schema/scopes.sql";
import sourceFiles from "./schema/source_files.sql";
import type { Session, Value } from "./session.ts";
import { createTable, STORE, tables } from "./statements.ts";

/** Version of the stored tables. A database of a newer version is not touched. */
const SCHEMA_VERSION = 1;

/** The small tables by name. */
const smallTables: Readonly<Record<string, string>> = {
  "base.meta": meta,
  "base.resources": resources,
  "base.scopes": scopes,
  source_files: sourceFiles,
  rejected_lines: rejectedLines,
  prices,
};

/** What is built over the tables: views, macros and reference data, as statements in order. */
export interface StoreDefinition {
  readonly statements: readonly string[];
}

/** Says whether the database has the schema of this version; throws if it is newer or not ours. */
export async function checkSchema(
  session: Session,
  definition: StoreDefinition,
  path: string,
): Promise<"current" | "outdated" | "empty"> {
  const found = await session.rows(
    `SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = '${STORE}'`,
  );
  if (found.length === 0) return "empty";
  if (!found.some((row) => row["schema_name"] === "base" && row["table_name"] === "meta")) {
    throw foreignStore(path);
  }
  const [row] = await session.rows(selectMeta);
  return stateOf(row, definition, path);
}

/** The one row of base.meta, as `stateOf` wants it. */
export const selectMeta = "SELECT schema_version, definition FROM base.meta";

/** What the row of base.meta says of a database; throws if it is of a newer version. */
export function stateOf(
  row: Readonly<Record<string, Value>> | undefined,
  definition: StoreDefinition,
  path: string,
): "current" | "outdated" {
  const version = Number(row?.["schema_version"] ?? 0);
  if (version > SCHEMA_VERSION) {
    throw new KnownError(
      "store-newer",
      `The database ${path} was written by a newer cctelemetry (schema ${version}, this one knows ${SCHEMA_VERSION}).`,
      { hint: "Update cctelemetry, or name another database with --db." },
    );
  }
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

/** Creates what is missing and replaces views of an earlier version. Runs in the caller's transaction. */
export async function createSchema(
  session: Session,
  definition: StoreDefinition,
  path: string,
): Promise<void> {
  const state = await checkSchema(session, definition, path);
  if (state === "current") return;
  if (state === "empty") {
    await session.run("CREATE SCHEMA base");
    for (const statement of Object.values(smallTables)) await session.run(statement);
    for (const table of tables) await session.run(createTable(table));
    await session.run("INSERT INTO base.meta VALUES ($version, '', 'cctelemetry', now())", {
      version: SCHEMA_VERSION,
    });
  }
  for (const statement of definition.statements) await session.run(statement);
  await session.run("UPDATE base.meta SET definition = $definition", {
    definition: fingerprint(definition),
  });
}

function fingerprint(definition: StoreDefinition): string {
  const hash = createHash("sha256");
  for (const statement of definition.statements) hash.update(statement).update("\0");
  return hash.digest("hex");
}
