/** Statements to start from: the SQL of a report with its parameters written out. */
import type { ReportDescription } from "../protocol.ts";

/** Values of a statement's parameters; what is missing is NULL. */
export type ParameterValues = Readonly<Record<string, string | number | null | undefined>>;

const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\$([a-z_]+)/g;

/** A report's statement as one that stands alone. */
export function standalone(report: ReportDescription, values: ParameterValues): string {
  const sql = report.sql.replace(TOKEN, (whole, name: string | undefined) =>
    name === undefined ? whole : literal(name, values[name] ?? null),
  );
  return `-- ${report.question}\n${sql.trim().replace(/;$/, "")}\n`;
}

function literal(name: string, value: string | number | null): string {
  const isTime = name === "since" || name === "until";
  if (value === null) return isTime ? "NULL::TIMESTAMPTZ" : "NULL";
  if (typeof value === "number") return String(value);
  return `${isTime ? "TIMESTAMPTZ " : ""}'${value.replaceAll("'", "''")}'`;
}

/** The relations of a schema that a statement names, for completing their columns. */
export function mentioned<R extends { readonly name: string }>(
  sql: string,
  relations: readonly R[],
): readonly R[] {
  const words = new Set(sql.toLowerCase().match(/[a-z_][a-z0-9_]*/g));
  return relations.filter(({ name }) => words.has(name.toLowerCase().split(".").at(-1) ?? ""));
}
