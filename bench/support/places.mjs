// Where the benches work: a folder of scratch, and a copy of the built program that stays as it is.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { builtCli, cacheFolder, root } from "../../scripts/support/paths.mjs";

export { root };

/** @type {string | undefined} */
let scratch;
/** @type {string | undefined} */
let program;

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
  if (program === undefined) {
    // Within the repository, where the engine's package is found.
    mkdirSync(cacheFolder, { recursive: true });
    const folder = mkdtempSync(join(cacheFolder, "bench-program-"));
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    cpSync(dirname(builtCli), folder, { recursive: true });
    program = join(folder, "cctelemetry.mjs");
  }
  return program;
}
