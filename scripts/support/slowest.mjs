// Which test files take the time of a run, and whether one takes too much of it.

/**
 * What vitest reports of a file; times are milliseconds.
 *
 * @typedef {{ name: string, startTime: number, endTime: number }} TimedFile
 */

const SHOWN = 10;
/** The part of all files' time that one file may take, in a run of at least so many files. */
const MOST_OF_ALL = 0.1;
const FILES_OF_A_RUN = 100;

/**
 * The ten files that took longest, a line each, with seconds.
 *
 * @param {readonly TimedFile[]} files
 * @param {string} root the part of the paths that is left out
 * @returns {readonly string[]}
 */
export function slowestLines(files, root) {
  return bySeconds(files)
    .slice(0, SHOWN)
    .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${within(name, root)}`);
}

/**
 * One sentence for each file that takes more than a tenth of the time of all. A part and no number
 * of seconds, so that it is the same on a slow or busy machine; of a few files nothing is said.
 *
 * @param {readonly TimedFile[]} files
 * @param {string} root
 * @returns {readonly string[]}
 */
export function tooSlow(files, root) {
  if (files.length < FILES_OF_A_RUN) return [];
  const timed = bySeconds(files);
  const all = timed.reduce((sum, { seconds }) => sum + seconds, 0);
  return timed
    .filter(({ seconds }) => seconds > all * MOST_OF_ALL)
    .map(
      ({ name, seconds }) =>
        `${within(name, root)} takes ${seconds.toFixed(0)} of ${all.toFixed(0)} s: shorten it, and keep its long form in bench/ or behind a variable of CONTRIBUTING.md.`,
    );
}

function bySeconds(/** @type {readonly TimedFile[]} */ files) {
  return files
    .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }))
    .sort((one, other) => other.seconds - one.seconds);
}

function within(/** @type {string} */ name, /** @type {string} */ root) {
  return name.startsWith(root) ? name.slice(root.length + 1).replaceAll("\\", "/") : name;
}
