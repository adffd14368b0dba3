/**
 * A source of random numbers that gives the same ones for the same seed.
 *
 * @typedef {object} Random
 * @property {() => number} next From 0 to below 1.
 * @property {(low: number, high: number) => number} int From low to high, both included.
 * @property {(low: number, high: number) => number} real From low to below high.
 * @property {(middle: number, spread: number) => number} skewed Log-normal, half of them below middle.
 * @property {(chance: number) => boolean} chance True that often.
 * @property {<T>(choices: readonly T[]) => T} pick One of them.
 * @property {(digits: number) => string} hex So many hexadecimal digits.
 * @property {(length: number) => string} base62 So many letters and digits.
 * @property {() => string} uuid A UUID of version 4.
 */

const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/**
 * @param {number} seed
 * @returns {Random}
 */
export function randomFrom(seed) {
  const word = wordsFrom(seed);
  const next = () => word() / 0x1_0000_0000;
  const int = (/** @type {number} */ low, /** @type {number} */ high) =>
    low + Math.floor(next() * (high - low + 1));
  const hex = (/** @type {number} */ digits) => {
    let text = "";
    while (text.length < digits) text += word().toString(16).padStart(8, "0");
    return text.slice(0, digits);
  };
  return {
    next,
    int,
    real: (low, high) => low + next() * (high - low),
    skewed: (middle, spread) => middle * Math.exp(spread * normal(next)),
    chance: (chance) => next() < chance,
    pick: (choices) => {
      const choice = choices[Math.floor(next() * choices.length)];
      if (choice === undefined) throw new RangeError("nothing to choose from");
      return choice;
    },
    hex,
    base62: (length) => {
      let text = "";
      for (let i = 0; i < length; i++) text += letters.charAt(word() % 62);
      return text;
    },
    uuid: () => {
      const text = hex(32);
      const variant = "89ab".charAt(word() & 3);
      return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-${variant}${text.slice(17, 20)}-${text.slice(20)}`;
    },
  };
}

/** The generator sfc32: unsigned 32-bit words. */
function wordsFrom(/** @type {number} */ seed) {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const word = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 16; i++) word();
  return word;
}

/** Box-Muller. */
function normal(/** @type {() => number} */ next) {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}
