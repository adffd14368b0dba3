import type { StoreDefinition } from "../store/schema.ts";
import prices from "./prices.sql";
import type { Relation } from "./relation.ts";
import { relations } from "./schema.ts";
import { views } from "./views.ts";

/**
 * What is built over the stored tables: views, macros, the comments on them and
 * the list prices. Running it again replaces all of it.
 */
export const storeDefinition: StoreDefinition = {
  statements: [
    "CREATE SCHEMA IF NOT EXISTS otel",
    ...views.map(({ sql }) => sql),
    "DELETE FROM prices",
    prices,
    ...relations.map(comments),
  ],
};

/** The statements that store what a relation and its columns mean. */
function comments({ kind, schema, name, row, columns }: Relation): string {
  const relation = `${schema}.${name}`;
  return [
    `COMMENT ON ${kind === "table" ? "TABLE" : "VIEW"} ${relation} IS ${quoted(row)};`,
    ...columns.map(
      (column) => `COMMENT ON COLUMN ${relation}."${column.name}" IS ${quoted(column.text)};`,
    ),
  ].join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
