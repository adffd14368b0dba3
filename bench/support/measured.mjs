// Runs a program in a process of its own and reports what it used.
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { benchFolder, root } from "./places.mjs";

/**
 * @typedef {object} Usage
 * @property {number} cpuSeconds User and system time of the process.
 * @property {number} wallSeconds From the start to the end, as its parent sees it.
 * @property {number} peakBytes The most memory it had resident.
 * @property {string} output What it wrote to stdout.
 */

const probe = pathToFileURL(join(root, "bench", "support", "probe.mjs")).href;
let runs = 0;

/**
 * Throws what the program says where it fails.
 *
 * @param {readonly string[]} args The program and its arguments, run with this Node.js.
 * @param {string} [input] What it reads from stdin.
 * @returns {Promise<Usage>}
 */
export async function measured(args, input) {
  const usagePath = join(benchFolder(), `usage-${process.pid}-${runs++}.json`);
  const started = performance.now();
  const env = { CCTELEMETRY_BENCH_USAGE: usagePath };
  const output = await runToEnd(["--import", probe, ...args], env, input);
  const wallSeconds = (performance.now() - started) / 1000;
  /** @type {{ cpuSeconds: number, peakBytes: number }} */
  const used = JSON.parse(readFileSync(usagePath, "utf8"));
  rmSync(usagePath);
  return { ...used, wallSeconds, output };
}

/**
 * Milliseconds from the start of a program to its end.
 *
 * @param {readonly string[]} args
 * @param {string} [input] What it reads from stdin.
 */
export async function wallMs(args, input) {
  const started = performance.now();
  await runToEnd(args, {}, input);
  return performance.now() - started;
}

/**
 * @param {readonly string[]} args
 * @param {Record<string, string>} env
 * @param {string} [input]
 * @returns {Promise<string>}
 */
function runToEnd(args, env, input = "") {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, CCTELEMETRY_HOME: join(benchFolder(), "home"), ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    // Who does not read its input closes it.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      errors += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${args.join(" ")}: exit code ${code}\n${errors}`));
    });
  });
}
