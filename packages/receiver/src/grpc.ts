import { once } from "node:events";
import { createServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { answerCall, type CallService } from "./grpc-call.ts";

/** What an OTLP/gRPC server is told. */
export interface GrpcOptions extends CallService {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** A running OTLP/gRPC server. */
export interface GrpcServer {
  readonly address: AddressInfo;
  /** Takes no new calls, answers those under way within so many milliseconds, and cuts the rest. */
  readonly close: (graceMs: number) => Promise<void>;
}

const MAX_CONNECTIONS = 256;
/** Calls that one connection may have under way; exporters have 30 at most. */
const MAX_CALLS = 32;
const MAX_HEADER_BYTES = 16 * 1024;
/** Within so long a new connection must have made a call. */
const FIRST_CALL_MS = 10_000;
/** A connection may rest so long between two calls: longer than any usual interval of export. */
const IDLE_MS = 10 * 60_000;

/**
 * Serves the Export methods of OTLP's three signals over HTTP/2 without TLS.
 * Rejects where the port cannot be had, with what the system says.
 */
export async function listenGrpc(options: GrpcOptions): Promise<GrpcServer> {
  const server = createServer({
    settings: {
      maxConcurrentStreams: MAX_CALLS,
      maxHeaderListSize: MAX_HEADER_BYTES,
      enablePush: false,
    },
  });
  server.maxConnections = MAX_CONNECTIONS;
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    session.on("error", () => session.destroy());
    session.setTimeout(FIRST_CALL_MS, () => session.close());
    session.once("stream", () => session.setTimeout(IDLE_MS));
  });
  server.on("sessionError", () => undefined);
  server.on("stream", (stream, headers) => void answerCall(stream, headers, options));
  server.listen(options.port, options.host);
  await once(server, "listening");
  return {
    address: server.address() as AddressInfo,
    close: (graceMs) => closeServer(server, sessions, graceMs),
  };
}

async function closeServer(
  server: Http2Server,
  sessions: ReadonlySet<ServerHttp2Session>,
  graceMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const session of sessions) session.close();
  const timer = setTimeout(() => {
    for (const session of sessions) session.destroy();
  }, graceMs);
  await closed;
  clearTimeout(timer);
}
