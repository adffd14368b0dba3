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
  [
    "against the flow",
    "otlp/json/a.ts",
    'import { a } from "../../store/b.ts";',
    "against the flow",
  ],
  [
    "types count, too",
    "source/read/a.ts",
    'import type { A } from "../../otlp/b.ts";',
    "against the flow",
  ],
  ["dynamic imports", "model/a.ts", 'const a = await import("../store/b.ts");', "against the flow"],
  ["re-exports", "store/a.ts", 'export * from "../ingest/b.ts";', "against the flow"],
  [
    "several lines",
    "otlp/json/a.ts",
    'import {\n  a,\n  b,\n} from "../../store/b.ts";',
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
  ["files", "otlp/json/a.ts", 'import { readFileSync } from "node:fs";', "otlp/ is pure"],
  ["process", "format/a.ts", "export const width = process.stdout.columns;", "format/ is pure"],
  ["the clock", "model/a.ts", "export const now = () => Date.now();", "model/ is pure"],
  ["the clock, hidden", "model/a.ts", "export const now = () => new Date();", "model/ is pure"],
  ["length", "store/a.ts", "export {};\n".repeat(longestFile + 1), "401 lines"],
];

/** The same for packages and folders with floors. */
const climbing: readonly (readonly [string, string, string, string])[] = [
  [
    "a folder above",
    "receiver/src/journal/a.ts",
    'import { a } from "../http/b.ts";',
    "imports http, which stands above it",
  ],
  [
    "a type of a file above",
    "receiver/src/canonical/a.ts",
    'import type { Intake } from "../intake.ts";',
    "imports intake.ts, which stands above it",
  ],
  [
    "a type among values of a folder above",
    "receiver/src/admission/a.ts",
    'import { b, type C } from "../grpc/b.ts";',
    "imports grpc, which stands above it",
  ],
  [
    "a folder beside",
    "receiver/src/http/a.ts",
    'export type { A } from "../grpc/b.ts";',
    "imports grpc, which stands beside it",
  ],
  [
    "the commands",
    "cli/src/doctor/checks/a.ts",
    'const { a } = await import("../../commands/b.ts");',
    "imports commands, which stands above it",
  ],
  [
    "the views",
    "dashboard/src/page/ui/a.tsx",
    'import { View } from "../views/b.tsx";',
    "imports views, which stands above it",
  ],
  [
    "the other process of the extension",
    "vscode-extension/src/host/status/a.ts",
    'import type { A } from "../../child/b.ts";',
    "imports child, which stands beside it",
  ],
  [
    "a room above in a folder of the core",
    "core/src/source/codec/a.ts",
    'import type { A } from "../read/b.ts";',
    "imports read, which stands above it",
  ],
  ["a new room", "core/src/source/a/a.ts", "export {};", "a, which stands on no floor"],
  [
    "a room of a room",
    "vscode-extension/src/host/status/a.ts",
    'import { a } from "../panel/b.ts";',
    "imports panel, which stands above it",
  ],
  [
    "a new file in a room",
    "vscode-extension/src/host/a.ts",
    "export {};",
    "a.ts, which stands on no floor",
  ],
  ["a new file", "cli/src/a.ts", "export {};", "a.ts, which stands on no floor"],
  ["a new folder", "receiver/src/misc/a.ts", "export {};", "misc, which stands on no floor"],
  ["a new package", "other/src/a.ts", "export {};", "a.ts, which stands on no floor"],
];

/** Files that import each other, and what must be said about them. */
const circular: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  [
    "two files",
    { "a.ts": 'import { b } from "./b.ts";', "b.ts": 'import { a } from "./a.ts";' },
    "a.ts → b.ts → a.ts",
  ],
  [
    "types alone",
    { "a.ts": 'import type { B } from "./b.ts";', "b.ts": 'import type { A } from "./a.ts";' },
    "a.ts → b.ts → a.ts",
  ],
  [
    "a type among values",
    { "a.ts": 'import { b } from "./b.ts";', "b.ts": 'import { c, type A } from "./a.ts";' },
    "a.ts → b.ts → a.ts",
  ],
  [
    "a type where it is used",
    { "a.ts": 'import { b } from "./b.ts";', "b.ts": 'export type A = import("./a.ts").A;' },
    "a.ts → b.ts → a.ts",
  ],
  [
    "re-exports",
    { "a.ts": 'export * from "./b.ts";', "b.ts": 'export type { A } from "./a.ts";' },
    "a.ts → b.ts → a.ts",
  ],
  [
    "a dynamic import",
    { "a.ts": 'import { b } from "./b.ts";', "b.ts": 'const a = await import("./a.ts");' },
    "a.ts → b.ts → a.ts",
  ],
  [
    "three files",
    {
      "a.ts": 'import { b } from "./b.ts";',
      "b.ts": 'import { c } from "./c.ts";',
      "c.ts": 'import { a } from "./a.ts";\nimport { d } from "./d.ts";',
      "d.ts": "export const d = 1;",
    },
    "a.ts → b.ts → c.ts → a.ts",
  ],
  [
    "a file that others import",
    {
      "a.ts": 'import { b } from "./b.ts";',
      "b.ts": 'import { c } from "./c.ts";',
      "c.ts": 'import type { B } from "./b.ts";',
    },
    "b.ts → c.ts → b.ts",
  ],
  ["a file alone", { "a.ts": 'import type { A } from "./a.ts";' }, "a.ts → a.ts"],
];

describe("the rules find", () => {
  test.each(faulty)("%s", (_name, path, text, sentence) => {
    const found = violations([{ path: `packages/core/src/${path}`, text }]);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(sentence);
  });

  test.each(climbing)("what climbs: %s", (_name, path, text, sentence) => {
    const found = violations([{ path: `packages/${path}`, text }]);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(sentence);
  });

  test.each(circular)("a circle by %s", (_name, texts, way) => {
    const folder = "packages/cli/src/commands/";
    const files = Object.entries(texts).map(([name, text]) => ({ path: folder + name, text }));
    const named = way.replaceAll(/\w+\.ts/g, (name) => folder + name);
    expect(violations(files)).toEqual([`${named} is a circle of imports`]);
  });

  test("a circle of two packages", () => {
    const found = violations([
      {
        path: "packages/receiver/src/index.ts",
        text: 'export { a } from "@cctelemetry/dashboard/wire";',
      },
      {
        path: "packages/dashboard/src/host/wire.ts",
        text: 'import type { A } from "@cctelemetry/receiver";',
      },
    ]);
    expect(found).toEqual([
      "packages/receiver/src/index.ts → packages/dashboard/src/host/wire.ts → packages/receiver/src/index.ts is a circle of imports",
    ]);
  });

  test("nothing in what is allowed", () => {
    const texts = {
      "packages/core/src/index.ts": 'export { a } from "./store/b.ts";',
      "packages/core/src/otlp/json/a.ts":
        'import type { Readable } from "node:stream";\n// process.exit, Date.now\nimport { KnownError } from "../../errors.ts";\nexport const at = new Date(0);\nexport const word = "process.env";',
      "packages/core/src/ingest/a.ts": 'import { a } from "../store/b.ts";',
      "packages/core/src/format/a.ts": 'import type { Report } from "../reports/b.ts";',
      "packages/cli/src/main.ts": 'import { a } from "@cctelemetry/core";\nprocess.exitCode = 1;',
      "packages/receiver/src/server.ts":
        'import { a } from "./listen.ts";\nimport type { B } from "./journal/b.ts";',
      "packages/receiver/src/listen.ts": 'import type { B } from "./journal/b.ts";',
      "packages/receiver/src/journal/b.ts": '// import { a } from "../server.ts";\nexport {};',
      "packages/dashboard/src/page/views/a.tsx":
        'import { b } from "./b.tsx";\nimport "../ui/c.css";',
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
