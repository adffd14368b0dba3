// Sends export requests over many connections for a while, one at a time on each, and writes what
// came back as JSON. node export-load.mjs <port> <connections> <seconds> <folder of bodies>
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

const [port = "", connections = "", seconds = "", folder = ""] = process.argv.slice(2);

/** Requests differ in a number of so many digits: no receiver may take one for another. */
const DIGITS = 12;
/** Both programs must have been compiled for what they do. */
const WARM_UP_MS = 3_000;

/** Each request in two pieces, between which the number stands. */
const requests = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => {
    const body = readFileSync(join(folder, name), "utf8").trimEnd();
    const [signal] = /(?<=-)\w+/.exec(name) ?? [];
    const before = `${body.slice(0, -1)},"number":"`;
    const bytes = Buffer.byteLength(before) + DIGITS + 2;
    const head = [
      `POST /v1/${signal} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      "Content-Type: application/json",
      `Content-Length: ${bytes}`,
    ];
    return `${head.join("\r\n")}\r\n\r\n${before}`;
  });

const began = performance.now();
const until = began + WARM_UP_MS + Number(seconds) * 1000;
let sent = 0;
let accepted = 0;
let all = 0;
/** @type {Record<string, number>} */
const others = {};

await Promise.all(Array.from({ length: Number(connections) }, sendUntilTheEnd));
process.stdout.write(JSON.stringify({ accepted, all, others }));

function sendUntilTheEnd() {
  return new Promise((resolve) => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.setEncoding("latin1").setNoDelay(true);
    let answer = "";
    const next = () => {
      const request = requests[sent++ % requests.length];
      if (request === undefined || performance.now() > until) {
        socket.end();
        return;
      }
      socket.write(`${request}${String(sent).padStart(DIGITS, "0")}"}`);
    };
    socket.on("connect", next);
    socket.on("data", (text) => {
      answer += text;
      const head = answer.indexOf("\r\n\r\n");
      if (head < 0) return;
      const [, length] = /content-length: (\d+)/i.exec(answer) ?? [];
      const whole =
        length === undefined
          ? answer.endsWith("0\r\n\r\n")
          : answer.length >= head + 4 + Number(length);
      if (!whole) return;
      const status = answer.slice(9, 12);
      answer = "";
      if (status !== "200") others[status] = (others[status] ?? 0) + 1;
      else {
        all++;
        if (performance.now() > began + WARM_UP_MS) accepted++;
      }
      next();
    });
    socket.on("error", (error) => {
      others[error.message] = (others[error.message] ?? 0) + 1;
    });
    socket.on("close", resolve);
  });
}
