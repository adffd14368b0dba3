// Bundles the packages; does nothing when no source has changed since the last build.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { installMissing } from "./install.mjs";
import { licensesOf } from "./support/licenses.mjs";
import { cacheFolder, installedFile, root } from "./support/paths.mjs";
import { runNode } from "./support/run.mjs";

/**
 * @typedef {import("esbuild").BuildOptions & { entryPoints: Record<string, string> }} Options
 * @typedef {{ folder: string, executable?: string, licenses?: boolean, creates?: boolean, options: Options }} Bundle
 * @typedef {{ recipe: string, inputs: Record<string, number>, outputs: string[], externals: string[] }} Stamp
 */

/** What is copied where a database is created, beside the program that creates it. */
export const TEMPLATE = "empty-database.gz";

/** @satisfies {import("esbuild").BuildOptions} */
const shared = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  metafile: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  tsconfig: "tsconfig.json",
  loader: { ".sql": "text" },
  logLevel: "warning",
};

/**
 * A program that runs on its own.
 *
 * @satisfies {import("esbuild").BuildOptions}
 */
const program = {
  ...shared,
  outExtension: { ".js": ".mjs" },
  chunkNames: "chunk-[hash]",
  splitting: true,
  minify: true,
  keepNames: true,
  legalComments: "none",
  // A package's own modules rather than its CommonJS, whose require() may hide what it needs.
  mainFields: ["module", "main"],
  external: ["@duckdb/node-bindings*"],
  // The engine's client is CommonJS and asks for its binding with require(); the other files that
  // begin so need none, and do not wait for one to be made.
  banner: {
    js: 'import { createRequire as __nodeRequire } from "node:module"; let __ownRequire; const require = (id) => (__ownRequire ??= __nodeRequire(import.meta.url))(id);',
  },
};

/** @type {readonly Bundle[]} */
export const bundles = [
  {
    // The page: runs in a browser, served beside its style sheet and font.
    folder: "packages/dashboard/dist",
    licenses: true,
    options: {
      ...shared,
      platform: "browser",
      target: "chrome128",
      tsconfig: "packages/dashboard/tsconfig.json",
      entryPoints: { page: "packages/dashboard/src/page/main.tsx" },
      chunkNames: "[name]-[hash]",
      assetNames: "[name]",
      loader: { ".ttf": "file" },
      splitting: true,
      minify: true,
      legalComments: "none",
    },
  },
  {
    // The library: its dependencies stay outside, npm installs them.
    folder: "packages/core/dist",
    creates: true,
    options: {
      ...shared,
      entryPoints: {
        index: "packages/core/src/index.ts",
        light: "packages/core/src/light.ts",
        meter: "packages/core/src/meter.ts",
        otlp: "packages/core/src/otlp.ts",
        paths: "packages/core/src/paths.ts",
        settings: "packages/core/src/settings.ts",
        sandbox: "packages/core/src/sandbox.ts",
        text: "packages/core/src/text.ts",
        wire: "packages/core/src/wire.ts",
      },
      packages: "external",
      chunkNames: "chunk-[hash]",
      splitting: true,
      sourcemap: "linked",
    },
  },
  {
    // The program: everything inside but the engine's native binding, for a fast start.
    folder: "packages/cli/dist",
    executable: "cctelemetry.mjs",
    creates: true,
    options: {
      ...program,
      entryPoints: {
        cctelemetry: "packages/cli/src/main.ts",
        "query-child": "packages/cli/src/process/query-child.ts",
        "statusline-refresh": "packages/cli/src/statusline/refresh-main.ts",
      },
    },
  },
  {
    // What VS Code loads into its extension host, by require().
    folder: "packages/vscode-extension/dist/host",
    options: {
      ...shared,
      entryPoints: { extension: "packages/vscode-extension/src/host/extension.ts" },
      format: "cjs",
      minify: true,
      keepNames: true,
      legalComments: "none",
      external: ["vscode"],
    },
  },
  {
    // The processes in which the extension works.
    folder: "packages/vscode-extension/dist/child",
    creates: true,
    options: {
      ...program,
      entryPoints: {
        main: "packages/vscode-extension/src/child/main.ts",
        "import-child": "packages/vscode-extension/src/child/import-child.ts",
        "query-child": "packages/vscode-extension/src/child/query-child.ts",
      },
    },
  },
];

/** Builds what is out of date. Quiet unless something is wrong; a broken source ends the process. */
export async function buildAll() {
  for (const bundle of bundles) {
    if (!isFresh(bundle)) await build(bundle);
  }
}

/**
 * Builds the program with its own names and lines, for a profile; gives the path of its main file.
 *
 * @param {string} folder below the root of the repository
 */
export async function buildReadable(folder) {
  const program = bundles.find(({ executable }) => executable !== undefined);
  if (program?.executable === undefined) throw new Error("No bundle is a program.");
  const options = { ...program.options, minify: false, sourcemap: /** @type {const} */ ("linked") };
  const readable = { ...program, folder, options };
  // The library, by which the template is made, comes first.
  await buildAll();
  if (!isFresh(readable)) await build(readable);
  return join(root, folder, program.executable);
}

/** Writes the declaration files of the library, for publishing. Throws what the compiler says. */
export async function buildTypes() {
  await rm(join(root, "packages/core/dist/types"), { recursive: true, force: true });
  const tsc = installedFile("typescript", "bin", "tsc");
  const { code, output } = await runNode(tsc, ["-p", "packages/core/tsconfig.types.json"]);
  if (code !== 0) throw new Error(output);
}

/** @param {Bundle} bundle */
async function build({
  folder,
  executable,
  licenses = executable !== undefined,
  creates = false,
  options,
}) {
  const { build: esbuild } = await import("esbuild");
  const outdir = join(root, folder);
  const result = await esbuild({ ...options, outdir }).catch(() => process.exit(1));
  const inputs = Object.keys(result.metafile?.inputs ?? {});
  await mkdir(outdir, { recursive: true });
  for (const file of result.outputFiles ?? []) await replaceFile(file.path, file.contents);
  const outputs = (result.outputFiles ?? []).map((file) => basename(file.path));
  if (executable !== undefined) await chmod(join(outdir, executable), 0o755);
  if (licenses) {
    await replaceFile(join(outdir, "THIRD-PARTY-LICENSES.txt"), licensesOf(inputs));
    outputs.push("THIRD-PARTY-LICENSES.txt");
  }
  await removeOthers(outdir, outputs);
  if (creates) {
    await replaceFile(join(outdir, TEMPLATE), await templateDatabase());
    outputs.push(TEMPLATE);
  }
  /** @type {Stamp} */
  const stamp = {
    recipe: recipe(),
    inputs: Object.fromEntries(inputs.map((path) => [path, changeTime(path)])),
    outputs,
    externals: externalsOf(result),
  };
  await mkdir(dirname(stampPath(folder)), { recursive: true });
  await replaceFile(stampPath(folder), JSON.stringify(stamp));
}

/** Where a build says what it was made of: beside the packages, not in them. */
export function stampPath(/** @type {string} */ folder) {
  return join(cacheFolder, "build", `${folder.replaceAll("/", "-")}.json`);
}

/** @type {Promise<Uint8Array> | undefined} */
let template;

/** An empty database, compressed. The library makes it, so the library is built before the programs. */
function templateDatabase() {
  template ??= makeTemplate();
  return template;
}

async function makeTemplate() {
  const { openStore } = await import(pathToFileURL(join(root, "packages/core/dist/index.js")).href);
  const folder = await mkdtemp(join(tmpdir(), "cctelemetry-"));
  try {
    const database = join(folder, "empty.duckdb");
    const store = await openStore(database);
    await store.writing(() => Promise.resolve());
    await store.close();
    return gzipSync(readFileSync(database), { level: 9 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the bundle still imports at run time. */
function externalsOf(/** @type {import("esbuild").BuildResult} */ { metafile }) {
  const imports = Object.values(metafile?.outputs ?? {}).flatMap((output) => output.imports);
  return [...new Set(imports.filter((each) => each.external).map((each) => each.path))].sort();
}

/** What an earlier build left behind under other names; the declarations are another step's. */
async function removeOthers(/** @type {string} */ outdir, /** @type {string[]} */ outputs) {
  const wanted = new Set([...outputs, "types"]);
  for (const name of await readdir(outdir)) {
    if (!wanted.has(name)) await rm(join(outdir, name), { recursive: true, force: true });
  }
}

/**
 * Writes beside and renames, so that a program started meanwhile never reads half a file.
 *
 * @param {string} path
 * @param {string | Uint8Array} contents
 */
async function replaceFile(path, contents) {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}`);
  await writeFile(beside, contents);
  await rename(beside, path);
}

/** @param {Bundle} bundle */
function isFresh({ folder }) {
  if (!existsSync(stampPath(folder))) return false;
  const stamp = /** @type {Stamp} */ (JSON.parse(readFileSync(stampPath(folder), "utf8")));
  return (
    stamp.recipe === recipe() &&
    stamp.outputs.every((name) => existsSync(join(root, folder, name))) &&
    Object.entries(stamp.inputs).every(([path, time]) => changeTime(path) === time)
  );
}

/** Stands for everything a bundle depends on in addition to its inputs: this file and the dependencies. */
function recipe() {
  const hash = createHash("sha256");
  for (const path of [fileURLToPath(import.meta.url), join(root, "package-lock.json")]) {
    hash.update(readFileSync(path));
  }
  return hash.digest("hex");
}

/** When a file was last written, in milliseconds; -1 where it is gone. */
function changeTime(/** @type {string} */ path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? -1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await installMissing();
  await buildAll();
  if (process.argv.includes("--types")) await buildTypes();
}
