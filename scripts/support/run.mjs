import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./paths.mjs";

/**
 * Runs a JavaScript file with this Node.js and resolves to its exit code and
 * output. With `show`, output goes to the terminal as it comes (what the child
 * prints on stdout to stdout, or to stderr with `"stderr"`) and is not kept.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ show?: "inherit" | "stderr", env?: Record<string, string>, cwd?: string }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runNode(file, args, options = {}) {
  return runProgram(process.execPath, [file, ...args], options);
}

/**
 * Runs npm, found without a shell wherever possible: the npm that started this
 * script, else the one beside Node.js, else the one on the path.
 *
 * @param {readonly string[]} args
 * @param {{ show?: "inherit" | "stderr", cwd?: string }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runNpm(args, options = {}) {
  const script = npmScript();
  if (script !== undefined) return runNode(script, args, options);
  return runProgram("npm", args, { ...options, shell: process.platform === "win32" });
}

function npmScript() {
  const folder = dirname(process.execPath);
  const candidates = [
    process.env["npm_execpath"],
    join(folder, "node_modules", "npm", "bin", "npm-cli.js"),
    join(folder, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
  ];
  return candidates.find((path) => path?.endsWith("npm-cli.js") && existsSync(path));
}

/**
 * Runs a program; the rest as with `runNode`.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ show?: "inherit" | "stderr", env?: Record<string, string>, cwd?: string, shell?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runProgram(program, args, options = {}) {
  const { show, env = {}, cwd = root, shell = false } = options;
  const out = show === undefined ? "pipe" : show === "stderr" ? 2 : 1;
  const errors = show === undefined ? "pipe" : 2;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      shell,
      stdio: ["ignore", out, errors],
    });
    /** @type {Buffer[]} */
    const chunks = [];
    const keep = (/** @type {Buffer} */ chunk) => chunks.push(chunk);
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString("utf8") });
    });
  });
}
