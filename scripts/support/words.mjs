// Finds banned words in the text of a file.
import { bannedWords } from "./banned-words.mjs";

/**
 * A banned word in a file.
 * @typedef {{ path: string, line: number, word: string, use: string }} Finding
 */

/** The banned words of a file, be they in prose, messages, comments or names, by their lines. */
export function findBannedWords(/** @type {string} */ path, /** @type {string} */ text) {
  /** @type {Finding[]} */
  const findings = [];
  const words = inWords(text);
  for (const { pattern, use } of bannedWords) {
    for (const { 0: word, index } of words.matchAll(pattern)) {
      findings.push({ path, line: lineOf(words, index), word: word.replace(/\s+/g, " "), use });
    }
  }
  return findings.sort((a, b) => a.line - b.line);
}

/** A finding in a line. */
export function describeFinding(/** @type {Finding} */ { path, line, word, use }) {
  return `${path}:${line}: "${word}": ${use}`;
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
