// What the import of other writers' lines costs against the Collector's: the same records, written otherwise.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateFile } from "./generate.mjs";
import { figure } from "./support/figures.mjs";
import { measured } from "./support/measured.mjs";
import { benchFolder, builtProgram } from "./support/places.mjs";
import { bytesOf } from "./support/size.mjs";

/** @typedef {Readonly<Record<string, unknown>>} Fields */

/** How much more a line of another writer may cost. */
const AT_MOST = 1.3;

/** @type {Readonly<Record<string, (request: unknown) => string>>} */
const dialects = {
  collector: (request) => JSON.stringify(request),
  dropped_attributes_count: (request) =>
    rewritten(request, (fields) =>
      "body" in fields ? { ...fields, droppedAttributesCount: 0, flags: 0 } : fields,
    ),
  sorted_members: (request) =>
    rewritten(request, (fields) => inOrder(fields, (a, b) => (a < b ? -1 : 1))),
  reversed_members: (request) =>
    rewritten(request, (fields) => Object.fromEntries(Object.entries(fields).reverse())),
  spaced: (request) => spaced(request),
};

/**
 * Measures each dialect, all in turn, and prints the ratio of the best rounds.
 *
 * @param {{ size: string, rounds: number }} options
 */
export async function benchDialects({ size, rounds }) {
  const original = join(benchFolder(), "dialects.jsonl");
  generateFile({ path: original, bytes: bytesOf(size) });
  const requests = readFileSync(original, "utf8").trimEnd().split("\n");
  rmSync(original);
  /** @type {Record<string, number>} */
  const best = {};
  for (const [name, write] of Object.entries(dialects)) {
    writeFileSync(pathOf(name), requests.map((line) => `${write(JSON.parse(line))}\n`).join(""));
  }
  const database = join(benchFolder(), "dialects.duckdb");
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(dialects)) {
      const { cpuSeconds } = await measured([
        ...[builtProgram(), "import", pathOf(name)],
        ...["--db", database],
      ]);
      best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, cpuSeconds);
      rmSync(database);
    }
  }
  for (const name of Object.keys(dialects)) {
    figure(`dialect_${name}_cpu_seconds`, best[name] ?? Number.NaN);
    const ratio = (best[name] ?? Number.NaN) / (best["collector"] ?? Number.NaN);
    if (name !== "collector")
      figure(`dialect_${name}_over_collector_ratio`, ratio, { atMost: AT_MOST });
    rmSync(pathOf(name));
  }
}

function pathOf(/** @type {string} */ name) {
  return join(benchFolder(), `dialect-${name}.jsonl`);
}

/** The JSON of a value in which each object was changed. */
function rewritten(/** @type {unknown} */ value, /** @type {(fields: Fields) => Fields} */ change) {
  return JSON.stringify(value, (_, each) =>
    typeof each === "object" && each !== null && !Array.isArray(each) ? change(each) : each,
  );
}

function inOrder(
  /** @type {Fields} */ fields,
  /** @type {(one: string, other: string) => number} */ order,
) {
  return Object.fromEntries(Object.entries(fields).sort(([one], [other]) => order(one, other)));
}

/** JSON with a space after each colon and comma. @returns {string} */
function spaced(/** @type {unknown} */ value) {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, each]) => `${JSON.stringify(name)}: ${spaced(each)}`,
  );
  return `{${members.join(", ")}}`;
}
