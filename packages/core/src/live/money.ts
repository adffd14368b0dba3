const DIGITS = 9;

/** Billionths of a USD as USD, for showing: beyond nine million USD rounded to what a double holds. */
export function usdOf(nanoUsd: bigint): number {
  return Number(nanoUsd) / 1e9;
}

/** Billionths of a USD as USD in digits, nothing rounded: `1.5`, `0`, `-0.000000001`. */
export function exactUsd(nanoUsd: bigint): string {
  const sign = nanoUsd < 0n ? "-" : "";
  const digits = String(nanoUsd < 0n ? -nanoUsd : nanoUsd).padStart(DIGITS + 1, "0");
  const [whole, fraction] = [digits.slice(0, -DIGITS), digits.slice(-DIGITS).replace(/0+$/, "")];
  return fraction === "" ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}
