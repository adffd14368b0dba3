import { gunzipSync } from "node:zlib";
import { decodeMessage } from "../../otlp/protobuf/protobuf.ts";
import { detectCompression } from "../../source/codec/compression.ts";
import { isRequest } from "./envelope.ts";
import type { ParseJson } from "./prefix.ts";

/** What a compressed body may come to, bytes. */
const MOST_BYTES = 32 * 1024 * 1024;

/**
 * The request that a sender's body is: JSON or protobuf, as it is or compressed by gzip. Undefined
 * for other bytes; a message that may be of two signals is none.
 */
export function readBody(bytes: Buffer, parse: ParseJson): unknown {
  const body = detectCompression(bytes) === "gzip" ? inflated(bytes) : bytes;
  if (body === undefined) return undefined;
  if (/^\s*[[{]/.test(body.toString("latin1", 0, 64))) return parsed(body.toString("utf8"), parse);
  if (body[0] !== 0x0a) return undefined;
  const verdict = decodeMessage(body);
  return verdict.kind === "request" && isRequest(verdict.request) ? verdict.request : undefined;
}

function inflated(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch {
    return undefined;
  }
}

function parsed(text: string, parse: ParseJson): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
