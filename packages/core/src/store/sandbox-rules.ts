/** Why a query is not run: what it names, and what to do instead. */
export interface Refusal {
  readonly message: string;
  readonly hint: string;
}

/**
 * Table functions a query may use: those that compute, and those that describe
 * tables, columns and functions. Any other is refused, so that a function which
 * a later engine adds is refused until it was looked at.
 */
export const allowedTableFunctions: ReadonlySet<string> = new Set([
  "duckdb_columns",
  "duckdb_constraints",
  "duckdb_functions",
  "duckdb_keywords",
  "duckdb_schemas",
  "duckdb_tables",
  "duckdb_types",
  "duckdb_views",
  "generate_series",
  "histogram",
  "histogram_values",
  "icu_calendar_names",
  "json_each",
  "json_tree",
  "pg_timezone_names",
  "pragma_table_info",
  "pragma_version",
  "range",
  "repeat",
  "repeat_row",
  "summary",
  "unnest",
]);

/** Scalar functions that write, run SQL given as text, or describe the machine. */
export const refusedFunctions: ReadonlySet<string> = new Set([
  "current_setting",
  "getenv",
  "json_execute_serialized_sql",
  "json_serialize_plan",
  "nextval",
  "currval",
  "query",
  "query_table",
  "which_secret",
  "write_log",
]);

/** Views of the engine that describe the machine or its other users. */
const refusedTables: ReadonlySet<string> = new Set([
  "duckdb_databases",
  "duckdb_logs",
  "duckdb_secrets",
  "duckdb_settings",
  "pg_settings",
  "pragma_database_list",
]);

const LOOKS_LIKE_A_FILE = /[/\\]|\.(csv|tsv|json|jsonl|ndjson|parquet|txt|db|duckdb|gz|zst)$/i;
const TABLES_HINT = "Query the tables and views of the database: cctelemetry schema lists them.";

/**
 * Walks the parse tree of a statement, as `json_serialize_sql` gives it, and
 * says what in it is not allowed.
 */
export function refusalIn(tree: unknown): Refusal | undefined {
  const open: unknown[] = [tree];
  while (open.length > 0) {
    const node = open.pop();
    if (typeof node !== "object" || node === null) continue;
    const refusal = Array.isArray(node) ? undefined : refusalOf(node);
    if (refusal !== undefined) return refusal;
    for (const child of Object.values(node)) open.push(child);
  }
  return undefined;
}

function refusalOf(node: object): Refusal | undefined {
  const field = (name: string): string => textField(node, name);
  if (field("type") === "TABLE_FUNCTION" && "function" in node) {
    return tableFunctionRefusal(node.function);
  }
  if (field("class") === "FUNCTION") return functionRefusal(field("function_name"));
  if (field("type") === "BASE_TABLE") return tableRefusal(field("table_name"));
  return undefined;
}

function tableFunctionRefusal(called: unknown): Refusal | undefined {
  const name =
    typeof called === "object" && called !== null ? textField(called, "function_name") : "";
  if (allowedTableFunctions.has(name.toLowerCase())) return undefined;
  return {
    message: `The query may not use the table function ${name}: it could reach beyond the database.`,
    hint: TABLES_HINT,
  };
}

function functionRefusal(name: string): Refusal | undefined {
  const lower = name.toLowerCase();
  if (!refusedFunctions.has(lower) && !lower.startsWith("__internal")) return undefined;
  return {
    message: `The query may not use the function ${name}: it could reach beyond the database.`,
    hint: TABLES_HINT,
  };
}

function tableRefusal(name: string): Refusal | undefined {
  if (LOOKS_LIKE_A_FILE.test(name)) {
    return {
      message: `The query may not read files, as "${name}" seems to be one.`,
      hint: "Import telemetry with: cctelemetry import <path>",
    };
  }
  if (!refusedTables.has(name.toLowerCase())) return undefined;
  return {
    message: `The query may not read ${name}: it describes the machine, not telemetry.`,
    hint: TABLES_HINT,
  };
}

function textField(node: object, name: string): string {
  const value: unknown = name in node ? Reflect.get(node, name) : undefined;
  return typeof value === "string" ? value : "";
}
