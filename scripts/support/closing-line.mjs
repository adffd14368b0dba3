/**
 * The last line of a run, alone on its line, for people and for CI to read.
 *
 * @param {number} passed
 * @param {number} failed
 */
export function closingLine(passed, failed) {
  return `${passed} passed, ${failed} failed`;
}
