import { Buffer } from "node:buffer";

/** Bytes of one protobuf field: the number and what it holds. */
export const wire = {
  varint: (id: number, value: number | bigint): Buffer =>
    Buffer.concat([varint((id << 3) | 0), varint(value)]),
  fixed64: (id: number, value: bigint): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
    return Buffer.concat([varint((id << 3) | 1), bytes]);
  },
  fixed32: (id: number, value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return Buffer.concat([varint((id << 3) | 5), bytes]);
  },
  double: (id: number, value: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return Buffer.concat([varint((id << 3) | 1), bytes]);
  },
  /** A string, bytes, or a message of the fields given. */
  of: (id: number, ...parts: readonly (Uint8Array | string)[]): Buffer => {
    const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
    return Buffer.concat([varint((id << 3) | 2), varint(body.length), body]);
  },
};

/** A varint; negative numbers take ten bytes, as protobuf has it. */
function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
