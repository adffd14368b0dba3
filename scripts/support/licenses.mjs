import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

/**
 * The licence texts of the packages that went into a bundle, given the paths
 * of its input files relative to the root.
 *
 * @param {readonly string[]} inputs
 * @returns {string}
 */
export function licensesOf(inputs) {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  return [...folders]
    .sort()
    .map(licenseOf)
    .join(`\n${"-".repeat(78)}\n\n`);
}

/** @param {string} path */
function packageFolder(path) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

/** @param {string} folder */
function licenseOf(folder) {
  const absolute = join(root, folder);
  const manifest = /** @type {{ name: string, version: string, license?: string }} */ (
    JSON.parse(readFileSync(join(absolute, "package.json"), "utf8"))
  );
  const file = existsSync(absolute) ? readdirSync(absolute).find(isLicense) : undefined;
  const text = file === undefined ? "" : `\n${readFileSync(join(absolute, file), "utf8").trim()}\n`;
  return `${manifest.name} ${manifest.version} (${manifest.license ?? "see its package"})\n${text}`;
}

/** @param {string} name */
function isLicense(name) {
  return /^licen[cs]e/i.test(name);
}
