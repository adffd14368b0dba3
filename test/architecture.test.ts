import { describe, expect, test } from "vitest";
import { longestFile, violations } from "./support/architecture.ts";
import { importsOf, readTree, resolveFrom } from "./support/source-tree.ts";

const sources = await readTree("packages", [".ts", ".tsx"]).then((files) =>
  files.filter(({ path }) => /^packages\/[^/]+\/src\//.test(path)),
);

describe("the sources", () => {
  test("follow the flow of the data and keep the rules of the house", () => {
    expect(sources.length).toBeGreaterThan(0);
    expect(violations(sources)).toEqual([]);
  });

  test("import every SQL file, and no SQL file that is not there", async () => {
    const statements = await readTree("packages/core/src", [".sql"]);
    const imported = sources.flatMap(({ path, text }) =>
      importsOf(text)
        .filter(({ specifier }) => specifier.endsWith(".sql"))
        .map(({ specifier }) => resolveFrom(path, specifier)),
    );
    expect([...new Set(imported)].sort()).toEqual(statements.map(({ path }) => path));
  });
});

/** A made-up file for each rule, and what must be said about it. */
const faulty: readonly (readonly [string, string, string, string])[] = [
  ["against the flow", "otlp/a.ts", 'import { a } from "../store/b.ts";', "against the flow"],
  ["types count, too", "source/a.ts", 'import type { A } from "../otlp/b.ts";', "against the flow"],
  ["dynamic imports", "model/a.ts", 'const a = await import("../store/b.ts");', "against the flow"],
  ["re-exports", "store/a.ts", 'export * from "../ingest/b.ts";', "against the flow"],
  [
    "several lines",
    "otlp/a.ts",
    'import {\n  a,\n  b,\n} from "../store/b.ts";',
    "against the flow",
  ],
  ["live and store", "live/a.ts", 'import { a } from "../store/b.ts";', "against the flow"],
  ["an unknown folder", "misc/a.ts", 'import { a } from "../otlp/b.ts";', "no place in the flow"],
  ["the index", "store/a.ts", 'import { a } from "../index.ts";', "gathers the folders"],
  [
    "itself as a package",
    "store/a.ts",
    'import { a } from "@cctelemetry/core";',
    "its own package",
  ],
  ["another package", "store/a.ts", 'import "../../../cli/src/main.ts";', "reaches outside"],
  ["values for format", "format/a.ts", 'import { a } from "../reports/b.ts";', "more than types"],
  [
    "the engine",
    "ingest/a.ts",
    'import { DuckDBInstance } from "@duckdb/node-api";',
    "only store/",
  ],
  ["files", "otlp/a.ts", 'import { readFileSync } from "node:fs";', "otlp/ is pure"],
  ["process", "format/a.ts", "export const width = process.stdout.columns;", "format/ is pure"],
  ["the clock", "model/a.ts", "export const now = () => Date.now();", "model/ is pure"],
  ["the clock, hidden", "model/a.ts", "export const now = () => new Date();", "model/ is pure"],
  ["length", "store/a.ts", "export {};\n".repeat(longestFile + 1), "401 lines"],
];

describe("the rules find", () => {
  test.each(faulty)("%s", (_name, path, text, sentence) => {
    const found = violations([{ path: `packages/core/src/${path}`, text }]);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(sentence);
  });

  test("nothing in what is allowed", () => {
    const texts = {
      "packages/core/src/index.ts": 'export { a } from "./store/b.ts";',
      "packages/core/src/otlp/a.ts":
        'import type { Readable } from "node:stream";\n// process.exit, Date.now\nimport { KnownError } from "../errors.ts";\nexport const at = new Date(0);\nexport const word = "process.env";',
      "packages/core/src/ingest/a.ts": 'import { a } from "../store/b.ts";',
      "packages/core/src/format/a.ts": 'import type { Report } from "../reports/b.ts";',
      "packages/cli/src/main.ts": 'import { a } from "@cctelemetry/core";\nprocess.exitCode = 1;',
    };
    expect(violations(Object.entries(texts).map(([path, text]) => ({ path, text })))).toEqual([]);
  });
});

describe("the repository", () => {
  // Written in pieces, so that this file does not find itself.
  const privateWords = [
    ["/wo", "rk/"],
    ["sha", "red/"],
    ["/tmp/", "lab"],
    ["regis", "try.npm"],
  ].map((pieces) => pieces.join(""));

  test("names no place of a private machine", async () => {
    const endings = [".ts", ".mjs", ".json", ".jsonl", ".md", ".sql", ".yaml", "run", ".npmrc"];
    const files = await readTree("", endings);
    const found = files.flatMap(({ path, text }) =>
      privateWords.filter((word) => text.includes(word)).map((word) => `${path}: ${word}`),
    );
    expect(found).toEqual([]);
  });
});
