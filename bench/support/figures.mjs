/**
 * A target with the tolerance that noise of a shared machine is allowed, as a part of the target.
 *
 * @typedef {{ atLeast: number, tolerance?: number } | { atMost: number, tolerance?: number }} Target
 */

const TOLERANCE = 0.05;
let missed = 0;

/**
 * Prints one figure, and its target where it has one.
 *
 * @param {string} name Ends in the unit: _seconds, _ms, _mb, _ratio.
 * @param {number} value
 * @param {Target} [target]
 */
export function figure(name, value, target) {
  const shown = `FIGURE ${name}=${rounded(value)}`;
  if (target === undefined) {
    console.log(shown);
    return;
  }
  const { tolerance = TOLERANCE } = target;
  const [sign, bound] = "atLeast" in target ? [">=", target.atLeast] : ["<=", target.atMost];
  const met = "atLeast" in target ? value >= bound : value <= bound;
  const near =
    "atLeast" in target ? value >= bound * (1 - tolerance) : value <= bound * (1 + tolerance);
  if (!near) missed++;
  const verdict = met ? "" : near ? " (within tolerance)" : " MISSED";
  console.log(`${shown} target=${sign}${bound}${verdict}`);
}

/** How many figures missed their target by more than the tolerance. */
export function missedTargets() {
  return missed;
}

/** Four significant digits, whole numbers as they are. */
function rounded(/** @type {number} */ value) {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}

/** The middle of the values. */
export function median(/** @type {readonly number[]} */ values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** The value below which a part of the values lies; nearest rank. */
export function percentile(/** @type {readonly number[]} */ values, /** @type {number} */ part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}
