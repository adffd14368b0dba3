import protobuf from "protobufjs/light.js";

/** A field of a message that holds bytes: text, bytes or a message. */
export interface LengthField {
  readonly id: number;
  /** A view of the message's bytes. */
  readonly content: Uint8Array;
}

/**
 * Walks the fields of a message that hold bytes, without decoding them; others
 * are passed over. Meant for messages that fit their type (`fitMessage`):
 * throws what the protobuf reader throws on bytes that are no message.
 */
export function* lengthFields(bytes: Uint8Array): Generator<LengthField> {
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < bytes.length) {
    const tag = reader.uint32();
    if ((tag & 7) !== 2) {
      reader.skipType(tag & 7);
      continue;
    }
    const length = reader.uint32();
    const start = reader.pos;
    reader.skip(length);
    yield { id: tag >>> 3, content: bytes.subarray(start, start + length) };
  }
}
