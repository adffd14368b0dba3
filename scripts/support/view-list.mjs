// The list of views that packages/core imports: from the files of a folder, in an order in which each
// finds what it needs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

/** @typedef {{ path: string, name: string, needs: readonly string[] }} View */

const folder = join(root, "packages/core/src/semantics/views");

/** Where the list stands, from the root of the repository. */
export const viewListPath = "packages/core/src/semantics/views/list.ts";

/** The text of the list: an import and an entry for each file. */
export function viewList() {
  const views = inOrder(readViews());
  const imports = [...views]
    .sort((left, right) => (left.path < right.path ? -1 : 1))
    .map(({ path }) => `import ${variable(path)} from "./${path}.sql";`);
  const entries = views.map(({ path }) => `  { path: "${path}", sql: ${variable(path)} },`);
  return `// Written by \`npm run docs\` from the files of this folder; do not edit.
import type { Made } from "../relation.ts";
${imports.join("\n")}

/** Every view and macro, in the order they are made: each only uses what stands above it. */
export const views: readonly Made[] = [
${entries.join("\n")}
];
`;
}

/**
 * Sorts views so that each follows those it needs, otherwise by path. Throws if some need each other.
 *
 * @param {readonly View[]} views
 * @returns {readonly View[]}
 */
export function inOrder(views) {
  const byName = new Map(views.map((view) => [view.name, view]));
  /** @type {Set<View>} */
  const placed = new Set();
  const place = (/** @type {View} */ view, /** @type {readonly View[]} */ waiting) => {
    if (placed.has(view)) return;
    if (waiting.includes(view)) {
      const names = [...waiting, view].map(({ path }) => path);
      throw new Error(`Views need each other: ${names.join(" -> ")}.`);
    }
    for (const need of view.needs) {
      const needed = byName.get(need);
      if (needed !== undefined) place(needed, [...waiting, view]);
    }
    placed.add(view);
  };
  for (const view of views) place(view, []);
  return [...placed];
}

/**
 * What a statement makes, and the names of what it needs: those of schema base, and what it reads of
 * schema main.
 *
 * @param {string} path
 * @param {string} sql
 * @returns {View}
 */
export function viewOf(path, sql) {
  const code = sql.replaceAll(/--[^\n]*|'(?:[^']|'')*'/g, "''");
  const name = /CREATE OR REPLACE (?:VIEW|MACRO|TABLE) ([a-z_.0-9]+)/.exec(code)?.[1] ?? "";
  const own = new Set(matches(code, /\b([a-z_]+) AS (?:NOT )?(?:MATERIALIZED )?\(/g));
  const read = matches(code, /\b(?:FROM|JOIN) (?:main\.)?([a-z_]+)\b(?!\.)/g).filter(
    (each) => !own.has(each),
  );
  const needs = [...matches(code, /\b(base\.[a-z_0-9]+)/g), ...read];
  return { path, name, needs: [...new Set(needs)].filter((need) => need !== name).sort() };
}

function readViews() {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.replaceAll("\\", "/").replace(/\.sql$/, ""))
    .sort()
    .map((path) => viewOf(path, readFileSync(join(folder, `${path}.sql`), "utf8")));
}

function variable(/** @type {string} */ path) {
  return path.replaceAll("/", "$");
}

function matches(/** @type {string} */ text, /** @type {RegExp} */ pattern) {
  return [...text.matchAll(pattern)].map(([, found = ""]) => found);
}
