import { Buffer } from "node:buffer";
import { decodeMessage, type Signal } from "../../src/otlp/protobuf/protobuf.ts";
import { wire } from "./wire.ts";

/** A request of one record, of the fields given. */
export const request = (...record: Buffer[]): Buffer =>
  wire.of(1, wire.of(2, wire.of(2, ...record)));

/** A field that holds an attribute; without a value it is an empty one. */
export const attribute = (id: number, key: string, ...value: Buffer[]): Buffer =>
  wire.of(id, wire.of(1, key), wire.of(2, ...value));

/** A field that holds a value of text. */
export const text = (id: number, value: string): Buffer => wire.of(id, wire.of(1, value));

/** A time in nanoseconds that no double holds. */
export const nanos = 1_795_226_031_263_000_001n;

/** A trace id. */
export const id16 = Buffer.from("0102030405060708090a0b0c0d0e0fff", "hex");

/** A span id. */
export const id8 = Buffer.from("f102030405060708", "hex");

/** The request a message decodes to; a message that is none fails the test. */
export function decoded(bytes: Uint8Array, signal?: Signal): unknown {
  const verdict = decodeMessage(bytes, signal);
  if (verdict.kind !== "request") throw new Error(JSON.stringify(verdict));
  return verdict.request;
}

interface Wrapped {
  readonly [signal: string]: readonly { readonly [scopes: string]: readonly object[] }[];
}

/** The single record of a request. */
export function recordOf(bytes: Uint8Array, signal: Signal): unknown {
  const entry = Object.values(decoded(bytes, signal) as Wrapped)[0]?.[0] ?? {};
  const scope = Object.values(entry).find(Array.isArray)?.[0] ?? {};
  return Object.values(scope).find(Array.isArray)?.[0];
}
