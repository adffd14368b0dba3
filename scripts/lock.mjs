// `npm run lock`: completes package-lock.json with the packages of other platforms. npm leaves out
// what it could not reach while it wrote the file; a clean install elsewhere would then miss them.
// What npm did not fetch it did not hash either: the hashes of those packages are asked for.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./support/paths.mjs";
import { runNpm } from "./support/run.mjs";

/**
 * @typedef {{
 *   version: string, integrity?: string, link?: boolean, resolved?: string, dev?: boolean, optional?: boolean, license?: string,
 *   optionalDependencies?: Record<string, string>, os?: string[], cpu?: string[], libc?: string[],
 * }} Locked
 */

const systems = "aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32";
const platformName = new RegExp(`-(${systems})-([a-z0-9]+)(?:-([a-z]+))?$`);

const path = join(root, "package-lock.json");
const lockfile = /** @type {{ packages: Record<string, Locked> }} */ (
  JSON.parse(readFileSync(path, "utf8"))
);
const added = Object.values(lockfile.packages).flatMap(missingPlatforms);
for (const [place, entry] of added) lockfile.packages[place] = entry;
lockfile.packages = Object.fromEntries(
  Object.entries(lockfile.packages).sort(([a], [b]) => a.localeCompare(b, "en")),
);
const hashed = await hashMissing();
if (added.length > 0 || hashed > 0) writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
console.log(
  `${added.length} packages of other platforms added to package-lock.json, and ${hashed} hashes.`,
);

/** Adds the hash of each package from the registry that has none; gives how many. */
async function hashMissing() {
  const missing = Object.entries(lockfile.packages).filter(
    ([place, { integrity, link }]) =>
      place.includes("node_modules/") && link !== true && integrity === undefined,
  );
  for (const [place, entry] of missing) {
    const name = place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
    const { output } = await runNpm(["view", `${name}@${entry.version}`, "dist.integrity"]);
    const integrity = output.trim();
    if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity)) throw new Error(`${name} has no hash`);
    // In the order in which npm writes it.
    const { version, ...rest } = entry;
    lockfile.packages[place] = { version, integrity, ...rest };
  }
  return missing.length;
}

/** Entries for the platform packages of one package that the lockfile lacks. */
function missingPlatforms(/** @type {Locked} */ { optionalDependencies = {}, dev, license }) {
  return Object.entries(optionalDependencies).flatMap(([name, version]) => {
    const place = `node_modules/${name}`;
    const platform = platformOf(name);
    if (lockfile.packages[place] !== undefined || platform === undefined) return [];
    if (!/^\d/.test(version)) throw new Error(`${name}: ${version} is not one exact version`);
    /** @type {[string, Locked]} */
    const entry = [
      place,
      {
        version,
        cpu: [platform.cpu],
        ...(dev === true ? { dev } : {}),
        ...(platform.libc === undefined ? {} : { libc: [platform.libc] }),
        ...(license === undefined ? {} : { license }),
        optional: true,
        os: [platform.os],
      },
    ];
    return [entry];
  });
}

/** What a package's name says about where it runs, in npm's words. */
function platformOf(/** @type {string} */ name) {
  const [, os, cpu, suffix = ""] = platformName.exec(name) ?? [];
  if (os === undefined || cpu === undefined) return undefined;
  const libc = suffix.startsWith("musl") ? "musl" : suffix === "gnu" ? "glibc" : undefined;
  return { os, cpu, libc: cpu === "arm" ? undefined : libc };
}
