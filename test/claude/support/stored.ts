import { join } from "node:path";
import { query, run } from "../../support/cli.ts";
import type { Lab } from "./lab.ts";
import type { Entry } from "./ledger.ts";

/** A request as the store has it. */
export interface StoredEntry extends Entry {
  readonly requestId: string | undefined;
  readonly version: string;
  readonly sourceKind: string;
  readonly attribution: string;
}

type Row = Readonly<Record<string, unknown>>;

/** Imports files, and returns the database they went into. */
export async function storeOf(lab: Lab, files: readonly string[]): Promise<string> {
  const database = join(lab.folder, "telemetry.duckdb");
  const { code, stderr } = await run(["import", ...files, "--strict", "--db", database]);
  if (code !== 0) throw new Error(stderr);
  return database;
}

/** Every request of a store, from the oldest to the newest. */
export async function storedEntries(database: string): Promise<readonly StoredEntry[]> {
  const rows = await query(
    database,
    `SELECT session_id, request_id, model, stage, attribution, source_kind, service_version,
       input_tokens AS input, output_tokens AS output, cache_read_tokens AS cache_read,
       cache_creation_tokens AS cache_creation, (cost_usd::DECIMAL(38, 9) * 1000000000)::BIGINT AS nano_usd
     FROM api_requests ORDER BY time`,
  );
  return rows.map((row) => ({
    session: text(row["session_id"]),
    requestId: text(row["request_id"]),
    model: text(row["model"]) ?? "",
    stage: text(row["stage"]),
    version: text(row["service_version"]) ?? "",
    sourceKind: text(row["source_kind"]) ?? "",
    attribution: text(row["attribution"]) ?? "",
    ...numbersOf(row),
  }));
}

function numbersOf(
  row: Row,
): Pick<Entry, "input" | "output" | "cacheRead" | "cacheCreation" | "nanoUsd"> {
  return {
    input: Number(row["input"]),
    output: Number(row["output"]),
    cacheRead: Number(row["cache_read"]),
    cacheCreation: Number(row["cache_creation"]),
    nanoUsd: Number(row["nano_usd"]),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
