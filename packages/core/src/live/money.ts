const DIGITS = 9;

/**
 * Billionths of a USD of an amount in USD, as the store prints its DECIMAL columns: exact, however
 * large. Throws a SyntaxError where the text is no decimal number.
 */
export function nanoUsdOf(usd: string): bigint {
  const [whole = "", fraction = ""] = usd.split(".");
  return BigInt(whole + fraction.padEnd(DIGITS, "0").slice(0, DIGITS));
}
