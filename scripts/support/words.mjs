// Finds banned words in files, and compares their number with the baseline.
import { bannedWords } from "./banned-words.mjs";
import { piecesOf } from "./prose.mjs";

/**
 * A banned word in a file. `isText` if users or readers of documents see it, which is an error in
 * any case; the others are in comments and names of code, and the baseline counts them.
 * @typedef {{ path: string, line: number, word: string, use: string, isText: boolean }} Finding
 */

/**
 * How many banned words the code of a file still has, by path from the root.
 * @typedef {Readonly<Record<string, number>>} Baseline
 */

/** The banned words of a file, in the order of its lines. */
export function findBannedWords(/** @type {string} */ path, /** @type {string} */ text) {
  /** @type {Finding[]} */
  const findings = [];
  for (const { kind, start, text: piece } of piecesOf(path, text)) {
    const isText = isSeenByReaders(path, kind);
    const words = inWords(piece);
    const firstLine = lineOf(text, start);
    for (const { pattern, use } of bannedWords) {
      for (const { 0: word, index } of words.matchAll(pattern)) {
        const line = firstLine + lineOf(words, index) - 1;
        findings.push({ path, line, word: word.replace(/\s+/g, " "), use, isText });
      }
    }
  }
  return findings.sort((a, b) => a.line - b.line);
}

/**
 * Documents, manifests, comments of SQL, and sentences of the program. JSX has sentences outside
 * strings, so that all words of such a file are counted as code.
 */
function isSeenByReaders(/** @type {string} */ path, /** @type {string} */ kind) {
  if (path.endsWith(".sql")) return kind !== "code";
  if (/\.(?:md|json)$/.test(path)) return true;
  return kind === "sentence" && /^packages\/[^/]+\/src\/.*\.ts$/.test(path);
}

/** Names in their parts, and no signs that begin lines of comments or stand for white space. */
function inWords(/** @type {string} */ text) {
  return text
    .replace(/^[ \t]*(?:\/\/+|\/?\*+|--+)/gm, " ")
    .replace(/\\[nrt]/g, " ")
    .replaceAll("_", " ")
    .replace(/([a-z\d])([A-Z])/g, "$1 $2");
}

/** The number of the line at an offset, from 1. */
function lineOf(/** @type {string} */ text, /** @type {number} */ offset) {
  return text.slice(0, offset).split("\n").length;
}

/** Per file, how many banned words its code has. @returns {Baseline} */
export function countInCode(/** @type {readonly Finding[]} */ findings) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { path, isText } of findings) {
    if (!isText) counts[path] = (counts[path] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * What is wrong, a line each: every banned word in a text, those in the code of files that have
 * more than the baseline says, and files that have fewer.
 */
export function complaints(
  /** @type {readonly Finding[]} */ findings,
  /** @type {Baseline} */ baseline,
) {
  const counts = countInCode(findings);
  const grown = Object.keys(counts).filter((path) => (counts[path] ?? 0) > (baseline[path] ?? 0));
  const shrunk = Object.keys(baseline).filter(
    (path) => (counts[path] ?? 0) < (baseline[path] ?? 0),
  );
  return [
    ...findings.filter(({ isText }) => isText).map(describe),
    ...grown.flatMap((path) => [
      `${path}: ${counts[path]} banned words in comments and names, at most ${baseline[path] ?? 0} allowed`,
      ...findings.filter((each) => !each.isText && each.path === path).map(describe),
    ]),
    ...shrunk.map(
      (path) =>
        `${path}: ${counts[path] ?? 0} banned words left, the baseline says ${baseline[path]}; run node scripts/words.mjs --update`,
    ),
  ];
}

function describe(/** @type {Finding} */ { path, line, word, use }) {
  return `${path}:${line}: "${word}": ${use}`;
}

/**
 * The baseline for the files as they are. It may only shrink: undefined if a file has more than
 * before, unless it is new and files that are gone, such as its older name, had as many.
 */
export function smallerBaseline(/** @type {Baseline} */ counts, /** @type {Baseline} */ baseline) {
  const grown = Object.keys(counts).filter((path) => (counts[path] ?? 0) > (baseline[path] ?? 0));
  const gone = Object.keys(baseline).filter((path) => counts[path] === undefined);
  const areNew = grown.every((path) => baseline[path] === undefined);
  return areNew && sum(counts, grown) <= sum(baseline, gone) ? counts : undefined;
}

function sum(/** @type {Baseline} */ counts, /** @type {readonly string[]} */ paths) {
  return paths.reduce((total, path) => total + (counts[path] ?? 0), 0);
}
