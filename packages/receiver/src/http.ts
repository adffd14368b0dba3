import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type BodyCoding, readBody } from "./body.ts";
import type { FlightBudget } from "./flight.ts";
import { isLoopback, type OriginCheck } from "./hosts.ts";
import { answerPlain, answerStatus, answerSuccess } from "./http-answer.ts";
import type { Encoding, Intake, Signal, Verdict } from "./intake.ts";
import { type RpcStatus, rpcCodes } from "./rpc-status.ts";
import type { TokenCheck } from "./token.ts";

/** What an OTLP/HTTP server is told. */
export interface HttpOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly intake: Intake;
  readonly originCheck: OriginCheck;
  readonly tokenCheck: TokenCheck;
  readonly budget: FlightBudget;
  /** The largest body, as it comes and inflated. */
  readonly maxBodyBytes: number;
  /** How long a request may take to come in. */
  readonly requestTimeoutMs: number;
  /** Why nothing can be written now; undefined where all is well. */
  readonly storageFault: () => string | undefined;
}

/** A running OTLP/HTTP server. */
export interface HttpServer {
  readonly address: AddressInfo;
  /** Takes no new requests, answers those under way within so many milliseconds, and cuts the rest. */
  readonly close: (graceMs: number) => Promise<void>;
}

const MAX_CONNECTIONS = 256;
const MAX_HEADER_BYTES = 16 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const CHECKING_INTERVAL_MS = 1_000;
/** Longer than any usual interval of export, so that no request meets a connection being closed. */
const KEEP_ALIVE_MS = 75_000;
const BUSY_RETRY_SECONDS = 1;

const signals: ReadonlyMap<string, Signal> = new Map([
  ["/v1/logs", "logs"],
  ["/v1/metrics", "metrics"],
  ["/v1/traces", "traces"],
]);

const encodings: ReadonlyMap<string, Encoding> = new Map([
  ["application/json", "json"],
  ["application/x-protobuf", "protobuf"],
]);

const codings: ReadonlyMap<string, BodyCoding> = new Map([
  ["", "identity"],
  ["identity", "identity"],
  ["gzip", "gzip"],
  ["deflate", "deflate"],
]);

/** Serves OTLP/HTTP and `/health`. Rejects where the port cannot be had, with what the system says. */
export async function listenHttp(options: HttpOptions): Promise<HttpServer> {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: options.requestTimeoutMs,
    connectionsCheckingInterval: CHECKING_INTERVAL_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  server.maxConnections = MAX_CONNECTIONS;
  let closing = false;
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    // Whoever sends on a connection that stays open would never let it close.
    if (closing) response.setHeader("connection", "close");
    void answer(request, response, options);
  });
  server.listen(options.port, options.host);
  await once(server, "listening");
  return {
    address: server.address() as AddressInfo,
    close: (graceMs) => {
      closing = true;
      return closeServer(server, graceMs);
    },
  };
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpOptions,
): Promise<void> {
  request.on("error", () => undefined);
  response.on("error", () => undefined);
  const refusal = options.originCheck({
    hosts: request.headersDistinct["host"] ?? [],
    origin: request.headers.origin,
    fetchSite: request.headersDistinct["sec-fetch-site"]?.join(),
  });
  const encoding = encodings.get(mediaType(request));
  if (refusal !== undefined) {
    const status = { code: rpcCodes.permissionDenied, message: `${refusal}.` };
    answerStatus(response, 403, status, encoding);
  } else if (request.url === "/health") {
    answerHealth(request, response, options);
  } else {
    await answerExport(request, response, encoding, options);
  }
  discardRest(request, options.maxBodyBytes);
}

function answerHealth(
  request: IncomingMessage,
  response: ServerResponse,
  { storageFault }: HttpOptions,
): void {
  if (request.method !== "GET" && request.method !== "HEAD") {
    answerPlain(response, 405, "405 method not allowed, supported: [GET]", { allow: "GET" });
    return;
  }
  const well = storageFault() === undefined;
  response.setHeader("content-type", "application/json");
  // Other machines need not know.
  if (isLoopback(request.socket.remoteAddress ?? "")) {
    response.setHeader("x-cctelemetry-pid", String(process.pid));
  }
  if (!well) response.setHeader("retry-after", BUSY_RETRY_SECONDS);
  response.writeHead(well ? 200 : 503).end(`{"status":"${well ? "ok" : "storage-fault"}"}`);
}

async function answerExport(
  request: IncomingMessage,
  response: ServerResponse,
  encoding: Encoding | undefined,
  options: HttpOptions,
): Promise<void> {
  const signal = signals.get(request.url ?? "");
  if (!options.tokenCheck(request.headers.authorization)) {
    response.setHeader("www-authenticate", "Bearer");
    const status = { code: rpcCodes.unauthenticated, message: "a valid bearer token is needed." };
    answerStatus(response, 401, status, encoding);
  } else if (signal === undefined) {
    answerPlain(response, 404, "404 page not found");
  } else if (request.method !== "POST") {
    const text = "405 method not allowed, supported: [POST]";
    answerPlain(response, 405, text, { allow: "POST" });
  } else if (encoding === undefined) {
    const supported = [...encodings.keys()].join(", ");
    answerPlain(response, 415, `415 unsupported media type, supported: [${supported}]`);
  } else {
    await takeBody(request, response, signal, encoding, options);
  }
}

async function takeBody(
  request: IncomingMessage,
  response: ServerResponse,
  signal: Signal,
  encoding: Encoding,
  { budget, intake, maxBodyBytes }: HttpOptions,
): Promise<void> {
  const refuse = (http: number, status: RpcStatus): void =>
    answerStatus(response, http, status, encoding);
  const coding = codings.get(
    request.headersDistinct["content-encoding"]?.join().toLowerCase() ?? "",
  );
  if (coding === undefined) {
    const message = "this content-encoding is not supported; gzip, deflate and none are.";
    return refuse(415, { code: rpcCodes.invalidArgument, message });
  }
  const told = Number(request.headers["content-length"] ?? 0);
  const body =
    told > maxBodyBytes
      ? ({ kind: "too-large" } as const)
      : await readBody(request, { coding, maxBytes: maxBodyBytes, budget });
  switch (body.kind) {
    case "whole":
      try {
        answerVerdict(response, encoding, await intake.accept(signal, encoding, body.bytes));
      } finally {
        body.release();
      }
      return;
    case "too-large":
      return answerVerdict(response, encoding, {
        kind: "refused",
        reason: "too-large",
        message: `the body has more than ${maxBodyBytes} bytes.`,
      });
    case "busy":
      return answerVerdict(response, encoding, {
        kind: "refused",
        reason: "busy",
        message: "too many bytes are under way.",
        retryAfterSeconds: BUSY_RETRY_SECONDS,
      });
    case "undecodable":
      return refuse(400, { code: rpcCodes.invalidArgument, message: `${body.message}.` });
    case "broken":
      request.destroy();
  }
}

/** What each refusal is over HTTP and to gRPC's way of thinking. */
const refusals = {
  undecodable: { http: 400, code: rpcCodes.invalidArgument },
  "too-large": { http: 413, code: rpcCodes.resourceExhausted },
  busy: { http: 503, code: rpcCodes.unavailable },
  storage: { http: 503, code: rpcCodes.unavailable },
} as const;

function answerVerdict(response: ServerResponse, encoding: Encoding, verdict: Verdict): void {
  if (verdict.kind === "accepted") {
    answerSuccess(response, encoding);
    return;
  }
  const { http, code } = refusals[verdict.reason];
  const { message, retryAfterSeconds } = verdict;
  answerStatus(response, http, { code, message, retryAfterSeconds }, encoding);
}

function mediaType(request: IncomingMessage): string {
  const [type = ""] = (request.headers["content-type"] ?? "").split(";");
  return type.trim().toLowerCase();
}

/**
 * Reads what is left of a request that was answered early, and forgets it: a
 * connection cut while its sender still writes loses the answer. Whoever sends
 * more than any body may have is cut off.
 */
function discardRest(request: IncomingMessage, mostBytes: number): void {
  if (request.complete || request.destroyed) return;
  let bytes = 0;
  request.on("data", (chunk: Uint8Array) => {
    bytes += chunk.length;
    if (bytes > mostBytes) request.destroy();
  });
  request.resume();
}
