// Asks a database again and again how many requests it holds; writes "<count> <milliseconds since
// 1970>" whenever there are more, until its input ends.
// node live-reader.mjs <database> <url of the library>
const [database = "", library = ""] = process.argv.slice(2);

/** @type {typeof import("../../packages/core/src/index.ts")} */
const { openStore } = await import(library);

const EVERY_MS = 20;
let open = true;
process.stdin.resume().on("end", () => {
  open = false;
});
const store = await openStore(database);
process.stdout.write("reading\n");
let last = 0;
while (open) {
  const [row] = await store.peeking((session) =>
    session.rows("SELECT count(*) AS requests FROM api_requests"),
  );
  const count = Number(row?.["requests"] ?? 0);
  if (count > last) process.stdout.write(`${count} ${Date.now()}\n`);
  last = count;
  await new Promise((done) => setTimeout(done, EVERY_MS));
}
await store.close();
