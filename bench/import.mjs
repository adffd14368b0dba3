// How fast, how large and how often: the import of generated telemetry against JSON.parse of its lines.
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { generateFile } from "./generate.mjs";
import { figure, median } from "./support/figures.mjs";
import { measured } from "./support/measured.mjs";
import { benchFolder, builtProgram, root } from "./support/places.mjs";
import { bytesOf } from "./support/size.mjs";

/** @typedef {import("./support/measured.mjs").Usage} Usage */

const reference = join(root, "bench", "support", "reference.mjs");

/** Peak memory of the smallest size, which the others may exceed only a little. */
const MEMORY_GROWTH = 1.3;

/**
 * Measures each size and compares them.
 *
 * @param {{ sizes: readonly string[], rounds: number }} options
 */
export async function benchImport({ sizes, rounds }) {
  /** @type {number | undefined} */
  let firstPeak;
  for (const size of sizes) {
    const path = join(benchFolder(), `telemetry-${size}.jsonl`);
    generateFile({ path, bytes: bytesOf(size) });
    const peak = await benchFile(path, size, rounds);
    if (firstPeak === undefined) firstPeak = peak;
    else
      figure(`import_memory_${size}_over_${sizes[0]}_ratio`, peak / firstPeak, {
        atMost: MEMORY_GROWTH,
      });
    rmSync(path);
  }
}

/** Alternates reference and import on one file; gives the import's peak memory in MB. */
async function benchFile(
  /** @type {string} */ path,
  /** @type {string} */ size,
  /** @type {number} */ rounds,
) {
  const bytes = statSync(path).size;
  const database = join(benchFolder(), `telemetry-${size}.duckdb`);
  const command = [builtProgram(), "import", path, "--db", database];
  /** @type {Usage[]} */
  const references = [];
  /** @type {Usage[]} */
  const imports = [];
  for (let round = 0; round < rounds; round++) {
    rmSync(database, { force: true });
    references.push(await measured([reference, path]));
    imports.push(await measured(command));
  }
  const megabytes = bytes / 1e6;
  printFigures(`reference_${size}`, references, megabytes);
  printFigures(`import_${size}`, imports, megabytes);
  const ratio = best(references) / best(imports);
  figure(`import_${size}_cpu_rate_over_reference_ratio`, ratio, { atLeast: 0.5 });
  const peak = Math.max(...imports.map(({ peakBytes }) => peakBytes)) / 1e6;
  figure(`import_${size}_peak_memory_mb`, peak, { atMost: 300 });
  figure(`database_${size}_over_jsonl_ratio`, statSync(database).size / bytes, { atMost: 1 / 12 });
  const again = await measured(command);
  figure(`second_import_${size}_cpu_seconds`, again.cpuSeconds);
  // The start of the program alone is more than that part of a small import.
  const share = again.cpuSeconds / best(imports);
  const name = `second_import_${size}_over_first_ratio`;
  if (bytes >= 1e9) figure(name, share, { atMost: 0.03 });
  else figure(name, share);
  rmSync(database);
  return peak;
}

function printFigures(
  /** @type {string} */ name,
  /** @type {readonly Usage[]} */ usages,
  /** @type {number} */ megabytes,
) {
  const cpu = usages.map(({ cpuSeconds }) => cpuSeconds);
  figure(`${name}_cpu_seconds`, Math.min(...cpu));
  figure(`${name}_cpu_median_seconds`, median(cpu));
  figure(`${name}_wall_seconds`, Math.min(...usages.map(({ wallSeconds }) => wallSeconds)));
  figure(`${name}_mb_per_cpu_second`, megabytes / Math.min(...cpu));
}

function best(/** @type {readonly Usage[]} */ usages) {
  return Math.min(...usages.map(({ cpuSeconds }) => cpuSeconds));
}
