import {
  type DuckDBConnection,
  type DuckDBPreparedStatement,
  StatementType,
} from "@duckdb/node-api";
import { KnownError } from "../errors.ts";
import { refusalIn } from "./sandbox-rules.ts";

/** A statement that was checked and prepared. */
export interface CheckedStatement {
  readonly prepared: DuckDBPreparedStatement;
  readonly kind: "rows" | "plan";
}

const READ_ONLY_HINT = "Use one SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN.";

/**
 * Comments and white space, then EXPLAIN with its options. What follows is
 * parsed on its own, so a wrong match can only lead to a refusal.
 */
const EXPLAIN =
  /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*explain(?:\s+analyze)?(?:\s*\([\w\s,.]*\))?(?=[\s(])/i;
const FIRST_WORD = /^(?:\s|;|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*([a-z_]+)/i;

/**
 * Prepares the one statement of a query, or throws a KnownError that says in one
 * sentence what is not allowed. The decision is made on the engine's own parse
 * tree; the prepared statement's type and count are a second net.
 */
export async function checkStatement(
  connection: DuckDBConnection,
  sql: string,
): Promise<CheckedStatement> {
  if (/^\s*$/.test(sql)) throw emptyQuery();
  // The engine takes it for the end of the text.
  if (sql.includes("\0")) throw nulInQuery();
  const explained = EXPLAIN.exec(sql)?.[0];
  await refuseUnlessReading(
    connection,
    explained === undefined ? sql : sql.slice(explained.length),
    sql,
  );
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) throw severalStatements(statements.count);
  const prepared = await statements.prepare(0);
  const { statementType } = prepared;
  if (statementType !== StatementType.SELECT && statementType !== StatementType.EXPLAIN) {
    prepared.destroySync();
    throw notReading(sql);
  }
  return { prepared, kind: statementType === StatementType.EXPLAIN ? "plan" : "rows" };
}

async function refuseUnlessReading(
  connection: DuckDBConnection,
  sql: string,
  whole: string,
): Promise<void> {
  const reader = await connection.runAndReadAll("SELECT json_serialize_sql($sql::VARCHAR)", {
    sql,
  });
  const tree: unknown = JSON.parse(strictJson(String(reader.getRows()[0]?.[0] ?? "null")));
  if (!isTree(tree)) throw new KnownError("query-failed", "The query could not be parsed.");
  if (tree.error) {
    if (tree.error_type !== "parser") throw await refusedKind(connection, whole);
    throw await parseError(connection, whole, tree.error_message ?? "");
  }
  const count = tree.statements?.length ?? 0;
  if (count === 0) throw emptyQuery();
  if (count !== 1) throw severalStatements(count);
  const refusal = refusalIn(tree.statements);
  if (refusal !== undefined) {
    throw new KnownError("query-refused", refusal.message, { hint: refusal.hint });
  }
}

/**
 * The engine writes a number that is no finite double as a bare word, which JSON does not know. No
 * rule looks at the value of a number.
 */
function strictJson(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:inf(?:inity)?|nan)\b/gi, (token) =>
    token.startsWith('"') ? token : "null",
  );
}

/** What `json_serialize_sql` gives. */
interface ParseTree {
  readonly error: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly statements?: readonly unknown[];
}

function isTree(value: unknown): value is ParseTree {
  return typeof value === "object" && value !== null && "error" in value;
}

/** The engine's own words, with the line and the place where it says them. */
async function parseError(
  connection: DuckDBConnection,
  sql: string,
  message: string,
): Promise<KnownError> {
  const detail = await connection.extractStatements(sql).then(
    () => message,
    (error: unknown) =>
      error instanceof Error ? error.message.replace(/^.*?Parser Error: /, "") : message,
  );
  return new KnownError("query-failed", `The query is not valid SQL: ${detail}`);
}

/** Not of the SELECT family: says whether that is so because there are several statements. */
async function refusedKind(connection: DuckDBConnection, sql: string): Promise<KnownError> {
  const word = firstWord(sql);
  const { count } = await connection.extractStatements(sql);
  if (count > 1 && word === "PIVOT") {
    return new KnownError(
      "query-refused",
      "PIVOT without a list of values takes more than one statement, and a query may hold only one.",
      { hint: "Name the values: PIVOT … ON column IN ('a', 'b') USING …" },
    );
  }
  return count > 1 ? severalStatements(count) : notReading(sql);
}

function notReading(sql: string): KnownError {
  const word = firstWord(sql);
  return new KnownError(
    "query-refused",
    `A query may only read, and ${word} is not a reading statement.`,
    {
      hint: READ_ONLY_HINT,
    },
  );
}

function severalStatements(count: number): KnownError {
  return new KnownError(
    "query-refused",
    `A query is one statement, and this text holds ${count}.`,
    {
      hint: "Run them one by one.",
    },
  );
}

function nulInQuery(): KnownError {
  return new KnownError("query-refused", "The query holds a NUL character.", {
    hint: "Remove it; a text in UTF-16 has to be written as UTF-8 first.",
  });
}

function emptyQuery(): KnownError {
  return new KnownError("query-refused", "The query is empty.", { hint: READ_ONLY_HINT });
}

function firstWord(sql: string): string {
  const inner = sql.slice(EXPLAIN.exec(sql)?.[0].length ?? 0);
  return (FIRST_WORD.exec(inner)?.[1] ?? "this").toUpperCase();
}
