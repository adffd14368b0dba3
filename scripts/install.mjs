// Installs what is missing, and nothing when nothing is: the first step of every other script.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { requireNode } from "./support/node-version.mjs";
import { root } from "./support/paths.mjs";
import { runNpm } from "./support/run.mjs";

/**
 * @typedef {{ version?: string, optional?: boolean, link?: boolean } & Record<string, unknown>} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lockfile
 */

/** Brings node_modules to what package.json and package-lock.json ask for. Says so on stderr. */
export async function installMissing() {
  requireNode();
  const reason = missingReason();
  if (reason === undefined) return;
  console.error(`Installing dependencies (${reason}) …`);
  const started = performance.now();
  const { code } = await runNpm([installCommand(), ...quiet], { show: "stderr" });
  if (code !== 0) {
    console.error("The dependencies could not be installed; npm says why above.");
    process.exit(1);
  }
  console.error(`Installed in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
}

/** Development tools are needed whatever NODE_ENV says; no package needs its install script. */
const quiet = [
  "--include=dev",
  "--include=optional",
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  "--loglevel=error",
];

/** A clean folder gets exactly the lockfile; a folder in use is brought up to date. */
function installCommand() {
  return existsSync(join(root, "node_modules")) ? "install" : "ci";
}

/** Why an install is needed, in words; undefined when everything is there. */
function missingReason() {
  const installed = readLockfile(join(root, "node_modules", ".package-lock.json"));
  if (installed === undefined) return "first run";
  const wanted = readLockfile(join(root, "package-lock.json"));
  if (wanted === undefined) return "no package-lock.json";
  for (const [path, locked] of Object.entries(wanted.packages)) {
    if (path.includes("node_modules/")) {
      const reason = packageReason(path, locked, installed.packages[path]);
      if (reason !== undefined) return reason;
    } else if (!sameDependencies(locked, readJson(join(root, path, "package.json")))) {
      return `${path === "" ? "package.json" : `${path}/package.json`} has changed`;
    }
  }
  return undefined;
}

/**
 * @param {string} path
 * @param {LockedPackage} wanted
 * @param {LockedPackage | undefined} found
 */
function packageReason(path, wanted, found) {
  const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  if (!existsSync(join(root, path))) {
    // An optional package that the last install left out is for another platform.
    return wanted.optional === true && found === undefined ? undefined : `${name} is missing`;
  }
  return wanted.link === true || found?.version === wanted.version ? undefined : `${name} is old`;
}

const dependencyFields = ["dependencies", "devDependencies", "optionalDependencies"];

/**
 * @param {LockedPackage} locked
 * @param {unknown} manifest
 */
function sameDependencies(locked, manifest) {
  const declared = /** @type {Record<string, unknown>} */ (manifest ?? {});
  return dependencyFields.every((field) => sorted(locked[field]) === sorted(declared[field]));
}

/** @param {unknown} dependencies */
function sorted(dependencies) {
  return JSON.stringify(Object.entries(dependencies ?? {}).sort());
}

/**
 * @param {string} path
 * @returns {Lockfile | undefined}
 */
function readLockfile(path) {
  return /** @type {Lockfile | undefined} */ (readJson(path));
}

/** @param {string} path */
function readJson(path) {
  try {
    return /** @type {unknown} */ (JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await installMissing();
