import { type OwnTags, standInsOf } from "../model/own-tags.ts";
import type { StoreDefinition } from "../store/schema.ts";
import { withEvidence } from "./evidence.ts";
import { knownDefects } from "./known-defects.ts";
import markAllRepeats from "./mark_all_repeats.sql";
import { applyOwnTags } from "./own-tags.ts";
import prices from "./prices.sql";
import type { Relation } from "./relation.ts";
import { withRequests } from "./requests.ts";
import { withRoutes } from "./routes.ts";
import { relations } from "./schema.ts";
import { views } from "./views/list.ts";

/**
 * What is built over the stored tables: views, macros, the comments on them and
 * the list prices. Running it again replaces all of it.
 */
export const storeDefinition: StoreDefinition = {
  statements: [
    "CREATE SCHEMA IF NOT EXISTS otel",
    defectList(),
    ...views.map(({ sql }) => sql),
    "DELETE FROM prices",
    prices,
    markAllRepeats,
    ...relations.map(comments),
  ],
  inserting: (session, staged, insert) =>
    withRoutes(session, staged, () =>
      withRequests(session, staged, () => withEvidence(session, staged, insert)),
    ),
  applying: (session) => applyOwnTags(session, {}),
};

/** The same over a database whose tags of these names stand for columns of workflows. */
export function storeDefinitionWith(ownTags: OwnTags): StoreDefinition {
  if (standInsOf(ownTags).length === 0) return storeDefinition;
  return {
    ...storeDefinition,
    variant: JSON.stringify(standInsOf(ownTags)),
    applying: (session) => applyOwnTags(session, ownTags),
  };
}

/** The macro that gives the list of known defects as JSON, to the view of that name. */
function defectList(): string {
  const list = knownDefects.map((defect) => ({
    name: defect.name,
    since_version: defect.since,
    fixed_in_version: defect.fixedIn ?? null,
    models: defect.models ?? null,
    requests_since: defect.requestsSince ?? null,
    condition: defect.condition ?? null,
    concerns: defect.concerns,
    effect: `Claude Code ${defect.effect}.`,
  }));
  return `CREATE OR REPLACE MACRO base.known_defects() AS ${quoted(JSON.stringify(list))}`;
}

/**
 * The statements that store what a relation means, and what the columns of a table mean. Those of
 * views are printed by `cctelemetry schema`: DuckDB would take longer to keep a thousand comments than
 * to make all views.
 */
function comments({ kind, schema, name, row, columns }: Relation): string {
  const relation = `${schema}.${name}`;
  const commented = kind === "table" ? columns : [];
  return [
    `COMMENT ON ${kind === "table" ? "TABLE" : "VIEW"} ${relation} IS ${quoted(row)};`,
    ...commented.map(
      (column) => `COMMENT ON COLUMN ${relation}."${column.name}" IS ${quoted(column.text)};`,
    ),
  ].join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
