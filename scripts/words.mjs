// `npm run check`, step "words": finds banned words, and says what to write in their place. Texts
// must have none; the code of a file may have as many as the baseline says, which only shrinks.
// With --update, writes the baseline after words were replaced.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./support/paths.mjs";
import { complaints, countInCode, findBannedWords, smallerBaseline } from "./support/words.mjs";

const baselinePath = join(root, "scripts", "words-baseline.json");
const endings = /\.(?:[cm]?[jt]sx?|css|go|sql|md|json|sh)$/;
const generated = new Set(["node_modules", "dist", "coverage", ".git", ".cache"]);
/** Lists of the words themselves, and of versions and checksums. */
const exempt = new Set([
  "package-lock.json",
  "scripts/support/banned-words.mjs",
  "scripts/words-baseline.json",
  "test/words.test.ts",
]);

const findings = filesUnder("").flatMap((path) =>
  findBannedWords(path, readFileSync(join(root, path), "utf8")),
);
/** @type {import("./support/words.mjs").Baseline} */
const baseline = existsSync(baselinePath) ? JSON.parse(readFileSync(baselinePath, "utf8")) : {};
const smaller = smallerBaseline(countInCode(findings), baseline);
if (process.argv.includes("--update") && smaller !== undefined) {
  writeFileSync(baselinePath, `${JSON.stringify(smaller, null, 2)}\n`);
} else {
  const wrong = complaints(findings, baseline);
  if (wrong.length > 0) console.error(wrong.join("\n"));
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

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
