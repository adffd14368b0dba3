import { Database } from "../store/database.ts";
import { SCHEMA_VERSION } from "../store/layouts.ts";
import { createSchema } from "../store/schema.ts";
import { STORE } from "../store/statements.ts";
import { sessionOn } from "../store/values.ts";
import { storeDefinition } from "./definition.ts";
import type { ColumnText, Relation } from "./relation.ts";
import { relations } from "./schema.ts";

/** A column with the engine's type. */
export interface DescribedColumn extends ColumnText {
  readonly type: string;
}

/** A public table or view with the types of its columns. */
export interface DescribedRelation extends Relation {
  readonly columns: readonly DescribedColumn[];
}

/**
 * The public tables and views of this version with the types of their columns,
 * asked of the engine in an empty database in memory.
 */
export async function describeRelations(): Promise<readonly DescribedRelation[]> {
  const database = await Database.open();
  try {
    const session = sessionOn(database.connection);
    await session.run(`ATTACH ':memory:' AS ${STORE}`);
    await session.run(`USE ${STORE}`);
    await createSchema(session, storeDefinition, { state: "empty", version: SCHEMA_VERSION });
    const rows = await session.rows(
      `SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = '${STORE}'`,
    );
    const types = new Map(
      rows.map((row) => [
        `${row["schema_name"]}.${row["table_name"]}.${row["column_name"]}`,
        String(row["data_type"]),
      ]),
    );
    return relations.map((relation) => ({
      ...relation,
      columns: relation.columns.map((column) => ({
        ...column,
        type: types.get(`${relation.schema}.${relation.name}.${column.name}`) ?? "",
      })),
    }));
  } finally {
    await database.close();
  }
}
