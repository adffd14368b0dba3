// Writes telemetry of Claude Code as the Collector's file exporter writes it, as much as is asked for.
// node bench/generate.mjs --size 100MB --out telemetry.jsonl [--seed 1]
import { closeSync, openSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { randomFrom } from "./support/random.mjs";
import { SessionScript } from "./support/session.mjs";
import { bytesOf } from "./support/size.mjs";
import { loadTemplates } from "./support/templates.mjs";

/**
 * @typedef {import("./support/random.mjs").Random} Random
 * @typedef {import("./support/process.mjs").Export} Export
 */

/** Sessions that may run at a time, each with pauses. */
const PLACES = 4;
const START = Date.UTC(2026, 9, 5, 8);
const CHUNK = 4 * 1024 * 1024;

/**
 * Writes a file of whole lines, as soon as it has `bytes` bytes; gives what it came to. The same
 * seed gives the same file.
 *
 * @param {{ path: string, bytes: number, seed?: number }} wish
 */
export function generateFile({ path, bytes, seed = 1 }) {
  const file = openSync(path, "w", 0o600);
  let written = 0;
  let lines = 0;
  let chunk = Buffer.allocUnsafe(0);
  /** @type {string[]} */
  let waiting = [];
  let length = 0;
  for (const line of generateLines(seed)) {
    waiting.push(line, "\n");
    length += line.length + 1;
    lines++;
    const enough = written + length >= bytes;
    if (length < CHUNK && !enough) continue;
    chunk = Buffer.from(waiting.join(""));
    written += writeAll(file, chunk);
    waiting = [];
    length = 0;
    if (enough) break;
  }
  closeSync(file);
  return { bytes: written, lines };
}

/**
 * Lines without end, in the order in which the Collector would get them.
 *
 * @returns {Generator<string, never>}
 */
export function* generateLines(/** @type {number} */ seed) {
  const random = randomFrom(seed);
  const templates = loadTemplates();
  const userId = random.hex(64);
  const places = Array.from({ length: PLACES }, () => {
    const exports = workflows(templates, randomFrom(random.int(1, 2 ** 31)), userId);
    return { exports, next: exports.next().value };
  });
  for (;;) {
    const first = places.reduce((a, b) => (b.next.time < a.next.time ? b : a));
    yield first.next.line;
    first.next = first.exports.next().value;
  }
}

/**
 * One workflow after the other, each stage of it a session.
 *
 * @param {ReturnType<typeof loadTemplates>} templates
 * @param {Random} random
 * @param {string} userId
 * @returns {Generator<Export, never>}
 */
function* workflows(templates, random, userId) {
  let start = START + random.int(0, 3_600_000);
  for (;;) {
    const workflow = `.claude-${random.base62(3).toLowerCase()}`;
    const count = random.int(2, templates.stages.length);
    for (const [index, { stage, agent }] of templates.stages.slice(0, count).entries()) {
      const task = `${workflow}.${index + 1}-${stage}`;
      const tags = { workflow_id: workflow, stage, task_id: task, agent };
      const session = new SessionScript(templates, random, { tags, userId, start });
      yield* session.run();
      start = session.now + random.int(2000, 600_000);
    }
    start += random.int(60_000, 5_400_000);
  }
}

function writeAll(/** @type {number} */ file, /** @type {Buffer} */ bytes) {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done);
  return done;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { values } = parseArgs({
    options: {
      size: { type: "string", default: "100MB" },
      out: { type: "string" },
      seed: { type: "string", default: "1" },
    },
  });
  if (values.out === undefined) throw new Error("--out FILE is missing");
  const bytes = bytesOf(values.size);
  const made = generateFile({ path: values.out, bytes, seed: Number(values.seed) });
  console.log(`${values.out}: ${made.bytes} bytes, ${made.lines} lines`);
}
