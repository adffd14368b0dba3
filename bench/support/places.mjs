// Where the benches work: a folder of scratch, and a copy of the built program that stays as it is.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { builtCli, cacheFolder, root } from "../../scripts/support/paths.mjs";

export { root };

/** @type {string | undefined} */
let scratch;
/** @type {string | undefined} */
let program;
/** @type {string | undefined} */
let library;

/** A folder for this run alone; removed at its end. */
export function benchFolder() {
  if (scratch === undefined) {
    const folder = mkdtempSync(join(tmpdir(), "cctelemetry-bench-"));
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
      process.on(signal, () => process.exit(1));
    }
    scratch = folder;
  }
  return scratch;
}

/** The built command line program, in a copy that no later build replaces during a bench. */
export function builtProgram() {
  program ??= join(copyOf(dirname(builtCli)), "cctelemetry.mjs");
  return program;
}

/**
 * The built library, in such a copy.
 *
 * @returns {Promise<typeof import("../../packages/core/src/index.ts")>}
 */
export async function core() {
  library ??= join(copyOf(join(root, "packages", "core", "dist")), "index.js");
  return await import(pathToFileURL(library).href);
}

/** A copy within the repository, where the installed packages are found; removed at the end. */
function copyOf(/** @type {string} */ folder) {
  mkdirSync(cacheFolder, { recursive: true });
  const copy = mkdtempSync(join(cacheFolder, "bench-"));
  process.on("exit", () => rmSync(copy, { recursive: true, force: true }));
  cpSync(folder, copy, { recursive: true });
  return copy;
}
