#!/usr/bin/env node
import { mkdirSync } from "node:fs";
import * as nodeModule from "node:module";
import type { Places } from "@cctelemetry/core/paths";
import { homeFolder, placesHere } from "./process/home.ts";

const env = { ...process.env };
// What this program writes is telemetry: nobody else's to read.
const inherited = { env, umask: process.umask(0o077) };
const args = process.argv.slice(2);
let explained: Promise<number> | undefined;
// Each thread of the pool keeps memory of its own, and there is one thing to do at a time; but
// what is watched must be noticed while the database is written to, and what is received be
// inflated while the disk is waited for.
const isBusy = args.includes("watch") || args.includes("collect");
process.env["UV_THREADPOOL_SIZE"] ??= isBusy ? "4" : "1";
// Also what fails beside the command, in an event or a second time, is said as everything else is.
process.on("uncaughtException", (error) => {
  const failed = Number(process.exitCode ?? 0);
  void (failed === 0 ? explainFailure(error) : Promise.resolve(failed)).then((code) =>
    process.exit(code),
  );
});
const places = placesHere(homeFolder());
if (places !== undefined) cacheCompiledCode(places.cacheFolder);
// What Claude Code waits for several times a minute needs little, and loads no more than that.
if (places === undefined || args[0] !== "statusline" || !(await isDrawn(args.slice(1), places))) {
  try {
    process.exitCode = await runWhole(places?.cacheFolder);
  } catch (error) {
    process.exitCode = await explainFailure(error);
  }
}

/** Runs the program with all its commands; gives its exit code. */
async function runWhole(cacheFolder: string | undefined): Promise<number> {
  const { setFlagsFromString } = await import("node:v8");
  // Rows pass through memory once and are garbage: a young generation that grows only makes them
  // cost more of it. Requests are many at once, and garbage when they are answered.
  if (!args.includes("collect")) setFlagsFromString("--semi-space-growth-factor=1");
  const { startEarly } = await import("./process/early-child.ts");
  const child = startEarly(args, process.env, cacheFolder);
  const { runProgram } = await import("./program.ts");
  const { processContext } = await import("./process/process-context.ts");
  return await runProgram(args, processContext(cacheFolder, child, inherited));
}

/** Says what failed outside of a command, and the exit code; once, since one fault may fail at two places. */
function explainFailure(error: unknown): Promise<number> {
  explained ??= explain(error);
  return explained;
}

/** Where too many files are open, nothing more can be loaded. */
async function explain(error: unknown): Promise<number> {
  try {
    const { exitCodeOf, failureText } = await import("./process/failure.ts");
    process.stderr.write(failureText(error, args.includes("--debug")));
    return exitCodeOf(error);
  } catch {
    const isLimit = /EMFILE|ENFILE/.test(String(error));
    const reason = isLimit ? "too many files are open" : String(error);
    process.stderr.write(
      `cctelemetry: The program cannot be loaded: ${reason}.\nhint: Allow this process more open files (ulimit -n 1024), or install cctelemetry again.\n`,
    );
    return 1;
  }
}

/** Draws the status line, or says why it cannot; false if the whole program is needed for that. */
async function isDrawn(rest: readonly string[], at: Places): Promise<boolean> {
  const { drawAtOnce } = await import("./statusline/hot.ts");
  try {
    return await drawAtOnce(rest, at);
  } catch (error) {
    process.exitCode = await explainFailure(error);
    return true;
  }
}

/** Where Node.js can keep compiled code (22 and later), the next start is faster. */
function cacheCompiledCode(folder: string): void {
  const enable = "enableCompileCache" in nodeModule ? nodeModule.enableCompileCache : undefined;
  if (typeof enable !== "function") return;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    enable(folder);
  } catch {
    // Without the cache everything works as well.
  }
}
