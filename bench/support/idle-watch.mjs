// Watches a file in which nothing happens and writes what that takes, as JSON.
// node idle-watch.mjs <file> <database> <url of the library> <seconds>
const [path = "", database = "", library = "", seconds = "20"] = process.argv.slice(2);

/** @type {typeof import("../../packages/core/src/index.ts")} */
const { openStore, watchTelemetry } = await import(library);

const store = await openStore(database, { writes: "small" });
const watch = watchTelemetry(store, [path]);
await watch.ready;
const pause = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));
// What the start left behind is not what watching takes: V8 gives its memory back after 15 seconds, once.
await pause(20_000);
const before = process.cpuUsage();
const began = performance.now();
await pause(Number(seconds) * 1000);
const { user, system } = process.cpuUsage(before);
const cpuPercent = (user + system) / 10 / (performance.now() - began);
process.stdout.write(JSON.stringify({ cpuPercent, residentMb: process.memoryUsage().rss / 1e6 }));
await watch.close();
await store.close();
