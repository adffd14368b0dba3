import type { Derivation } from "../model/column.ts";
import type { RecordTable } from "../model/columns.ts";
import { fillPoints } from "./fill-points.ts";
import { fillTimes } from "./fill-times.ts";
import { moveRequestsOfOthers } from "./move-requests.ts";
import type { Session } from "./session.ts";
import { createSmallTables } from "./small-tables.ts";
import { addColumn, STORE, storedName, tables } from "./statements.ts";

/** Version of the stored tables. A database of a newer version is not touched. */
export const SCHEMA_VERSION = 2;

/**
 * What brings a database to a layout from the one before it. Whatever a layout adds is added and
 * filled here: afterwards the database is as if its records had been stored by this version.
 */
const steps: ReadonlyMap<number, (session: Session) => Promise<void>> = new Map([
  [
    2,
    async (session) => {
      await createSmallTables(session);
      await addMissingColumns(session);
      await session.run(
        `ALTER TABLE ${STORE}.rejected_lines ADD COLUMN IF NOT EXISTS lines BIGINT DEFAULT 1`,
      );
      await fillPoints(session);
      await moveRequestsOfOthers(session);
      await fillTimes(session);
    },
  ],
]);

/** Brings a database of an older layout to this one. Runs in the caller's transaction. */
export async function bringToLayout(session: Session, from: number): Promise<void> {
  for (let version = from + 1; version <= SCHEMA_VERSION; version++) {
    await steps.get(version)?.(session);
  }
  await session.run("UPDATE base.meta SET schema_version = $version", { version: SCHEMA_VERSION });
}

/** Gives the record tables the columns they lack, those that follow from others with their values. */
async function addMissingColumns(session: Session): Promise<void> {
  const rows = await session.rows(
    `SELECT table_name, column_name FROM duckdb_columns()
     WHERE database_name = '${STORE}' AND schema_name = 'base'`,
  );
  const known = new Set(rows.map((row) => `${row["table_name"]}.${row["column_name"]}`));
  for (const table of tables) {
    const missing = table.columns.filter(({ name }) => !known.has(`${table.name}.${name}`));
    // All before the first is filled: the engine takes no change of a table whose rows were changed.
    for (const column of missing) await session.run(addColumn(table, column));
    for (const { name, derived, computed } of missing) {
      if (derived !== undefined) await fill(session, table, name, derived);
      if (computed !== undefined) {
        await session.run(
          `UPDATE ${storedName(table)} SET ${name} = ${computed.sql(computed.from)}`,
        );
      }
    }
  }
}

/** Works out each distinct text once. */
async function fill(
  session: Session,
  table: RecordTable,
  name: string,
  { from, of }: Derivation,
): Promise<void> {
  const rows = await session.rows(
    `SELECT DISTINCT ${from} AS text FROM ${storedName(table)} WHERE ${from} IS NOT NULL`,
  );
  const pairs = rows.flatMap((row) => {
    const text = String(row["text"]);
    const derived = of(text);
    return derived === undefined ? [] : [[text, derived] as const];
  });
  const record = `UPDATE ${storedName(table)} AS record SET ${name}`;
  if (pairs.length > 0) {
    await session.run(
      `${record} = pair.derived
       FROM (SELECT unnest($texts) AS text, unnest($derived) AS derived) AS pair
       WHERE record.${from} = pair.text`,
      { texts: pairs.map(([text]) => text), derived: pairs.map(([, derived]) => derived) },
    );
  }
  const otherwise = of(undefined);
  if (otherwise !== undefined) {
    await session.run(`${record} = $otherwise WHERE ${from} IS NULL`, { otherwise });
  }
}
