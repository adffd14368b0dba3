import { join } from "node:path";
import { importPaths, openStore } from "@cctelemetry/core";
import { onTestFinished } from "vitest";
import { writeEmptyDatabase } from "../../packages/core/test/support/telemetry.ts";
import { testFolder } from "./cli.ts";
import { absolute } from "./source-tree.ts";

type Row = Readonly<Record<string, unknown>>;

/** Imports files of a folder of fixtures/field one after the other; gives how to ask what is stored. */
export async function imported(
  folder: string,
  ...files: readonly string[]
): Promise<(sql: string) => Promise<readonly Row[]>> {
  const database = join(await testFolder(), "telemetry.duckdb");
  await writeEmptyDatabase(database);
  const store = await openStore(database);
  onTestFinished(() => store.close());
  for (const file of files) {
    await importPaths(store, [absolute(`fixtures/field/${folder}/${file}`)]);
  }
  return (sql) => store.reading((session) => session.rows(sql));
}
