import { deflateSync, gzipSync } from "node:zlib";
import {
  type Around,
  bombs,
  deep,
  emptyRequest,
  emptyResource,
  LIMIT_BYTES,
  nonsense,
  pieces,
  sized,
  unknownField,
  wrongChecksum,
} from "./http-bodies.ts";
import type { Message } from "./http-client.ts";

/** One request and what must come of it. */
export interface HttpCase {
  readonly name: string;
  readonly send: (around: Around) => Message;
  readonly status: number;
  /** The body of the answer, where it is plain text. */
  readonly text?: string;
  /** Lines that come into the file; default: one for 200, none else. */
  readonly lines?: number;
}

const GUESS_TOKEN = "Bearer guessed-guessed-guessed";

/** A request that nothing is wrong with. */
function plain({ path, type, body }: Around): Required<Pick<Message, "path" | "headers" | "body">> {
  return { path, headers: { "content-type": type }, body };
}

function withHeaders(headers: Record<string, string | string[]>): HttpCase["send"] {
  return (around) => ({
    ...plain(around),
    headers: { "content-type": around.type, ...headers },
  });
}

function withBody(make: (around: Around) => Uint8Array | Uint8Array[]): HttpCase["send"] {
  return (around) => ({ ...plain(around), body: make(around) });
}

function coded(
  coding: string,
  make: (around: Around) => Uint8Array | Uint8Array[],
): HttpCase["send"] {
  return (around) => ({
    ...plain(around),
    headers: { "content-type": around.type, "content-encoding": coding },
    body: make(around),
  });
}

function typed(type: (own: string) => string | undefined): HttpCase["send"] {
  return (around) => {
    const given = type(around.type);
    return { ...plain(around), headers: given === undefined ? {} : { "content-type": given } };
  };
}

function at(path: (own: string) => string): HttpCase["send"] {
  return (around) => ({ ...plain(around), path: path(around.path) });
}

function by(method: string): HttpCase["send"] {
  return (around) => ({ method, path: around.path, headers: { "content-type": around.type } });
}

const unsupported =
  "415 unsupported media type, supported: [application/json, application/x-protobuf]";
const notAllowed = "405 method not allowed, supported: [POST]";

const accepted: readonly HttpCase[] = [
  { name: "a body with its length", send: plain, status: 200 },
  { name: "a chunked body", send: withBody(({ body }) => pieces(body, 100)), status: 200 },
  { name: "a body byte by byte", send: withBody(({ body }) => pieces(body, 1)), status: 200 },
  { name: "gzip", send: coded("gzip", ({ body }) => gzipSync(body)), status: 200 },
  {
    name: "chunked gzip",
    send: coded("gzip", ({ body }) => pieces(gzipSync(body), 33)),
    status: 200,
  },
  { name: "GZIP in capitals", send: coded("GZIP", ({ body }) => gzipSync(body)), status: 200 },
  { name: "deflate", send: coded("deflate", ({ body }) => deflateSync(body)), status: 200 },
  { name: "identity", send: coded("identity", ({ body }) => body), status: 200 },
  { name: "a charset", send: typed((own) => `${own}; charset=utf-8`), status: 200 },
  { name: "a type in capitals", send: typed((own) => own.toUpperCase()), status: 200 },
  { name: "spaces around the type", send: typed((own) => ` ${own} ; charset=utf-8`), status: 200 },
  { name: "an Accept of another kind", send: withHeaders({ accept: "text/html" }), status: 200 },
  { name: "Expect: 100-continue", send: withHeaders({ expect: "100-continue" }), status: 200 },
  {
    name: "a token that nobody asked for",
    send: withHeaders({ authorization: GUESS_TOKEN }),
    status: 200,
  },
  { name: "Host localhost", send: withHeaders({ host: "localhost:4318" }), status: 200 },
  { name: "Host LOCALHOST", send: withHeaders({ host: "LOCALHOST:4318" }), status: 200 },
  { name: "Host [::1]", send: withHeaders({ host: "[::1]:4318" }), status: 200 },
  { name: "Host without a port", send: withHeaders({ host: "127.0.0.1" }), status: 200 },
  { name: "Sec-Fetch-Site none", send: withHeaders({ "sec-fetch-site": "none" }), status: 200 },
  { name: "a query", send: at((own) => `${own}?x=1&y=/v1`), status: 200 },
  { name: "an empty query", send: at((own) => `${own}?`), status: 200 },
  { name: "a slash at the end", send: at((own) => `${own}/`), status: 200 },
  { name: "two slashes", send: at((own) => own.replace("/v1", "//v1/")), status: 200 },
  { name: "an empty request", send: withBody(emptyRequest), status: 200, lines: 0 },
  { name: "a resource without records", send: withBody(emptyResource), status: 200, lines: 0 },
  { name: "an unknown field", send: withBody(unknownField), status: 200 },
  {
    name: "a body of the largest size",
    send: withBody((around) => sized(around, LIMIT_BYTES)),
    status: 200,
  },
  {
    name: "gzip of the largest size",
    send: coded("gzip", (around) => gzipSync(sized(around, LIMIT_BYTES))),
    status: 200,
  },
];

const undecodable: readonly HttpCase[] = [
  { name: "nonsense", send: withBody(nonsense), status: 400 },
  { name: "a body that is cut", send: withBody(({ body }) => body.subarray(0, -3)), status: 400 },
  { name: "a body of zeros", send: withBody(() => Buffer.alloc(64)), status: 400 },
  { name: "messages or arrays beyond any depth", send: withBody(deep), status: 400 },
  {
    name: "gzip that is cut",
    send: coded("gzip", ({ body }) => gzipSync(body).subarray(0, 40)),
    status: 400,
  },
  { name: "gzip that is none", send: coded("gzip", ({ body }) => body), status: 400 },
  { name: "deflate that is none", send: coded("deflate", ({ body }) => body), status: 400 },
  { name: "gzip that is not declared", send: withBody(({ body }) => gzipSync(body)), status: 400 },
  {
    name: "gzip of nonsense",
    send: coded("gzip", (around) => gzipSync(nonsense(around))),
    status: 400,
  },
  { name: "gzip with a wrong checksum", send: coded("gzip", wrongChecksum), status: 400 },
];

const tooLarge: readonly HttpCase[] = [
  {
    name: "a byte too many",
    send: withBody((around) => sized(around, LIMIT_BYTES + 1)),
    status: 413,
  },
  {
    name: "a chunked byte too many",
    send: withBody((around) => pieces(sized(around, LIMIT_BYTES + 1), 60_000)),
    status: 413,
  },
  {
    name: "gzip of a byte too many",
    send: coded("gzip", (around) => gzipSync(sized(around, LIMIT_BYTES + 1))),
    status: 413,
  },
  { name: "a bomb in gzip", send: coded("gzip", () => bombs.gzip), status: 413 },
  { name: "a bomb in deflate", send: coded("deflate", () => bombs.deflate), status: 413 },
  {
    name: "megabytes",
    send: withBody(() => pieces(Buffer.alloc(8 * LIMIT_BYTES), 65_536)),
    status: 413,
  },
];

const media: readonly HttpCase[] = [
  ...[
    "text/plain",
    "text/plain;charset=UTF-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "application/grpc",
    "application/json-seq",
    "application/jsonp",
    "application/x-protobuf2",
    "*/*",
    "json",
  ].map((type) => ({ name: type, send: typed(() => type), status: 415, text: unsupported })),
  { name: "no type", send: typed(() => undefined), status: 415, text: unsupported },
  ...["br", "snappy", "compress", "gzip, gzip", "gzip, deflate", "x"].map((coding) => ({
    name: `content-encoding ${coding}`,
    send: coded(coding, ({ body }: Around) => body),
    status: 415,
  })),
];

const methods: readonly HttpCase[] = ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"].map(
  (method) => ({ name: method, send: by(method), status: 405, text: notAllowed }),
);

const paths: readonly HttpCase[] = [
  { name: "the root", send: at(() => "/"), status: 404 },
  { name: "an unknown signal", send: at(() => "/v1/profiles"), status: 404 },
  { name: "a path in capitals", send: at((own) => own.toUpperCase()), status: 404 },
  { name: "two signals' paths", send: at((own) => `${own}${own}`), status: 404 },
  { name: "a path in front", send: at((own) => `/otlp${own}`), status: 404 },
  { name: "a path that climbs", send: at((own) => `/v1/../${own}`), status: 404 },
  { name: "an encoded path", send: at((own) => own.replace("v1", "%76%31")), status: 404 },
];

const foreign: readonly HttpCase[] = [
  ...[
    "evil.example",
    "evil.example:4318",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "0.0.0.0:4318",
    "192.168.1.2:4318",
    "[::]",
    "127.0.0.1@evil.example",
    "localhost:4318:80",
    "x",
  ].map((host) => ({ name: `Host ${host}`, send: withHeaders({ host }), status: 403 })),
  ...[
    "null",
    "http://localhost",
    "http://127.0.0.1:4318",
    "https://evil.example",
    "chrome-extension://abc",
    "file://",
  ].map((origin) => ({ name: `Origin ${origin}`, send: withHeaders({ origin }), status: 403 })),
  ...["cross-site", "same-site"].map((site) => ({
    name: `Sec-Fetch-Site ${site}`,
    send: withHeaders({ "sec-fetch-site": site }),
    status: 403,
  })),
];

/** Every case that is the same for each signal and encoding. */
export const httpCases: readonly HttpCase[] = [
  ...accepted,
  ...undecodable,
  ...tooLarge,
  ...media,
  ...methods,
  ...paths,
  ...foreign,
];
