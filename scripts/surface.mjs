// What the published packages would hold and how they look from outside: files, manifest, types,
// dependencies. Lays them out as npm would, uses them once, and says what is wrong.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";
import { buildAll, buildTypes, stampPath, TEMPLATE } from "./build.mjs";
import { cacheFolder, installedFile, root } from "./support/paths.mjs";
import { runNode, runNpm } from "./support/run.mjs";

/**
 * @typedef {{ name: string, folder: string, files: RegExp }} Published
 */

/** What may be in each package; anything else is a mistake. @type {readonly Published[]} */
const published = [
  {
    name: "@cctelemetry/core",
    folder: "packages/core",
    files:
      /^(LICENSE|README\.md|package\.json|dist\/empty-database\.gz|dist\/[\w-]+\.js(\.map)?|dist\/types\/.+\.d\.ts)$/,
  },
  {
    name: "cctelemetry",
    folder: "packages/cli",
    files:
      /^(LICENSE|README\.md|package\.json|dist\/empty-database\.gz|dist\/[\w-]+\.mjs|dist\/THIRD-PARTY-LICENSES\.txt)$/,
  },
];

const sandbox = join(cacheFolder, "surface");

await buildAll();
await buildTypes();
rmSync(sandbox, { recursive: true, force: true });
for (const each of published) {
  await lint(each);
  layOut(each, await packedFiles(each));
  checkDependencies(each);
}
await useLibrary();
await useProgram();

/** publint knows the rules of manifests. */
async function lint(/** @type {Published} */ { folder }) {
  const program = installedFile("publint", "src", "cli.js");
  const { code, output } = await runNode(program, ["run", "--strict", "--pack=npm", folder]);
  assert.equal(code, 0, output);
}

/** The files npm would publish, each of them expected. */
async function packedFiles(/** @type {Published} */ { folder, files }) {
  const { output } = await runNpm(["pack", "--dry-run", "--json"], { cwd: join(root, folder) });
  const [pack] = JSON.parse(output.slice(output.indexOf("[")));
  /** @type {string[]} */
  const paths = pack.files.map((/** @type {{ path: string }} */ file) => file.path);
  const strange = paths.filter((path) => !files.test(path));
  assert.deepEqual(strange, [], `${folder} would publish files nobody asked for`);
  for (const wanted of ["LICENSE", "README.md", "package.json", `dist/${TEMPLATE}`]) {
    assert.ok(paths.includes(wanted), `${folder} would not publish ${wanted}`);
  }
  return paths;
}

/** Copies a package to where an importer finds it; its dependencies are found further up. */
function layOut(/** @type {Published} */ { name, folder }, /** @type {string[]} */ paths) {
  for (const path of paths) {
    const target = join(sandbox, "node_modules", name, path);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(root, folder, path), target);
  }
}

/** Everything a bundle imports at run time is built in or declared. */
function checkDependencies(/** @type {Published} */ { folder }) {
  const stamp = readJson(stampPath(`${folder}/dist`));
  const { dependencies = {} } = readJson(join(root, folder, "package.json"));
  const provided = new Set([...builtinModules, ...Object.keys(dependencies)]);
  const missing = stamp.externals.filter(
    (/** @type {string} */ path) => !path.startsWith("node:") && !provided.has(packageOf(path)),
  );
  assert.deepEqual(missing, [], `${folder} imports what its package.json does not name`);
}

/** `@a/b/c` and `a/c` are paths inside the packages `@a/b` and `a`. */
function packageOf(/** @type {string} */ path) {
  return path
    .split("/")
    .slice(0, path.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Imports the library as a stranger would, every part of it, at run time and at compile time. */
async function useLibrary() {
  const { name, exports } = readJson(join(root, "packages/core/package.json"));
  const parts = Object.keys(exports).map((part) => `${name}${part.slice(1)}`);
  const imports = parts.map((part, index) => `import * as part${index} from "${part}";\n`).join("");
  const uses = parts.map((_, index) => `if (Object.keys(part${index}).length === 0) throw "";\n`);
  const source = `${imports}${uses.join("")}`;
  writeFileSync(join(sandbox, "package.json"), '{ "type": "module" }');
  writeFileSync(join(sandbox, "importer.ts"), source);
  writeFileSync(join(sandbox, "importer.mjs"), source);
  const run = await runNode("importer.mjs", [], { cwd: sandbox });
  assert.equal(run.code, 0, run.output);
  for (const module of ["nodenext", "preserve"]) {
    const compilerOptions = {
      module,
      target: "es2023",
      strict: true,
      types: ["node"],
      noEmit: true,
    };
    const config = JSON.stringify({ compilerOptions, files: ["importer.ts"] });
    writeFileSync(join(sandbox, "tsconfig.json"), config);
    const tsc = installedFile("typescript", "bin", "tsc");
    const { code, output } = await runNode(tsc, ["-p", "."], { cwd: sandbox });
    assert.equal(code, 0, output);
  }
}

/** The packed program starts, knows its version and needs nothing but what it declares. */
async function useProgram() {
  const folder = join(sandbox, "node_modules", "cctelemetry");
  const { bin, version } = readJson(join(folder, "package.json"));
  const program = join(folder, bin.cctelemetry);
  assert.ok(existsSync(program), "the program is not where `bin` says");
  assert.match(readFileSync(program, "utf8"), /^#!\/usr\/bin\/env node\n/);
  const { code, output } = await runNode(program, ["--version"]);
  assert.equal(code, 0, output);
  assert.equal(output.trim(), version);
}

function readJson(/** @type {string} */ path) {
  return JSON.parse(readFileSync(path, "utf8"));
}
