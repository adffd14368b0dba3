/** Numbers as texts, read without a double between, which would round them. */

const decimal = /^[ \t\r\n]*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?[ \t\r\n]*$/;

/**
 * The integer that a decimal number in any spelling stands for (`5`, `+5`,
 * `5.0`, `5e0`, `050e-1`): undefined for a number with a fraction, for one of
 * more than 40 digits and for any other text. Groups of digits (`1,000`) are no
 * number, since what their separator means depends on who wrote it. With a `power`, of the number
 * times ten to that power.
 */
export function exactInteger(text: string, power = 0): bigint | undefined {
  const parsed = parse(text);
  if (parsed === undefined) return undefined;
  const scaled = scale(parsed, power);
  return scaled === undefined || scaled.rest !== 0n ? undefined : scaled.value;
}

/** The integer nearest to a decimal number times ten to the `power`, halves away from zero; undefined as above. */
export function roundedInteger(text: string, power: number): bigint | undefined {
  const parsed = parse(text);
  const scaled = parsed === undefined ? undefined : scale(parsed, power);
  if (scaled === undefined) return undefined;
  const { value, rest, divisor } = scaled;
  if (2n * (rest < 0n ? -rest : rest) < divisor) return value;
  return rest < 0n ? value - 1n : value + 1n;
}

/** A decimal number: `digits` times ten to the `exponent`. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** A number in parts: the whole of it, and what a division by `divisor` left. */
interface Scaled {
  readonly value: bigint;
  readonly rest: bigint;
  readonly divisor: bigint;
}

const MOST_DIGITS = 40;
const MOST_CHARACTERS = 400;

function parse(text: string): Decimal | undefined {
  const parts = text.length > MOST_CHARACTERS ? null : decimal.exec(text);
  if (parts === null) return undefined;
  const [, sign, whole = "", fraction = "", power = "0"] = parts;
  if (whole === "" && fraction === "") return undefined;
  const digits = BigInt(whole + fraction);
  return { digits: sign === "-" ? -digits : digits, exponent: Number(power) - fraction.length };
}

function scale({ digits, exponent }: Decimal, power: number): Scaled | undefined {
  if (digits === 0n) return { value: 0n, rest: 0n, divisor: 1n };
  const by = exponent + power;
  if (by >= 0) {
    if (by > MOST_DIGITS) return undefined;
    return { value: digits * 10n ** BigInt(by), rest: 0n, divisor: 1n };
  }
  // Beyond the digits there are, the number is a fraction, however far it goes.
  const divisor = 10n ** BigInt(Math.min(-by, MOST_CHARACTERS + 1));
  return { value: digits / divisor, rest: digits % divisor, divisor };
}
