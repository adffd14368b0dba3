// Follows files into a database until it is stopped with SIGTERM or SIGINT, for tests of what a
// follower survives. Writes a JSON line when everything that was there is stored ("ready"), after
// each transaction ("stored"), and at the end ("closed").
// node follow-child.mjs <database> <paths…>
const library = new URL("../../packages/core/dist/index.js", import.meta.url).href;

/** @type {typeof import("../../packages/core/src/index.ts")} */
const { Follower, openStore } = await import(library);

const [database = "", ...paths] = process.argv.slice(2);
const store = await openStore(database, { writes: "small" });

/** @param {object} event */
const send = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

const follower = new Follower(store, paths, {
  listener: {
    pause: () => undefined,
    decoded: () => undefined,
    handedOn: () => undefined,
    storing: async () => () => send({ kind: "stored" }),
    refresh: async () => undefined,
  },
});
const stop = async () => {
  await follower.close();
  await store.close();
  send({ kind: "closed" });
};
process.once("SIGTERM", stop).once("SIGINT", stop);
await follower.ready;
send({ kind: "ready" });
