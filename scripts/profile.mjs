// `npm run profile -- import FILE`: runs a command of the program with readable names and prints which
// functions take the processor's time; the whole profile is a file for the developer tools.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildReadable } from "./build.mjs";
import { installMissing } from "./install.mjs";
import { cacheFolder, root } from "./support/paths.mjs";
import { runProgram } from "./support/run.mjs";

/**
 * @typedef {{ id: number, callFrame: Frame }} Node
 * @typedef {{ functionName: string, url: string, lineNumber: number, columnNumber: number }} Frame
 * @typedef {{ nodes: Node[], samples?: number[], timeDeltas?: number[] }} Profile
 */

const SHOWN = 25;
const programFolder = ".cache/profile/program";
const profileFolder = join(cacheFolder, "profile", "last");

/**
 * Milliseconds by function, the longest first: those in which the function itself ran.
 *
 * @param {Profile} profile
 * @returns {readonly { name: string, place: string, ms: number }[]}
 */
export function ownTimes({ nodes, samples = [], timeDeltas = [] }) {
  const byNode = new Map(nodes.map((node) => [node.id, node]));
  /** @type {Map<string, { name: string, place: string, ms: number }>} */
  const times = new Map();
  for (const [at, id] of samples.entries()) {
    const frame = byNode.get(id)?.callFrame;
    if (frame === undefined) continue;
    const name = frame.functionName || "(anonymous)";
    const place = placeOf(frame);
    const known = times.get(`${name} ${place}`) ?? { name, place, ms: 0 };
    known.ms += (timeDeltas[at] ?? 0) / 1000;
    times.set(`${name} ${place}`, known);
  }
  return [...times.values()].sort((a, b) => b.ms - a.ms);
}

/** @type {Map<string, SourceMap | undefined>} */
const maps = new Map();

/** The line of the source where a function begins; empty for what belongs to the engine of JavaScript. */
function placeOf(/** @type {Frame} */ { url, lineNumber, columnNumber }) {
  if (!url.startsWith("file:")) return url;
  const path = fileURLToPath(url);
  if (!maps.has(path)) maps.set(path, mapOf(path));
  const entry = maps.get(path)?.findEntry(lineNumber, columnNumber);
  if (entry === undefined || !("originalSource" in entry)) {
    return `${relative(root, path)}:${lineNumber + 1}`;
  }
  const source = resolve(dirname(path), entry.originalSource);
  return `${relative(root, source)}:${entry.originalLine + 1}`;
}

function mapOf(/** @type {string} */ path) {
  if (!existsSync(`${path}.map`)) return undefined;
  return new SourceMap(JSON.parse(readFileSync(`${path}.map`, "utf8")));
}

/** Lines of a table: milliseconds, share, name, place. */
export function tableOf(/** @type {ReturnType<typeof ownTimes>} */ times) {
  const all = times.reduce((sum, { ms }) => sum + ms, 0);
  const width = Math.max(0, ...times.slice(0, SHOWN).map(({ name }) => name.length));
  return times.slice(0, SHOWN).map(({ name, place, ms }) => {
    const share = `${((100 * ms) / Math.max(all, 1)).toFixed(1)} %`;
    return `${ms.toFixed(0).padStart(8)} ms ${share.padStart(7)}  ${name.padEnd(width)}  ${place}`;
  });
}

async function main() {
  await installMissing();
  const program = await buildReadable(programFolder);
  rmSync(profileFolder, { recursive: true, force: true });
  mkdirSync(profileFolder, { recursive: true });
  const flags = ["--enable-source-maps", "--cpu-prof", `--cpu-prof-dir=${profileFolder}`];
  const command = [...flags, program, ...process.argv.slice(2)];
  const { code } = await runProgram(process.execPath, command, { show: "inherit" });
  for (const name of readdirSync(profileFolder)) {
    const path = join(profileFolder, name);
    const times = ownTimes(JSON.parse(readFileSync(path, "utf8")));
    console.log(`\n${relative(root, path)}\n${tableOf(times).join("\n")}`);
  }
  process.exitCode = code ?? 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
