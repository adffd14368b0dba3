import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { createConnections, type Place } from "../admission/connections.ts";
import { isLoopback, type OriginCheck } from "../admission/hosts.ts";
import { rpcCodes } from "../admission/rpc-status.ts";
import type { Refusals } from "../refusals.ts";
import { answerPlain, answerStatus } from "./answer.ts";
import { answerBroken } from "./broken.ts";
import {
  answerExport,
  BUSY_RETRY_SECONDS,
  type ExportOptions,
  encodingOf,
  pathOf,
  recordRefusal,
} from "./export.ts";

/** Options of an OTLP/HTTP server. */
export interface HttpOptions extends ExportOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly originCheck: OriginCheck;
  /** How long a request may take to come in. */
  readonly requestTimeoutMs: number;
  /** Why nothing can be written now; undefined if it can. */
  readonly storageFault: () => string | undefined;
}

/** A running OTLP/HTTP server. */
export interface HttpServer {
  readonly address: AddressInfo;
  /** Accepts no new requests, answers those under way within so many milliseconds, and cuts the rest. */
  readonly close: (graceMs: number) => Promise<void>;
}

const MAX_CONNECTIONS = 256;
const MAX_HEADER_BYTES = 16 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const CHECKING_INTERVAL_MS = 1_000;
/** Longer than any usual interval of export, so that no request meets a connection being closed. */
const KEEP_ALIVE_MS = 75_000;

/** Serves OTLP/HTTP and `/health`. Rejects with the system's error if it cannot listen on the port. */
export async function listenHttp(options: HttpOptions): Promise<HttpServer> {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: options.requestTimeoutMs,
    connectionsCheckingInterval: CHECKING_INTERVAL_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  const places = admit(server, options.refusals);
  const answers = new WeakMap<Duplex, ServerResponse>();
  let closing = false;
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const place = places.get(request.socket);
    place?.begin();
    response.once("close", () => place?.finish());
    answers.set(request.socket, response);
    // A sender that keeps its connection open would never let the server close.
    if (closing) response.setHeader("connection", "close");
    answer(request, response, options).catch((error: unknown) =>
      answerFault(response, error, options.refusals),
    );
  });
  server.on("clientError", (error, socket) => {
    const last = answers.get(socket);
    const canAnswer = last === undefined || last.writableFinished || !last.headersSent;
    answerBroken(error, socket, canAnswer, options.refusals);
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

/** Limits the number of connections, and tracks each. */
function admit(server: Server, refusals: Pick<Refusals, "record">): WeakMap<Duplex, Place> {
  const connections = createConnections(MAX_CONNECTIONS);
  const places = new WeakMap<Duplex, Place>();
  server.on("connection", (socket) => {
    const place = connections.open(() => socket.destroy());
    if (place === undefined) {
      refusals.record("connections", `${MAX_CONNECTIONS} connections are at work`);
      socket.destroy();
      return;
    }
    places.set(socket, place);
    socket.once("close", place.close);
  });
  return places;
}

/** A bug that a request triggers fails this request; the receiver goes on. */
function answerFault(
  response: ServerResponse,
  error: unknown,
  refusals: Pick<Refusals, "record">,
): void {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  refusals.record("fault", message);
  if (response.headersSent) response.destroy();
  else answerStatus(response, 500, { code: rpcCodes.internal, message: `${message}.` });
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
  const encoding = encodingOf(request);
  if (refusal !== undefined) {
    const { reason, message } = refusal;
    recordRefusal(request, reason, message, options);
    const status = { code: rpcCodes.permissionDenied, message: `${message}.` };
    answerStatus(response, 403, status, encoding);
  } else if (pathOf(request) === "/health") {
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

/**
 * Reads and discards the rest of a request that was answered early: if the connection were closed
 * while the sender still writes, the answer would be lost. A sender of more than the largest body
 * is disconnected.
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
