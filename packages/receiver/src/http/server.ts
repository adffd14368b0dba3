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
  noteRefused,
  pathOf,
} from "./export.ts";

/** What an OTLP/HTTP server is told. */
export interface HttpOptions extends ExportOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly originCheck: OriginCheck;
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

/** Serves OTLP/HTTP and `/health`. Rejects where the port cannot be had, with what the system says. */
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
    // Whoever sends on a connection that stays open would never let it close.
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

/** Keeps the number of connections within bounds; gives each its place. */
function admit(server: Server, refusals: Pick<Refusals, "note">): WeakMap<Duplex, Place> {
  const connections = createConnections(MAX_CONNECTIONS);
  const places = new WeakMap<Duplex, Place>();
  server.on("connection", (socket) => {
    const place = connections.open(() => socket.destroy());
    if (place === undefined) {
      refusals.note("connections", `${MAX_CONNECTIONS} connections are at work`);
      socket.destroy();
      return;
    }
    places.set(socket, place);
    socket.once("close", place.close);
  });
  return places;
}

/** A bug that a request has met costs this request, and not the receiver. */
function answerFault(
  response: ServerResponse,
  error: unknown,
  refusals: Pick<Refusals, "note">,
): void {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  refusals.note("fault", message);
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
    noteRefused(request, reason, message, options);
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
