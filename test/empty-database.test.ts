import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import type { Store } from "../packages/core/src/index.ts";
import { openStore } from "../packages/core/src/index.ts";
import { testFolder } from "./support/cli.ts";
import { absolute } from "./support/source-tree.ts";

type Library = typeof import("../packages/core/src/index.ts");

/** The library as it is built, with the template beside it. */
const dist = absolute("packages/core/dist");
const TEMPLATE = "empty-database.gz";
const built = await libraryIn(dist);

async function libraryIn(folder: string): Promise<Library> {
  return (await import(pathToFileURL(join(folder, "index.js")).href)) as Library;
}

/** The library with another file as its template, or none. */
function libraryWith(template: Buffer | undefined): Promise<Library> {
  const cache = absolute(".cache");
  mkdirSync(cache, { recursive: true });
  // Where it finds its dependencies.
  const folder = mkdtempSync(join(cache, "library-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(dist, folder, { recursive: true });
  if (template === undefined) rmSync(join(folder, TEMPLATE));
  else writeFileSync(join(folder, TEMPLATE), template);
  return libraryIn(folder);
}

const HEADER_BYTES = 4096;

async function make(store: Store): Promise<void> {
  await store.writing(() => Promise.resolve());
  await store.close();
}

/**
 * All that a database is but its records: tables, views, macros, comments, prices, its version. Of
 * statements the words, for the engine writes a list that has no order in any.
 */
async function described(path: string): Promise<unknown> {
  const store = await openStore(path);
  const tables = await store.reading(async (session) => ({
    tables: await session.rows(
      "SELECT schema_name, table_name, sql, comment FROM duckdb_tables() WHERE database_name = current_database() ORDER BY ALL",
    ),
    columns: await session.rows(
      "SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns() WHERE database_name = current_database() ORDER BY ALL",
    ),
    views: await session.rows(
      "SELECT schema_name, view_name, list_sort(regexp_extract_all(sql, '\\w+')) AS words, comment FROM duckdb_views() WHERE database_name = current_database() ORDER BY ALL",
    ),
    macros: await session.rows(
      "SELECT schema_name, function_name, parameters, list_sort(regexp_extract_all(macro_definition, '\\w+')) AS words FROM duckdb_functions() WHERE database_name = current_database() ORDER BY ALL",
    ),
    prices: await session.rows("FROM prices ORDER BY ALL"),
    meta: await session.rows("SELECT * EXCLUDE (created_at) FROM base.meta"),
  }));
  await store.close();
  return tables;
}

let made: Promise<unknown> | undefined;

/** What the built library makes. */
function usual(): Promise<unknown> {
  made ??= (async () => {
    const path = join(await testFolder(), "usual.duckdb");
    await make(await built.openStore(path));
    return await described(path);
  })();
  return made;
}

test("a database made from the template is one made by its statements", async () => {
  const path = join(await testFolder(), "statements.duckdb");
  await make(await openStore(path));
  expect(await usual()).toEqual(await described(path));
});

test.each<[string, () => Promise<Buffer | undefined>]>([
  ["there is none", async () => undefined],
  ["it cannot be read", async () => Buffer.from("not compressed")],
  ["it is cut off", async () => readFileSync(join(dist, TEMPLATE)).subarray(0, 40_000)],
  [
    "it has other views",
    async () => {
      const path = join(await testFolder(), "other.duckdb");
      const store = await built.openStore(path);
      await store.writing(async (session) => {
        await session.run("CREATE OR REPLACE VIEW api_requests AS SELECT 1 AS other");
        await session.run("UPDATE base.meta SET definition = 'another'");
      });
      await store.close();
      return gzipSync(readFileSync(path));
    },
  ],
])("a database is the same where %s", async (_, template) => {
  const library = await libraryWith(await template());
  const path = join(await testFolder(), "a.duckdb");
  await make(await library.openStore(path));
  expect(await described(path)).toEqual(await usual());
});

test("a new database is the template, not made by statements", async () => {
  const marked = join(await testFolder(), "marked.duckdb");
  const store = await built.openStore(marked);
  await store.writing(async (session) => void (await session.run("CREATE TABLE mark (a INTEGER)")));
  await store.close();
  const library = await libraryWith(gzipSync(readFileSync(marked)));
  const path = join(await testFolder(), "a.duckdb");
  await make(await library.openStore(path));
  const found = await openStore(path);
  expect(await found.reading((session) => session.rows("FROM mark"))).toEqual([]);
  await found.close();
});

test("the template names no folder of the machine that built it", () => {
  const bytes = gunzipSync(readFileSync(join(dist, TEMPLATE))).toString("latin1");
  for (const name of ["/tmp", "/home", "/root", process.cwd()]) expect(bytes).not.toContain(name);
});

test("two of them have identifiers of their own, for the engine and for us", async () => {
  const folder = await testFolder();
  const heads: Buffer[] = [];
  const identities: (string | undefined)[] = [];
  for (const name of ["a", "b"]) {
    const path = join(folder, `${name}.duckdb`);
    const store = await built.openStore(path);
    await store.writing(() => Promise.resolve());
    identities.push(store.identity);
    await store.close();
    heads.push(readFileSync(path).subarray(0, HEADER_BYTES));
  }
  expect(heads[0]?.equals(heads[1] ?? Buffer.alloc(0))).toBe(false);
  expect(new Set(identities).size).toBe(2);
});
