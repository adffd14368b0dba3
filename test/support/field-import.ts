import { join } from "node:path";
import { writeEmptyDatabase } from "../../packages/core/test/support/telemetry.ts";
import { query, run, testFolder } from "./cli.ts";
import { absolute } from "./source-tree.ts";

/** What the built program makes of files by themselves. */
export interface FieldImport {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Requests that count, and their cost in US dollars. */
  readonly requests: number;
  readonly cost: number;
  /** Records of all kinds by their ids, which are the same however they were wrapped. */
  readonly records: readonly string[];
  readonly database: string;
}

/** The path of an input in fixtures/field. */
export function fieldFile(name: string): string {
  return absolute(`fixtures/field/${name}`);
}

/** Imports files into a database of their own; more arguments as given. */
export async function importField(
  paths: readonly string[],
  ...options: readonly string[]
): Promise<FieldImport> {
  const database = join(await testFolder(), "field.duckdb");
  await writeEmptyDatabase(database);
  const outcome = await run(["import", ...paths, "--db", database, ...options]);
  const [sums] = await query(
    database,
    "SELECT count(*) AS requests, CAST(coalesce(sum(cost_usd), 0) AS DOUBLE) AS cost FROM api_requests",
  );
  const records = await query(
    database,
    "SELECT record_id::VARCHAR AS id FROM log_records UNION ALL SELECT record_id::VARCHAR FROM metric_points ORDER BY id",
  );
  return {
    ...outcome,
    requests: Number(sums?.["requests"]),
    cost: Number(sums?.["cost"]),
    records: records.map(({ id }) => String(id)),
    database,
  };
}
