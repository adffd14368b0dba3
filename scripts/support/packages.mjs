// Packages of the npm registry that development needs and node_modules does not hold.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { runNpm, runProgram } from "./run.mjs";

/**
 * A package of the npm registry: its name with one exact version, and the checksum of its archive.
 *
 * @typedef {{ spec: string, integrity: string }} Archive
 */

/** Where development tools too large for node_modules are kept, shared by all clones. */
export const toolsFolder =
  process.env["CCTELEMETRY_DEV_CACHE"] ??
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "cctelemetry-dev");

/**
 * Fetches an archive, compares it with its checksum and unpacks it, or the named parts of it.
 * Throws where one of the three does not succeed.
 *
 * @param {Archive} archive
 * @param {string} folder Made where it is not there; has to be empty.
 * @param {readonly string[]} [parts] Paths in the archive, which begin with `package/`.
 */
export async function unpackPackage({ spec, integrity }, folder, parts = []) {
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
 * Runs npm in a folder and throws what it says where it fails.
 *
 * @param {readonly string[]} args
 * @param {string} cwd
 */
export async function npm(args, cwd) {
  const { code, output } = await runNpm([...args, "--loglevel=error"], { cwd });
  if (code !== 0) throw new Error(`npm ${args.join(" ")} failed in ${cwd}:\n${output}`);
}
