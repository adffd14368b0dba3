// Follows files until its standard input ends, then writes how long it waited for the database, as JSON.
// node contention-follower.mjs <database> <url of the library> <files…>
const [database = "", library = "", ...paths] = process.argv.slice(2);

/** @type {typeof import("../../packages/core/src/index.ts")} */
const { openStore, watchTelemetry } = await import(library);

const store = await openStore(database, { writes: "small" });
/** @type {number[]} */
const waitedMs = [];
/** @type {number[]} */
const storedMs = [];
/** @type {Set<string>} */
const reports = new Set();
const writing = store.writing.bind(store);
store.writing = async (work, writes) => {
  const began = performance.now();
  const result = await writing(work, writes);
  waitedMs.push(store.waitedMs);
  storedMs.push(performance.now() - began);
  return result;
};
const watch = watchTelemetry(store, paths);
watch.onChange(() => {
  const { state, reason } = watch.state().store;
  if (state !== "ok") reports.add(`${state}: ${reason}`);
});
await watch.ready;
waitedMs.length = 0;
storedMs.length = 0;
process.stdout.write("follows\n");
await new Promise((done) => process.stdin.on("end", done).resume());
await watch.close();
await store.close();
process.stdout.write(JSON.stringify({ waitedMs, storedMs, reports: [...reports] }));
