/** @type {Readonly<Record<string, number>>} */
const units = { "": 1, KB: 1e3, MB: 1e6, GB: 1e9 };

/** Bytes of a size as people write it: 500KB, 100MB, 1GB (powers of ten). */
export function bytesOf(/** @type {string} */ text) {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*(KB|MB|GB)?$/i.exec(text.trim()) ?? [];
  const factor = units[unit.toUpperCase()];
  if (number === undefined || factor === undefined) throw new Error(`not a size: ${text}`);
  return Math.round(Number(number) * factor);
}
