// The reference of the receiver's bench: parses each body and appends it as one line, and answers
// before anything is on the disk. node trusting-receiver.mjs <file>; writes its port to stdout.
import { createWriteStream } from "node:fs";
import { createServer } from "node:http";

const [path = ""] = process.argv.slice(2);
const file = createWriteStream(path, { flags: "a" });

const server = createServer((request, response) => {
  /** @type {Buffer[]} */
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    // A body may be laid out in several lines; a file of lines needs it in one.
    file.write(`${JSON.stringify(JSON.parse(Buffer.concat(chunks).toString()))}\n`);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object") process.stdout.write(`${address?.port}\n`);
});
