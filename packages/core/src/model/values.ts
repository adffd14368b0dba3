import { plain, quoted } from "../otlp/json/any-value.ts";
import type { AttributeValue, KeyValue } from "../otlp/sink.ts";
import { Lanes } from "./hash.ts";

const encoder = new TextEncoder();
const doubleView = new Float64Array(1);
const wordView = new Uint32Array(doubleView.buffer);

/** What stands before the value in the hash of an attribute, so that 1, "1" and 1.0 differ. */
const typeTags = { text: 1, int: 2, double: 3, bool: 4, complex: 5 } as const;

/** Hash of a string attribute given as UTF-8. */
export function hashText(
  lanes: Lanes,
  key: Lanes,
  bytes: Uint8Array,
  start: number,
  end: number,
): Lanes {
  return lanes.from(key, typeTags.text).absorbBytes(bytes, start, end).finish();
}

/** Hash of an integer attribute given as two words. */
export function hashInteger(lanes: Lanes, key: Lanes, low: number, high: number): Lanes {
  return lanes.from(key, typeTags.int).absorb(low, high, 0, 0).finish();
}

/** Hash of a double attribute; all NaNs are one. */
export function hashDouble(lanes: Lanes, key: Lanes, value: number): Lanes {
  const [low, high] = doubleWords(value);
  return lanes.from(key, typeTags.double).absorb(low, high, 0, 0).finish();
}

/** Hash of a boolean attribute. */
export function hashBool(lanes: Lanes, key: Lanes, value: boolean): Lanes {
  return lanes
    .from(key, typeTags.bool)
    .absorb(value ? 1 : 0, 0, 0, 0)
    .finish();
}

/** Hash of an attribute of any type. */
export function hashValue(lanes: Lanes, key: Lanes, value: AttributeValue): Lanes {
  if (value.kind === "text") {
    const bytes = encoder.encode(value.text);
    return hashText(lanes, key, bytes, 0, bytes.length);
  }
  if (value.kind === "int") return hashInteger(lanes, key, ...integerWords(value.value));
  if (value.kind === "double") return hashDouble(lanes, key, value.value);
  if (value.kind === "bool") return hashBool(lanes, key, value.value);
  const bytes = encoder.encode(value.wire);
  return lanes.from(key, typeTags.complex).absorbBytes(bytes, 0, bytes.length).finish();
}

/** Hash of a plain text under a seed. */
export function hashString(seed: number, text: string): Lanes {
  const bytes = encoder.encode(text);
  return new Lanes().seed(seed).absorbBytes(bytes, 0, bytes.length).finish();
}

/** The two words of a double's bits, low first. */
export function doubleWords(value: number): [low: number, high: number] {
  doubleView[0] = Number.isNaN(value) ? Number.NaN : value;
  return [(wordView[0] as number) | 0, (wordView[1] as number) | 0];
}

/** The two words of a 64-bit integer, low first. */
export function integerWords(value: bigint): [low: number, high: number] {
  return [
    Number(BigInt.asIntN(32, value)),
    Number(BigInt.asIntN(32, BigInt.asIntN(64, value) >> 32n)),
  ];
}

/** Attributes as a JSON object; an attribute that comes twice is written twice. */
export function attributesAsJson(attributes: readonly KeyValue[]): string {
  const members = attributes.map(({ key, value }) => `${quoted(key)}:${plain(value)}`);
  return `{${members.join(",")}}`;
}
