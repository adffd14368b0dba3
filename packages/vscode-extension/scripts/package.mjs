// `npm run package -w packages/vscode-extension [-- linux-x64 darwin-arm64 …]`: lays the extension
// out as it is installed, and packs it into dist. Without a platform it is this one's;
// `--to=folder` is where layout and package go instead. Any number of runs may go on at once.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { createVSIX } from "@vscode/vsce";
import { build } from "esbuild";
import { buildAll, bundles, TEMPLATE } from "../../../scripts/build.mjs";
import { licensesOf } from "../../../scripts/support/licenses.mjs";
import { cacheFolder, root } from "../../../scripts/support/paths.mjs";
import { nativeFiles } from "./native.mjs";

const folder = join(root, "packages", "vscode-extension");
const option = process.argv.find((each) => each.startsWith("--to="))?.slice("--to=".length);
const outFolder = option ?? join(folder, "dist");
const layoutFolder = option ?? ownFolder();
const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** What is shipped as it lies in the package. */
const asIs = ["README.md", "CHANGELOG.md", "LICENSE", "media"];

const targets = process.argv.slice(2).filter((each) => !each.startsWith("--"));
await buildAll();
for (const target of targets.length === 0 ? [`${process.platform}-${process.arch}`] : targets) {
  const laidOut = await layOut(target);
  const name = `${manifest.name}-${target}.vsix`;
  const packagePath = join(outFolder, name);
  const packed = join(layoutFolder, `${process.pid}-${name}`);
  await createVSIX({
    cwd: laidOut,
    target,
    packagePath: packed,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  // In one step, so that nobody installs half of it.
  mkdirSync(outFolder, { recursive: true });
  renameSync(packed, packagePath);
  console.log(`${packagePath}  ${(statSync(packagePath).size / 1e6).toFixed(1)} MB`);
}

/** A folder for this run alone; removed at its end. */
function ownFolder() {
  mkdirSync(cacheFolder, { recursive: true });
  const folder = mkdtempSync(join(cacheFolder, "extension-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The extension as it is installed on a platform; a folder that VS Code could load as well. */
async function layOut(/** @type {string} */ target) {
  const place = join(layoutFolder, target);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(join(place, "dist", "native"), { recursive: true });
  for (const name of asIs) {
    if (existsSync(join(folder, name)))
      cpSync(join(folder, name), join(place, name), { recursive: true });
  }
  const page = join(root, "packages", "dashboard", "dist");
  if (existsSync(page)) cpSync(page, join(place, "media", "dashboard"), { recursive: true });
  const inputs = [];
  for (const bundle of bundles) {
    if (!bundle.folder.startsWith("packages/vscode-extension/")) continue;
    inputs.push(...(await bundleInto(place, bundle)));
  }
  for (const file of await nativeFiles(target)) {
    cpSync(file, join(place, "dist", "native", basename(file)));
  }
  writeFileSync(join(place, "dist", "THIRD-PARTY-LICENSES.txt"), licensesOf(inputs));
  writeFileSync(join(place, "package.json"), `${JSON.stringify(shipped(), null, 2)}\n`);
  return place;
}

/**
 * One of the extension's bundles, with the engine's binding from the folder beside it: a VSIX is
 * for one platform and holds no node_modules.
 *
 * @param {string} place
 * @param {import("../../../scripts/build.mjs").Bundle} bundle
 */
async function bundleInto(place, { folder: from, creates, options }) {
  const native = "../native/duckdb.node";
  /** @type {import("esbuild").Plugin} */
  const ownBinding = {
    name: "own-binding",
    setup: (builder) => {
      builder.onResolve({ filter: /^@duckdb\/node-bindings$/ }, () => ({
        path: "binding",
        namespace: "own",
      }));
      builder.onLoad({ filter: /.*/, namespace: "own" }, () => ({
        contents: `module.exports = require("${native}");`,
      }));
      builder.onResolve({ filter: /\.node$/ }, () => ({ path: native, external: true }));
    },
  };
  const outdir = join(place, from.slice("packages/vscode-extension/".length));
  const result = await build({ ...options, outdir, write: true, plugins: [ownBinding] });
  if (creates) cpSync(join(root, from, TEMPLATE), join(outdir, TEMPLATE));
  return Object.keys(result.metafile?.inputs ?? {});
}

/** The manifest without what only matters here. */
function shipped() {
  const { private: _private, scripts: _scripts, devDependencies: _dev, ...rest } = manifest;
  return { ...rest, files: ["dist", ...asIs] };
}
