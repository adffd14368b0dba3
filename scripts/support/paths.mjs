import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root folder of the repository, without a slash at the end. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** Scratch of the scripts; ignored by git, may be deleted at any time. */
export const cacheFolder = join(root, ".cache");

/** The built command line program. */
export const builtCli = join(root, "packages", "cli", "dist", "cctelemetry.mjs");

/** A program of an installed package, to be run with node: `bin("vitest", "vitest.mjs")`. */
export function installedFile(/** @type {string[]} */ ...parts) {
  return join(root, "node_modules", ...parts);
}
