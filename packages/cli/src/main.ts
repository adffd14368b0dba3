#!/usr/bin/env node
import { mkdirSync } from "node:fs";
import * as nodeModule from "node:module";
import { setFlagsFromString } from "node:v8";
import { startEarly } from "./early-child.ts";
import { homeFolder, placesHere } from "./home.ts";

const env = { ...process.env };
// What this program writes is telemetry: nobody else's to read.
const inherited = { env, umask: process.umask(0o077) };
// Each thread of the pool keeps memory of its own, and there is one thing to do at a time; but
// what is watched must be noticed while the database is written to, and what is received be
// inflated while the disk is waited for.
const isBusy = process.argv.includes("watch") || process.argv.includes("collect");
process.env["UV_THREADPOOL_SIZE"] ??= isBusy ? "4" : "1";
// Rows pass through memory once and are garbage: a young generation that grows only makes them cost more of it.
setFlagsFromString("--semi-space-growth-factor=1");

const cacheFolder = placesHere(homeFolder())?.cacheFolder;
const child = startEarly(process.argv.slice(2), process.env, cacheFolder);
if (cacheFolder !== undefined) cacheCompiledCode(cacheFolder);
const { runProgram } = await import("./program.ts");
const { processWorld } = await import("./world.ts");
process.exitCode = await runProgram(
  process.argv.slice(2),
  processWorld(cacheFolder, child, inherited),
);

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
