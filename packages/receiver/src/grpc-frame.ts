/** What a unary call's body holds: messages with five bytes before each. */
export type Frame =
  | { readonly kind: "message"; readonly compressed: boolean; readonly payload: Uint8Array }
  /** No whole message, or its length is wrong. */
  | { readonly kind: "torn" }
  | { readonly kind: "several" };

/** Bytes that stand before a message: a flag for compression and the length, big-endian. */
export const FRAME_HEAD_BYTES = 5;

/** Takes the one message out of the body of a call. */
export function readFrame(body: Uint8Array): Frame {
  if (body.length < FRAME_HEAD_BYTES) return { kind: "torn" };
  const head = new DataView(body.buffer, body.byteOffset, FRAME_HEAD_BYTES);
  const end = FRAME_HEAD_BYTES + head.getUint32(1);
  if (end > body.length) return { kind: "torn" };
  if (end < body.length) return { kind: "several" };
  const flag = head.getUint8(0);
  if (flag > 1) return { kind: "torn" };
  return { kind: "message", compressed: flag === 1, payload: body.subarray(FRAME_HEAD_BYTES) };
}

/** An empty message: each Export…ServiceResponse of a request that was taken whole. */
export const emptyMessage: Uint8Array = new Uint8Array(FRAME_HEAD_BYTES);

/** A message of a status as it stands in `grpc-message`: bytes that are not plain ASCII as %XX. */
export function encodeGrpcMessage(message: string): string {
  let text = "";
  for (const byte of new TextEncoder().encode(message)) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    text += plain
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return text;
}
