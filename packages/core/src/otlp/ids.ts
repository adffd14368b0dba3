/** Bytes of the ids by their names in JSON. */
const lengths: Readonly<Record<string, number>> = { traceId: 16, spanId: 8, parentSpanId: 8 };

/** An id of a trace or a span as hexadecimal digits in lower case, hexadecimal ones of any length; undefined for what is none. */
export function readId(input: unknown, name: string): string | undefined {
  if (typeof input !== "string") return undefined;
  if (/^([0-9a-fA-F]{2})*$/.test(input)) return input.toLowerCase();
  return hexOfId(input, lengths[name] ?? 0);
}

/**
 * An id of `bytes` bytes as hexadecimal digits in lower case. OTLP writes ids
 * in hexadecimal digits; the general JSON form of protobuf writes them in
 * base64, and some write a trace id as a UUID. Undefined for any other text.
 */
export function hexOfId(text: string, bytes: number): string | undefined {
  if (text.length === bytes * 2 && /^[0-9a-f]*$/i.test(text)) return text.toLowerCase();
  if (bytes === 16 && uuid.test(text)) return text.replaceAll("-", "").toLowerCase();
  const digits = text.replace(/={1,2}$/, "");
  const padded = text.length !== digits.length;
  if (digits.length !== Math.ceil((bytes * 4) / 3) || (padded && text.length % 4 !== 0)) {
    return undefined;
  }
  let value = 0n;
  for (const digit of digits.replaceAll("-", "+").replaceAll("_", "/")) {
    const bits = base64Digits.indexOf(digit);
    if (bits < 0) return undefined;
    value = value * 64n + BigInt(bits);
  }
  // The last digit has bits that are of no byte.
  const spare = BigInt(digits.length * 6 - bytes * 8);
  return (value >> spare).toString(16).padStart(bytes * 2, "0");
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
