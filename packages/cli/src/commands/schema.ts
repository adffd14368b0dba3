import { type DescribedRelation, describeRelations } from "@cctelemetry/core";
import { KnownError } from "@cctelemetry/core/light";
import type { Command } from "commander";
import { type CommonOptions, type RowsOptions, withRows } from "../options.ts";
import { openOutput, type RowsContext } from "../output/open.ts";

const EXAMPLES = `
The names are stable: queries written for them keep running. They are the same
in every database of this version.

Examples:
  cctelemetry schema                        tables and views, and what one row is
  cctelemetry schema api_requests           the columns of one
  cctelemetry schema --json                 every column of every table and view
`;

interface SchemaOptions extends CommonOptions, RowsOptions {}

/** Arguments, options and action of `cctelemetry schema`. */
export function define(command: Command, context: RowsContext): void {
  command.argument("[name]", "a table or view");
  withRows(command).addHelpText("after", EXAMPLES);
  command.action(async (name: string | undefined, options: SchemaOptions) => {
    const output = await openOutput(options, context);
    try {
      const relations = await describeRelations();
      const people = options.json !== true && (options.format ?? "table") === "table";
      if (name === undefined && people && options.output === undefined) {
        output.begin(listColumns);
        await output.rows(relations.map((each) => [nameOf(each), each.kind, each.row]));
        await output.end(["cctelemetry schema <name> shows the columns"]);
        return;
      }
      const shown = name === undefined ? relations : [named(name, relations)];
      output.begin(name === undefined ? [relationColumn, ...columnColumns] : columnColumns);
      const rows = shown.flatMap((relation) =>
        relation.columns.map((column) => [
          ...(name === undefined ? [nameOf(relation)] : []),
          column.name,
          column.type,
          column.text,
        ]),
      );
      await output.rows(rows);
      await output.end(shown.length === 1 ? shown.map(({ row }) => `one row: ${row}`) : []);
    } finally {
      output.abandon();
    }
  });
}

const relationColumn = { name: "relation", type: "VARCHAR" } as const;

const listColumns = [
  { name: "name", type: "VARCHAR" },
  { name: "kind", type: "VARCHAR" },
  { name: "row", label: "one row is", type: "VARCHAR", overflow: "wrap" },
] as const;

const columnColumns = [
  { name: "column", type: "VARCHAR" },
  { name: "type", type: "VARCHAR" },
  { name: "meaning", type: "VARCHAR", overflow: "wrap" },
] as const;

function nameOf({ schema, name }: DescribedRelation): string {
  return schema === "main" ? name : `${schema}.${name}`;
}

function named(name: string, relations: readonly DescribedRelation[]): DescribedRelation {
  const wanted = name.toLowerCase().replace(/^main\./, "");
  const found = relations.find((relation) => nameOf(relation) === wanted);
  if (found !== undefined) return found;
  const close = relations.map(nameOf).filter((each) => each.includes(wanted.slice(0, 4)));
  throw new KnownError("bad-argument", `There is no table or view called ${name}.`, {
    hint:
      close.length === 0
        ? "cctelemetry schema lists them."
        : `Did you mean ${close.slice(0, 5).join(", ")}?`,
  });
}
