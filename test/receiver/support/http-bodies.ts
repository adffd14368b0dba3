import { deflateSync, gzipSync } from "node:zlib";
import { type Encoding, mediaTypes, type Sample, type Signal, sample } from "./requests.ts";

/** The largest body that the receiver of these cases takes. */
export const LIMIT_BYTES = 256 * 1024;

/** What a case may use: a request that was never sent, and how to say it. */
export interface Around {
  readonly signal: Signal;
  readonly encoding: Encoding;
  readonly one: Sample;
  /** Its body. */
  readonly body: Buffer;
  readonly path: string;
  /** The media type of the encoding. */
  readonly type: string;
}

/** What surrounds the case with this number. */
export function around(signal: Signal, encoding: Encoding, number: number): Around {
  const one = sample(signal, `${signal}-${encoding}-${number}`);
  return {
    signal,
    encoding,
    one,
    body: one.body(encoding),
    path: `/v1/${signal}`,
    type: mediaTypes[encoding],
  };
}

export function pieces(bytes: Uint8Array, length: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / length);
  return Array.from({ length: count }, (_, each) =>
    bytes.subarray(each * length, (each + 1) * length),
  );
}

/** A body of exactly so many bytes. */
export function sized({ signal, encoding }: Around, bytes: number): Buffer {
  const id = `sized-${signal}-${encoding}-${Math.random()}`;
  const [small, large] = [sample(signal, id, 1_000), sample(signal, id, 1_001)];
  const [smallest, step] = [small.body(encoding).length, large.body(encoding).length];
  if (step - smallest !== 2) throw new Error("a letter of the padding has two bytes");
  let padding = 1_000 + Math.floor((bytes - smallest) / 2);
  while (sample(signal, id, padding).body(encoding).length > bytes) padding--;
  const rest = bytes - sample(signal, id, padding).body(encoding).length;
  return sample(signal, `${id}${"x".repeat(rest)}`, padding).body(encoding);
}

/** Something that the encoding cannot mean. */
export function nonsense({ encoding }: Around): Buffer {
  return encoding === "json" ? Buffer.from('{"a":') : Buffer.from([0x0a, 0xff, 0xff, 0x03, 0x01]);
}

export const bombs = {
  gzip: gzipSync(Buffer.alloc(200 * LIMIT_BYTES)),
  deflate: deflateSync(Buffer.alloc(200 * LIMIT_BYTES)),
};

export function emptyRequest({ encoding }: Around): Buffer {
  return Buffer.from(encoding === "json" ? "{}" : "");
}

export function emptyResource({ encoding, one }: Around): Buffer {
  const [name = ""] = Object.keys(JSON.parse(one.line));
  if (encoding === "json") return Buffer.from(JSON.stringify({ [name]: [{}] }));
  return field(1, Buffer.alloc(0));
}

export function unknownField({ encoding, one, body }: Around): Buffer {
  if (encoding === "protobuf") return Buffer.concat([body, Buffer.from([0xfa, 0x3f, 0x01, 0x61])]);
  return Buffer.from(one.line.replace("{", '{"future":[1,{"a":null}],'));
}

/** As deep as no reader follows: arrays in JSON, values in values in protobuf. */
export function deep({ encoding, signal }: Around): Buffer {
  const levels = 4_000;
  const name = { logs: "resourceLogs", metrics: "resourceMetrics", traces: "resourceSpans" }[
    signal
  ];
  if (encoding === "json") {
    const value = '{"arrayValue":{"values":['.repeat(levels) + "]}}".repeat(levels);
    return Buffer.from(`{"${name}":[{"resource":{"attributes":[{"key":"k","value":${value}}]}}]}`);
  }
  let value: Buffer = Buffer.alloc(0);
  for (let level = 0; level < 5_000; level++) value = field(5, field(1, value));
  return field(1, field(1, field(1, field(2, value))));
}

/** One field of bytes. */
function field(id: number, bytes: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
    length.push(rest > 127 ? (rest % 128) + 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from([id * 8 + 2, ...length]), bytes]);
}

export function wrongChecksum({ body }: Around): Buffer {
  const bytes = gzipSync(body);
  bytes[bytes.length - 6] = (bytes[bytes.length - 6] ?? 0) ^ 0xff;
  return bytes;
}
