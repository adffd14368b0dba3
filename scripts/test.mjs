// `npm test`: installs what is missing, builds, runs every test (or those named), counts them.
// `--light` leaves out what needs a browser, VS Code or Claude Code.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildAll } from "./build.mjs";
import { missingForClaude } from "./claude/releases.mjs";
import { installMissing } from "./install.mjs";
import { closingLine } from "./support/closing-line.mjs";
import { cacheFolder, installedFile, root } from "./support/paths.mjs";
import { runNode } from "./support/run.mjs";
import { slowestLines, tooSlow } from "./support/slowest.mjs";
import { missingForVsCode } from "./vscode/servers.mjs";

/**
 * @typedef {import("./support/slowest.mjs").TimedFile & { status: string, assertionResults: unknown[] }} FileResult
 * @typedef {{ numPassedTests: number, numFailedTests: number, testResults: FileResult[] }} Results
 */

const resultsPath = join(cacheFolder, "test-results.json");
/** Projects of vitest.config.ts that need nothing but Node.js. */
const lightProjects = ["all else", "by the clock"];

await installMissing();
await buildAll();
mkdirSync(cacheFolder, { recursive: true });
rmSync(resultsPath, { force: true });
const vitest = installedFile("vitest", "vitest.mjs");
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${resultsPath}`];
const plain = process.stdout.isTTY ? [] : ["--no-color"];
const isLight = process.argv.includes("--light");
const projects = isLight ? lightProjects.flatMap((name) => ["--project", name]) : [];
const given = process.argv.slice(2).filter((each) => each !== "--light");
const args = ["run", ...reporters, ...plain, ...projects, ...given];
const { code } = await runNode(vitest, args, { show: "inherit" });
const results = readResults();
const { passed, failed } = count(results);
const slow = tooSlow(results.testResults, root);
// Something can go wrong outside every test, too: an unhandled rejection, a broken set-up.
const failures = (failed === 0 && code !== 0 ? 1 : failed) + slow.length;
if (passed + failures === 0) console.error("No test ran.");
console.log(`\nSlowest files:\n${slowestLines(results.testResults, root).join("\n")}`);
for (const sentence of slow) console.error(sentence);
for (const lacking of isLight ? [] : [missingForVsCode(), missingForClaude()]) {
  if (lacking !== undefined) console.log(`\nLeft out or failed: ${lacking}`);
}
console.log(`\n${closingLine(passed, failures)}`);
process.exitCode = failures === 0 && passed > 0 ? 0 : 1;

/** @returns {Results} */
function readResults() {
  try {
    return JSON.parse(readFileSync(resultsPath, "utf8"));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, testResults: [] };
  }
}

/** A file that could not even be loaded holds no test; it counts as one failure. */
function count(/** @type {Results} */ results) {
  const unloadable = results.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  return { passed: results.numPassedTests, failed: results.numFailedTests + unloadable.length };
}
