// `npm run claude`: fetches the releases of Claude Code that the telemetry is tested with, out of the
// npm registry, into a cache outside the repository. Does nothing where they are there. It runs
// nothing of them: no install script, no program.
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { toolsFolder, unpackPackage } from "../support/packages.mjs";
import { claudeCommand, releaseFolder, releases } from "./releases.mjs";

/** @typedef {import("./releases.mjs").Release} Release */

/** Sets up what is missing. Throws what went wrong; what is half done is not found later. */
export async function setUpReleases() {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("Claude Code is set up for tests on Linux x64 only.");
  }
  for (const release of Object.values(releases)) {
    if (claudeCommand(release) === undefined) await setUp(release);
  }
}

/** Unpacks in a folder of its own and renames it, so that two set-ups do not meet. */
async function setUp(/** @type {Release} */ release) {
  console.error(`Setting up Claude Code ${release.version} in ${toolsFolder} …`);
  const started = performance.now();
  const folder = releaseFolder(release);
  const draft = `${folder}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await unpackPackage(release.archive, draft);
  await writeFile(join(draft, "complete"), "");
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder).catch((error) => {
    if (claudeCommand(release) === undefined) throw error;
  });
  await rm(draft, { recursive: true, force: true });
  console.error(`Set up in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await setUpReleases();
