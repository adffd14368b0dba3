import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { importPaths } from "../../src/ingest/import.ts";
import { storeDefinition } from "../../src/semantics/definition.ts";
import { openStoreWith, type Store } from "../../src/store/store.ts";

/** The recorded telemetry that comes with the repository. */
export const recordings = fileURLToPath(
  new URL("../../../../fixtures/telemetry/", import.meta.url),
);

/** A store in a folder of its own, and how to take it away. */
export interface TestStore {
  readonly store: Store;
  remove(): Promise<void>;
}

/** Makes a store and imports these files into it. */
export async function storeOf(...paths: readonly string[]): Promise<TestStore> {
  const folder = await mkdtemp(join(tmpdir(), "cctelemetry-"));
  const path = join(folder, "telemetry.duckdb");
  await writeEmptyDatabase(path);
  const store = await openStoreWith(storeDefinition, path);
  if (paths.length > 0) await importPaths(store, paths);
  return {
    store,
    remove: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Writes a database that holds nothing: to make one takes a second of computing, a copy none. A
 * worker of the tests makes it once for all its files.
 */
export async function writeEmptyDatabase(path: string): Promise<void> {
  empty ??= emptyDatabase();
  const bytes = await empty;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes, { mode: 0o600 });
}

let empty: Promise<Buffer> | undefined;

async function emptyDatabase(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "cctelemetry-"));
  const path = join(folder, "telemetry.duckdb");
  const store = await openStoreWith(storeDefinition, path);
  await store.writing(() => Promise.resolve());
  await store.close();
  const bytes = await readFile(path);
  await rm(folder, { recursive: true, force: true });
  return bytes;
}
