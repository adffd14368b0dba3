// `npm run lock`: completes package-lock.json with the packages of other platforms. npm leaves out
// what it could not reach while it wrote the file; a clean install elsewhere would then miss them.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./support/paths.mjs";

/**
 * @typedef {{
 *   version: string, dev?: boolean, optional?: boolean, license?: string,
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
if (added.length > 0) writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
console.log(`${added.length} packages of other platforms added to package-lock.json.`);

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
