// `npm run check`: the whole truth about the state of the repository, one line per step.
import { join } from "node:path";
import { buildAll } from "./build.mjs";
import { installMissing } from "./install.mjs";
import { closingLine } from "./support/closing-line.mjs";
import { installedFile, root } from "./support/paths.mjs";
import { runNode } from "./support/run.mjs";

/**
 * @typedef {{ name: string, file: string, args: string[], show?: "inherit" }} Step
 */

const biome = installedFile("@biomejs", "biome", "bin", "biome");

/** @type {readonly Step[]} */
const steps = [
  { name: "format", file: biome, args: ["format", "."] },
  {
    name: "lint",
    file: biome,
    args: ["check", "--formatter-enabled=false", "--error-on-warnings", "."],
  },
  { name: "types", file: installedFile("typescript", "bin", "tsc"), args: ["-p", root] },
  {
    name: "types of the page",
    file: installedFile("typescript", "bin", "tsc"),
    args: ["--noEmit", "-p", join(root, "packages/dashboard")],
  },
  { name: "dead code", file: installedFile("knip", "bin", "knip.js"), args: [] },
  { name: "package surface", file: script("surface.mjs"), args: [] },
  { name: "words", file: script("words.mjs"), args: [] },
  { name: "docs in step", file: script("docs.mjs"), args: ["--check"] },
  { name: "tests", file: script("test.mjs"), args: [], show: "inherit" },
];

const withoutTests = process.argv.includes("--no-tests");

await installMissing();
await buildAll();
const failed = [];
const chosen = steps.filter((step) => !(withoutTests && step.name === "tests"));
for (const step of chosen) {
  if (!(await passes(step))) failed.push(step.name);
}
if (failed.length > 0) console.log(`\nFailed: ${failed.join(", ")}.`);
console.log(`\n${closingLine(chosen.length - failed.length, failed.length)}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** Runs a step, prints its line, and what it says where it fails. */
async function passes(/** @type {Step} */ { name, file, args, show }) {
  const started = performance.now();
  const { code, output } = await runNode(file, args, show === undefined ? {} : { show });
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name.padEnd(18)}${seconds} s`);
  if (code !== 0 && output !== "") console.log(output.replace(/^/gm, "       "));
  return code === 0;
}

function script(/** @type {string} */ name) {
  return join(root, "scripts", name);
}
