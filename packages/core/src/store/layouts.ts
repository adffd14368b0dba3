import type { Derivation } from "../model/column.ts";
import type { RecordTable } from "../model/columns.ts";
import { fillCosts, reshapeCosts } from "./fill-costs.ts";
import { fillPoints } from "./fill-points.ts";
import { fillTimes } from "./fill-times.ts";
import { moveRequestsOfOthers } from "./move-requests.ts";
import type { Session } from "./session.ts";
import { createSmallTables } from "./small-tables.ts";
import { addColumn, STORE, storedName, tables } from "./statements.ts";

/** Version of the stored tables. A database of a newer version is not touched. */
export const SCHEMA_VERSION = 3;

/**
 * What a layout asks of a database of the one before it. Afterwards the database is as if its
 * records had been stored by this version. The engine takes no change of a table whose rows were
 * changed: all tables get their shape first, then their missing columns, then rows are filled.
 */
interface Step {
  readonly reshape: (session: Session) => Promise<void>;
  readonly fill: (session: Session) => Promise<void>;
}

const steps: ReadonlyMap<number, Step> = new Map([
  [
    2,
    {
      reshape: async (session) => {
        await createSmallTables(session);
        await session.run(
          `ALTER TABLE ${STORE}.rejected_lines ADD COLUMN IF NOT EXISTS lines BIGINT DEFAULT 1`,
        );
      },
      fill: async (session) => {
        await fillPoints(session);
        await moveRequestsOfOthers(session);
        await fillTimes(session);
      },
    },
  ],
  [3, { reshape: reshapeCosts, fill: fillCosts }],
]);

/** Brings a database of an older layout to this one. Runs in the caller's transaction. */
export async function bringToLayout(session: Session, from: number): Promise<void> {
  const wanted = [...steps].filter(([version]) => version > from).map(([, step]) => step);
  for (const { reshape } of wanted) await reshape(session);
  await addMissingColumns(session);
  for (const { fill } of wanted) await fill(session);
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
    const columns = table.columns.filter(({ name }) => !known.has(`${table.name}.${name}`));
    for (const column of columns) await session.run(addColumn(table, column));
    for (const { name, derived, computed } of columns) {
      if (derived !== undefined) await fillDerived(session, table, name, derived);
      if (computed !== undefined) {
        await session.run(
          `UPDATE ${storedName(table)} SET ${name} = ${computed.sql(computed.from)}`,
        );
      }
    }
  }
}

/** Works out each distinct text once. */
async function fillDerived(
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
