// The files of the engine's binding for a platform: the installed ones, or fetched with npm.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, installedFile } from "../../../scripts/support/paths.mjs";
import { runNpm } from "../../../scripts/support/run.mjs";
import { bindings } from "./targets.mjs";

/**
 * Absolute paths of the shared libraries for a platform.
 *
 * @param {string} target
 * @returns {Promise<readonly string[]>}
 */
export async function nativeFiles(target) {
  const name = bindings[target];
  if (name === undefined) {
    throw new Error(`No platform ${target}. There are ${Object.keys(bindings).join(", ")}.`);
  }
  const installed = installedFile(...name.split("/"));
  const folder = existsSync(installed) ? installed : await fetched(name);
  const files = readdirSync(folder).filter((file) => /\.(node|so|dylib|dll)$/.test(file));
  if (!files.includes("duckdb.node")) throw new Error(`${folder} holds no binding.`);
  return files.map((file) => join(folder, file));
}

/** The folder of a package that was fetched from the registry, in the version that is installed here. */
async function fetched(/** @type {string} */ name) {
  const { version } = JSON.parse(
    readFileSync(installedFile("@duckdb", "node-bindings", "package.json"), "utf8"),
  );
  const folder = join(cacheFolder, "bindings", `${name.split("/").pop()}-${version}`);
  if (existsSync(join(folder, "package", "duckdb.node"))) return join(folder, "package");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { code, output } = await runNpm(["pack", "--loglevel=error", `${name}@${version}`], {
    cwd: folder,
  });
  const archive = readdirSync(folder).find((file) => file.endsWith(".tgz"));
  if (code !== 0 || archive === undefined) {
    throw new Error(`${name} ${version} could not be fetched.\n${output}`);
  }
  execFileSync("tar", ["-xzf", archive], { cwd: folder });
  rmSync(join(folder, archive));
  return join(folder, "package");
}
