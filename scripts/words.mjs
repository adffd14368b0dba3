// `npm run check`, step "words": finds banned words, and says what to write in their place.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./support/paths.mjs";
import { describeFinding, findBannedWords } from "./support/words.mjs";

const endings = /\.(?:[cm]?[jt]sx?|css|go|sql|md|json|sh)$/;
const generated = new Set(["node_modules", "dist", "coverage", ".git", ".cache"]);
/** Lists of the words themselves, and of versions and checksums. */
const exempt = new Set([
  "package-lock.json",
  "scripts/support/banned-words.mjs",
  "test/words.test.ts",
]);

const findings = filesUnder("").flatMap((path) =>
  findBannedWords(path, readFileSync(join(root, path), "utf8")),
);
for (const finding of findings) console.error(describeFinding(finding));
process.exitCode = findings.length === 0 ? 0 : 1;

/** Every file with text that was written here; recordings in `fixtures` were not, but for documents. */
function filesUnder(/** @type {string} */ folder) {
  /** @type {string[]} */
  const paths = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (generated.has(entry.name) || exempt.has(path)) continue;
    if (entry.isDirectory()) paths.push(...filesUnder(path));
    else if (endings.test(path) && (!path.startsWith("fixtures/") || path.endsWith(".md"))) {
      paths.push(path);
    }
  }
  return paths.sort();
}
