// `npm start`: installs and builds what is missing, then shows the program on the recorded
// telemetry. `npm start -- <args>` is the program itself, run where the user stands.
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { buildAll } from "./build.mjs";
import { installMissing } from "./install.mjs";
import { builtCli, cacheFolder, root } from "./support/paths.mjs";
import { runNode } from "./support/run.mjs";

const args = process.argv.slice(2);

await installMissing();
await buildAll();
if (args.length > 0) await become(args);
else await demonstrate();

/** Turns this process into the program: same streams, same signals, same exit code. */
async function become(/** @type {string[]} */ args) {
  // npm runs scripts in the project's folder and remembers where the user stands.
  const { npm_lifecycle_event: event, INIT_CWD: origin } = process.env;
  if (event === "start" && origin !== undefined) process.chdir(origin);
  process.argv = [process.execPath, builtCli, ...args];
  await import(pathToFileURL(builtCli).href);
}

/** Imports the recordings into a database of their own and prints a few reports of them. */
async function demonstrate() {
  const database = relative(root, join(cacheFolder, "demo", "telemetry.duckdb"));
  rmSync(join(root, dirname(database)), { recursive: true, force: true });
  mkdirSync(join(root, dirname(database)), { recursive: true });
  const db = ["--db", database];
  console.log("Real telemetry of Claude Code, recorded in fixtures/telemetry:");
  await show(["import", "fixtures/telemetry/*.jsonl", ...db]);
  for (const report of ["summary", "models", "stages"]) await show(["report", report, ...db]);
  console.log(nextSteps(db.join(" ")));
}

function nextSteps(/** @type {string} */ db) {
  return `
What to type next:
  npm start -- report                    which reports there are
  npm start -- report sessions ${db}
  npm start -- query "FROM api_requests LIMIT 5" ${db}
  npm start -- schema                    which tables and views there are
  npm start -- import <your file.jsonl>  your own telemetry, into your own database
  npm start -- --help

README.md says how to bring your own telemetry.`;
}

/** Runs one command of the program and shows it as it would be typed. */
async function show(/** @type {string[]} */ command) {
  console.log(`\n$ cctelemetry ${command.join(" ")}`);
  // What is not a terminal gets tables as wide as they like; a page of text has an end.
  const env = process.stdout.isTTY ? {} : { COLUMNS: "100" };
  const { code } = await runNode(builtCli, command, { show: "inherit", env });
  if (code !== 0) process.exit(code);
}
