import { join } from "node:path";
import { type ImportSummary, importPaths, openStore } from "@cctelemetry/core";
import { writeEmptyDatabase } from "../../packages/core/test/support/telemetry.ts";
import { testFolder } from "./cli.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/field");

/** The path of a file of a case from the field. */
export function caseFile(folder: string, name = "input.jsonl"): string {
  return join(fixtures, folder, name);
}

/** What a store holds after files were imported, one after the other. */
export interface ImportedCase {
  readonly summaries: readonly ImportSummary[];
  readonly rows: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** Imports files into a store of their own, hands it to `look` and closes it. */
export async function withImported(
  paths: readonly string[],
  look: (imported: ImportedCase) => Promise<void>,
): Promise<void> {
  const database = join(await testFolder(), "case.duckdb");
  await writeEmptyDatabase(database);
  const store = await openStore(database);
  try {
    const summaries: ImportSummary[] = [];
    for (const path of paths) summaries.push(await importPaths(store, [path]));
    await look({ summaries, rows: (sql) => store.reading((session) => session.rows(sql)) });
  } finally {
    await store.close();
  }
}
