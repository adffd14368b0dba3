import { basename } from "node:path";
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBPreparedStatement,
  type DuckDBResult,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";
import { KnownError } from "../errors.ts";
import { explain, isDamage } from "./lock.ts";
import { LockQueue } from "./lock-queue.ts";
import { quoted } from "./quoted.ts";
import { knownError, MEMORY_LIMIT } from "./sandbox-errors.ts";
import { checkStatement } from "./sandbox-statement.ts";
import type { SandboxMessage, SandboxRequest } from "./sandbox-wire.ts";
import {
  foreignStore,
  type SchemaState,
  type StoreDefinition,
  selectMeta,
  stateOf,
} from "./schema.ts";
import type { Session, Value } from "./session.ts";
import { STORE } from "./statements.ts";
import { sessionOn, toValue } from "./values.ts";
import { checkLog } from "./write-ahead-log.ts";

const INTERRUPT_EVERY_MS = 100;

/** Sends a message and says how many bytes it took. */
export type Send = (message: SandboxMessage) => Promise<number>;

/**
 * Runs one query on a locked, read-only instance and reports the outcome.
 * Meant for a process of its own: what the engine cannot refuse, it dies of.
 */
export async function runSandboxed(
  request: SandboxRequest,
  definition: StoreDefinition,
  send: Send,
): Promise<void> {
  let timedOut = false;
  let timer: NodeJS.Timeout | undefined;
  try {
    const { instance, connection } = await openLocked(request);
    try {
      if ((await readState(sessionOn(connection), definition, request.path)) !== "current") {
        await send({ kind: "outdated" });
        return;
      }
      await send({ kind: "opened" });
      const deadline = Date.now() + request.timeoutMs;
      // An interrupt between two calls of the engine is lost, so it is repeated.
      timer = setInterval(() => {
        timedOut = request.timeoutMs > 0 && Date.now() >= deadline;
        if (timedOut) connection.interrupt();
      }, INTERRUPT_EVERY_MS);
      await runStatement(connection, request, send);
    } finally {
      clearInterval(timer);
      connection.closeSync();
      instance.closeSync();
    }
  } catch (error) {
    const said = isDamage(error) ? explain(error, request.path) : error;
    const known = knownError(said, timedOut ? request.timeoutMs : undefined);
    if (known === undefined) throw error;
    await send({ kind: "failed", code: known.code, message: known.message, hint: known.hint });
  }
}

interface Opened {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
}

/**
 * A read-only instance with every way out closed and its settings locked. The
 * engine names a database after its file; where that is the name of a schema,
 * the database is attached a second time under another name and the first is
 * dropped, for `otel.logs` would be ambiguous in a file called otel.duckdb.
 */
async function openLocked(request: SandboxRequest): Promise<Opened> {
  const instance = await createWhenFree(request);
  const connection = await instance.connect();
  const name = NAMED_AS_A_SCHEMA.exec(basename(request.path))?.[1];
  if (name !== undefined) {
    await connection.run(`ATTACH ${quoted(request.path, "'")} AS ${STORE} (READ_ONLY)`);
    await connection.run(`USE ${STORE}`);
    await connection.run(`DETACH ${quoted(name, '"')}`);
  }
  if (request.timeZone !== undefined) {
    await connection.run(`SET TimeZone = ${quoted(request.timeZone, "'")}`);
  }
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");
  return { instance, connection };
}

const NAMED_AS_A_SCHEMA = /^(base|otel)(?:\.|$)/i;

async function readState(
  session: Session,
  definition: StoreDefinition,
  path: string,
): Promise<SchemaState> {
  const [row] = await session.rows(selectMeta).catch(async (error: unknown) => {
    if (!/^Catalog Error/.test(error instanceof Error ? error.message : "")) throw error;
    const tables = await session.rows("SELECT 1 FROM duckdb_tables() LIMIT 1");
    throw tables.length === 0 ? emptyStore(path) : foreignStore(path);
  });
  return stateOf(row, definition, path);
}

/** A file without a table: an import was stopped before it had stored anything. */
function emptyStore(path: string): KnownError {
  return new KnownError("store-missing", `There is no database of telemetry at ${path} yet.`, {
    hint: "Import telemetry first: cctelemetry import <file.jsonl>",
  });
}

async function createWhenFree({ path, waitMs }: SandboxRequest): Promise<DuckDBInstance> {
  const queue = new LockQueue(path);
  const open = (): Promise<DuckDBInstance> => {
    checkLog(path);
    return DuckDBInstance.create(path, {
      access_mode: "READ_ONLY",
      threads: "2",
      memory_limit: MEMORY_LIMIT,
      // Must stand before anything that closes the file system.
      temp_directory: "",
      max_temp_directory_size: "0KB",
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      allow_community_extensions: "false",
      allow_persistent_secrets: "false",
    });
  };
  try {
    return (await queue.acquire(open, { access: "read", waitMs })).value;
  } catch (error) {
    throw explain(error, path);
  }
}

async function runStatement(
  connection: DuckDBConnection,
  request: SandboxRequest,
  send: Send,
): Promise<void> {
  const { prepared, kind } = await checkStatement(connection, request.sql);
  bindParameters(prepared, request.parameters);
  const result = await prepared.stream();
  const types = result.columnTypes();
  const columns =
    kind === "plan"
      ? [{ name: "plan", type: "VARCHAR" }]
      : result.columnNames().map((name, at) => ({ name, type: typeName(types[at]) }));
  await send({ kind: "columns", columns });
  const cut = await sendRows(result, kind === "plan" ? planLines : plainRows, request, send);
  await send({ kind: "done", cut });
}

function bindParameters(
  prepared: DuckDBPreparedStatement,
  parameters: Readonly<Record<string, string>>,
): void {
  const wanted = Array.from({ length: prepared.parameterCount }, (_, index) =>
    prepared.parameterName(index + 1),
  );
  for (const name of wanted) {
    if (!Object.hasOwn(parameters, name)) {
      throw new KnownError("bad-argument", `The query needs a value for its parameter $${name}.`, {
        hint: /^\d+$/.test(name)
          ? "Give parameters names, as in WHERE model = $model."
          : `Add --param ${name}=<value>.`,
      });
    }
  }
  for (const [name, value] of Object.entries(parameters)) {
    if (!wanted.includes(name)) {
      throw new KnownError("bad-argument", `The query has no parameter $${name}.`, {
        hint: `Write $${name} where the value belongs, or leave out --param ${name}.`,
      });
    }
    prepared.bindVarchar(prepared.parameterIndex(name), value);
  }
}

type Row = readonly Value[];

/** Sends rows chunk by chunk until they end or a limit is reached; says which limit cut them. */
async function sendRows(
  result: DuckDBResult,
  convert: (rows: readonly (readonly DuckDBValue[])[]) => readonly Row[],
  { maxRows, maxBytes }: SandboxRequest,
  send: Send,
): Promise<"rows" | "bytes" | undefined> {
  let sentRows = 0;
  let sentBytes = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return undefined;
    const rows = convert(chunk.getRows());
    const room = maxRows === 0 ? rows.length : maxRows - sentRows;
    sentBytes += await send({ kind: "rows", rows: rows.slice(0, room) });
    sentRows += Math.min(rows.length, room);
    if (rows.length > room) return "rows";
    if (maxBytes > 0 && sentBytes > maxBytes) return "bytes";
  }
}

function plainRows(rows: readonly (readonly DuckDBValue[])[]): readonly Row[] {
  return rows.map((row) => row.map(toValue));
}

/** EXPLAIN gives a drawing in one cell; each of its lines becomes a row. */
function planLines(rows: readonly (readonly DuckDBValue[])[]): readonly Row[] {
  return rows.flatMap((row) =>
    String(row.at(-1))
      .trimEnd()
      .split("\n")
      .map((line) => [line]),
  );
}

/** JSON is VARCHAR to the engine; the alias of the type distinguishes it. */
function typeName(type: DuckDBType | undefined): string {
  return type?.alias ?? String(type);
}
