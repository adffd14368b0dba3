import meta from "./schema/meta.sql";
import ownTags from "./schema/own_tags.sql";
import prices from "./schema/prices.sql";
import rejectedLines from "./schema/rejected_lines.sql";
import resources from "./schema/resources.sql";
import scopes from "./schema/scopes.sql";
import sourceFiles from "./schema/source_files.sql";
import sourcePlaces from "./schema/source_places.sql";
import type { Session } from "./session.ts";
import { STORE } from "./statements.ts";

/** The small tables by name. */
const smallTables: Readonly<Record<string, string>> = {
  "base.meta": meta,
  "base.resources": resources,
  "base.scopes": scopes,
  "base.own_tags": ownTags,
  "main.source_files": sourceFiles,
  "main.source_places": sourcePlaces,
  "main.rejected_lines": rejectedLines,
  "main.prices": prices,
};

/** Creates those that are missing. Runs in the caller's transaction. */
export async function createSmallTables(session: Session): Promise<void> {
  const rows = await session.rows(
    `SELECT schema_name || '.' || table_name AS name FROM duckdb_tables()
     WHERE database_name = '${STORE}'`,
  );
  const known = new Set(rows.map((row) => String(row["name"])));
  for (const [name, statement] of Object.entries(smallTables)) {
    if (!known.has(name)) await session.run(statement);
  }
}
