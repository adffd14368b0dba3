// Imports into a database in small leases and says when it begins, for tests that kill it midway.
// node import-child.mjs <database> <rows of a lease> <paths…>
const library = new URL("../../packages/core/dist/index.js", import.meta.url).href;

/** @type {typeof import("../../packages/core/src/index.ts")} */
const { importPaths, openStore } = await import(library);

const [database = "", leaseRows, ...paths] = process.argv.slice(2);
const store = await openStore(database);
process.stdout.write("begins\n");
const { totals } = await importPaths(store, paths, { leaseRows: Number(leaseRows) });
await store.close();
process.stdout.write(`${JSON.stringify(totals)}\n`);
