// `npm run docs`: writes the list of views from their files, docs/sql.md from the schema a new database gets, docs/cli.md from the help
// of the program, and what `npm start` prints into docs/reports.md. With --check, writes nothing and
// fails if a page is out of step.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildAll } from "./build.mjs";
import { builtCli, cacheFolder, root } from "./support/paths.mjs";
import { runNode } from "./support/run.mjs";
import { viewList, viewListPath } from "./support/view-list.mjs";

/** @typedef {import("../packages/core/src/index.ts").Relation} Relation */

const checking = process.argv.includes("--check");
put(viewListPath, viewList());
await buildAll();
const pages = {
  "docs/sql.md": await sqlPage(),
  "docs/cli.md": await cliPage(),
  "docs/reports.md": await reportsPage(),
};
for (const [path, text] of Object.entries(pages)) put(path, text);

/** Writes a page that has changed; with --check, says so instead. */
function put(/** @type {string} */ path, /** @type {string} */ wanted) {
  if (readOr(join(root, path), "") === wanted) return;
  if (!checking) return writeFileSync(join(root, path), wanted);
  console.error(`${path} is out of step; \`npm run docs\` writes it.`);
  process.exitCode = 1;
}

/** Every public table and view: what one row is, and each column with its type and meaning. */
async function sqlPage() {
  const { relations, types } = await freshSchema();
  const list = relations.map(
    ({ schema, name, row }) => `| [${title(schema, name)}](#${anchor(schema, name)}) | ${row} |`,
  );
  return `${[
    "# SQL reference",
    generatedBy("the schema"),
    "`cctelemetry query` runs one read-only statement against these tables and views; any other DuckDB program can open the file as well. Times are `TIMESTAMPTZ`, tokens `BIGINT`, money `DECIMAL(18,9)` in US dollars. Views are the contract: their names and columns stay. What lies in schema `base` is storage and may change.",
    ["| name | one row is |", "|---|---|", ...list].join("\n"),
    ...relations.map((relation) => relationSection(relation, types)),
  ].join("\n\n")}\n`;
}

/** Makes a new database, and asks it for its types. */
async function freshSchema() {
  const library = pathToFileURL(join(root, "packages/core/dist/index.js")).href;
  const { openStore, relations } = /** @type {typeof import("../packages/core/src/index.ts")} */ (
    await import(library)
  );
  const folder = join(cacheFolder, "docs");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const store = await openStore(join(folder, "empty.duckdb"));
  try {
    await store.writing(() => Promise.resolve());
    const rows = await store.reading((session) =>
      session.rows(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = 'store'",
      ),
    );
    const types = new Map(
      rows.map((row) => [
        `${row["schema_name"]}.${row["table_name"]}.${row["column_name"]}`,
        String(row["data_type"]).replaceAll("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ"),
      ]),
    );
    return { relations, types };
  } finally {
    await store.close();
  }
}

/**
 * @param {Relation} relation
 * @param {Map<string, string>} types
 */
function relationSection({ kind, schema, name, row, columns }, types) {
  const rows = columns.map((column) => {
    const type = types.get(`${schema}.${name}.${column.name}`);
    if (type === undefined) throw new Error(`${schema}.${name} has no column ${column.name}`);
    return `| \`${column.name}\` | ${type} | ${cell(column.text)} |`;
  });
  const table = ["| column | type | meaning |", "|---|---|---|", ...rows].join("\n");
  return `## ${title(schema, name)}\n\n${kind === "table" ? "Table" : "View"}. ${row}\n\n${table}`;
}

function title(/** @type {string} */ schema, /** @type {string} */ name) {
  return schema === "main" ? name : `${schema}.${name}`;
}

/** The fragment a Markdown renderer gives a heading. */
function anchor(/** @type {string} */ schema, /** @type {string} */ name) {
  return title(schema, name).replaceAll(".", "");
}

function cell(/** @type {string} */ text) {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** What each command says about itself. */
async function cliPage() {
  const sections = [];
  const top = await helpOf([]);
  for (const command of commandsIn(top)) {
    const help = await helpOf([command]);
    sections.push(helpSection([command], help));
    for (const sub of commandsIn(help)) {
      sections.push(helpSection([command, sub], await helpOf([command, sub])));
    }
  }
  return `${[
    "# Command reference",
    generatedBy("the program's own help"),
    "Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 known failure, 2 wrong usage, 3 bug.",
    helpSection([], top),
    ...sections,
  ].join("\n\n")}\n`;
}

function helpSection(/** @type {string[]} */ command, /** @type {string} */ help) {
  return `## ${["cctelemetry", ...command].join(" ")}\n\n\`\`\`\n${help}\n\`\`\``;
}

/** The names under "Commands:" in a help text, without `help` itself. */
function commandsIn(/** @type {string} */ help) {
  const [, list = ""] = help.split(/^Commands:\n/m);
  const [block = ""] = list.split(/\n\n/);
  return [...block.matchAll(/^ {2}([a-z][\w-]*)/gm)]
    .map((match) => match[1] ?? "")
    .filter((name) => name !== "help");
}

async function helpOf(/** @type {string[]} */ command) {
  const env = { NO_COLOR: "1", CCTELEMETRY_HOME: join(cacheFolder, "docs") };
  const { code, output } = await runNode(builtCli, [...command, "--help"], { env });
  if (code !== 0) throw new Error(output);
  return output.trimEnd();
}

/** The page on reports with what `npm start` prints between its marks. */
async function reportsPage() {
  const start = join(root, "scripts", "start.mjs");
  const { code, output } = await runNode(start, [], { env: { NO_COLOR: "1", TZ: "UTC" } });
  if (code !== 0) throw new Error(output);
  const text = readFileSync(join(root, "docs/reports.md"), "utf8");
  return between(text, "npm start", `$ npm start\n${output.trim()}`);
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->` by a block of text. */
function between(
  /** @type {string} */ text,
  /** @type {string} */ name,
  /** @type {string} */ block,
) {
  const marked = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*(<!-- /${name} -->)`);
  const fence = "```";
  return text.replace(
    marked,
    (_, before, after) => `${before}${fence}\n${block}\n${fence}\n${after}`,
  );
}

function generatedBy(/** @type {string} */ source) {
  return `<!-- Generated by \`npm run docs\` from ${source}. Do not edit. -->`;
}

function readOr(/** @type {string} */ path, /** @type {string} */ fallback) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return fallback;
  }
}
