// What the import is measured against: scan for newlines, JSON.parse each line, keep nothing.
import { closeSync, openSync, readSync } from "node:fs";

const BLOCK = 1024 * 1024;
const LINE_FEED = 0x0a;

const file = openSync(process.argv[2] ?? "", "r");
let buffer = Buffer.allocUnsafe(2 * BLOCK);
let kept = 0;
let lines = 0;
let members = 0;
for (;;) {
  if (buffer.length - kept < BLOCK) buffer = Buffer.concat([buffer], buffer.length * 2);
  const count = readSync(file, buffer, kept, BLOCK, null);
  if (count === 0) break;
  const end = kept + count;
  let from = 0;
  let to = buffer.indexOf(LINE_FEED, kept);
  while (to !== -1 && to < end) {
    members += Object.keys(JSON.parse(buffer.toString("utf8", from, to))).length;
    lines++;
    from = to + 1;
    to = buffer.indexOf(LINE_FEED, from);
  }
  buffer.copyWithin(0, from, end);
  kept = end - from;
}
closeSync(file);
console.log(JSON.stringify({ lines, members }));
