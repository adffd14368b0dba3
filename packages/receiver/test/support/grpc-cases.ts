import type { OutgoingHttpHeaders } from "node:http2";
import { gzipSync } from "node:zlib";
import { framed } from "./grpc-client.ts";

/** One call that must be refused, whatever the signal. */
export interface GrpcRefusal {
  readonly name: string;
  readonly code: number;
  readonly body: Uint8Array;
  readonly headers?: OutgoingHttpHeaders;
}

/** The largest message that the receiver of these cases takes. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

const hello = Buffer.from("hello");
const gzip = { "grpc-encoding": "gzip" };
const two = Buffer.concat([framed(hello), framed(hello)]);

/** Calls whose message is looked into, and is no export request. */
export const undecodableCalls: readonly GrpcRefusal[] = [
  { name: "an odd flag", code: 3, body: framed(hello, 2) },
  { name: "gzip that is not declared", code: 3, body: framed(gzipSync(hello), 1) },
  {
    name: "JSON",
    code: 3,
    body: framed(Buffer.from("{}")),
    headers: { "content-type": "application/grpc+json" },
  },
];

/** Calls that are refused for what they are, before anybody looks into the message. */
export const grpcRefusals: readonly GrpcRefusal[] = [
  { name: "no message", code: 12, body: new Uint8Array() },
  { name: "a cut head", code: 12, body: framed(hello).subarray(0, 3) },
  { name: "a cut message", code: 12, body: framed(hello).subarray(0, 7) },
  { name: "two messages", code: 12, body: two },
  { name: "too large a message", code: 8, body: framed(Buffer.alloc(MAX_MESSAGE_BYTES + 1)) },
  { name: "megabytes", code: 8, body: framed(Buffer.alloc(40 * MAX_MESSAGE_BYTES)) },
  {
    name: "a bomb",
    code: 8,
    body: framed(gzipSync(Buffer.alloc(100 * MAX_MESSAGE_BYTES)), 1),
    headers: gzip,
  },
  { name: "damaged gzip", code: 13, body: framed(hello, 1), headers: gzip },
  { name: "cut gzip", code: 13, body: framed(gzipSync(hello).subarray(0, 20), 1), headers: gzip },
  { name: "snappy", code: 12, body: framed(hello, 1), headers: { "grpc-encoding": "snappy" } },
  { name: "an unknown method", code: 12, body: framed(hello), headers: { ":path": "/a.B/C" } },
  {
    name: "a foreign host name",
    code: 7,
    body: framed(hello),
    headers: { ":authority": "evil.example:4317" },
  },
  { name: "two host names", code: 7, body: framed(hello), headers: { host: "evil.example" } },
  { name: "a web page", code: 7, body: framed(hello), headers: { origin: "http://127.0.0.1" } },
  {
    name: "a page elsewhere",
    code: 7,
    body: framed(hello),
    headers: { "sec-fetch-site": "cross-site" },
  },
];
