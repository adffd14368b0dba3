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
  const database = join(cacheFolder, "demo", "telemetry.duckdb");
  rmSync(dirname(database), { recursive: true, force: true });
  mkdirSync(dirname(database), { recursive: true });
  const db = ["--db", relative(root, database)];
  await show(["import", "fixtures/telemetry/*.jsonl", ...db]);
  for (const report of ["summary", "workflows", "stages", "models"]) {
    await show(["report", report, ...db]);
  }
  console.log(`
What to type next:
  npm start -- report ${db.join(" ")}                  every report by name
  npm start -- query "SELECT * FROM sessions" ${db.join(" ")}
  npm start -- schema ${db.join(" ")}                  tables, views, columns
  npm start -- import <your file.jsonl>                     your own telemetry
  npm start -- --help
README.md says how to point Claude Code and a Collector at a file.`);
}

/** Runs one command of the program and shows it as it would be typed. */
async function show(/** @type {string[]} */ command) {
  console.log(`\n$ cctelemetry ${command.join(" ")}`);
  const { code } = await runNode(builtCli, command, { show: "inherit" });
  if (code !== 0) process.exit(code);
}
