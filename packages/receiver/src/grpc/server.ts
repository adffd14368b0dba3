import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { createConnections, type Place } from "../admission/connections.ts";
import type { Signal } from "../export-request.ts";
import type { Intake } from "../intake.ts";
import { detectHttp2 } from "./detect-http2.ts";
import { type GateOptions, grpcGate } from "./gate.ts";
import { refusedStatus } from "./status.ts";

/** Options of an OTLP/gRPC server. */
export interface GrpcOptions extends Omit<GateOptions, "maxCalls" | "onCall"> {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly intake: Intake;
  /** The largest body that any protocol accepts. */
  readonly maxBodyBytes: number;
}

/** A running OTLP/gRPC server. */
export interface GrpcServer {
  readonly address: AddressInfo;
  /** Accepts no new calls, answers those under way within so many milliseconds, and cuts the rest. */
  readonly close: (graceMs: number) => Promise<void>;
}

/** The default limit of gRPC and of the Collector; calls hold a multiple of it in memory. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
const MAX_CALLS = 48;
/** Of one connection; exporters have 30 at most. */
const MAX_CALLS_OF_CONNECTION = 32;
const MAX_CONNECTIONS = 256;
/** Time within which a new connection must make its first call. */
const FIRST_CALL_MS = 10_000;
/** A connection may be idle this long between two calls: longer than any usual interval of export. */
const IDLE_MS = 10 * 60_000;

const services: Readonly<Record<Signal, string>> = {
  logs: "logs.v1.LogsService",
  metrics: "metrics.v1.MetricsService",
  traces: "trace.v1.TraceService",
};

/**
 * Serves the Export methods of OTLP's three signals, without TLS.
 * Rejects with the system's error if it cannot listen on the port.
 */
export async function listenGrpc(options: GrpcOptions): Promise<GrpcServer> {
  const peers = new Map<string, Peer>();
  const server = new Server({
    "grpc.max_receive_message_length": Math.min(MAX_MESSAGE_BYTES, options.maxBodyBytes),
    "grpc.max_concurrent_streams": MAX_CALLS_OF_CONNECTION,
    "grpc.max_connection_idle_ms": IDLE_MS,
    "grpc.enable_channelz": 0,
    interceptors: [
      grpcGate({
        ...options,
        maxCalls: MAX_CALLS,
        onCall: (address) => beginCall(peers.get(address)),
      }),
    ],
  });
  for (const [signal, name] of Object.entries(services) as [Signal, string][]) {
    server.addService(definitionOf(name), { Export: exportHandler(signal, options) });
  }
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const connections = createConnections(MAX_CONNECTIONS);
  /** Connections whose protocol is not known yet. */
  const undetected = new Set<Socket>();
  const listener = createServer((socket) => {
    const place = connections.open(() => socket.destroy());
    if (place === undefined) {
      options.refusals.record("connections", `${MAX_CONNECTIONS} connections of gRPC are at work`);
      socket.destroy();
      return;
    }
    registerPeer(socket, place, peers);
    undetected.add(socket);
    socket.once("close", () => undetected.delete(socket));
    const accept = (): void => {
      undetected.delete(socket);
      injector.injectConnection(socket);
    };
    detectHttp2(socket, accept, options.refusals);
  });
  listener.listen(options.port, options.host);
  await once(listener, "listening");
  return {
    address: listener.address() as AddressInfo,
    close: async (graceMs) => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const socket of undetected) socket.destroy();
      injector.drain(graceMs);
      await closed;
      server.forceShutdown();
    },
  };
}

/** A connection, with the timer that ends it if it makes no call. */
interface Peer {
  readonly place: Place;
  readonly firstCall: NodeJS.Timeout;
}

function registerPeer(socket: Socket, place: Place, peers: Map<string, Peer>): void {
  const address = `${socket.remoteAddress}:${socket.remotePort}`;
  const peer = { place, firstCall: setTimeout(() => socket.destroy(), FIRST_CALL_MS) };
  peers.set(address, peer);
  socket.once("close", () => {
    clearTimeout(peer.firstCall);
    place.close();
    if (peers.get(address) === peer) peers.delete(address);
  });
}

/** Returns a function to call when the call has ended. */
function beginCall(peer: Peer | undefined): () => void {
  clearTimeout(peer?.firstCall);
  peer?.place.begin();
  return () => peer?.place.finish();
}

/** A service with the one method of OTLP; requests arrive as bytes, answers are empty messages. */
function definitionOf(name: string): ServiceDefinition<UntypedServiceImplementation> {
  const bytes = (message: Buffer): Buffer => message;
  return {
    Export: {
      path: `/opentelemetry.proto.collector.${name}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: bytes,
      requestDeserialize: bytes,
      responseSerialize: bytes,
      responseDeserialize: bytes,
    },
  };
}

/** The export response for a request that was accepted whole: an empty message. */
const wholeSuccess = Buffer.alloc(0);

function exportHandler(
  signal: Signal,
  { intake, refusals }: Pick<GrpcOptions, "intake" | "refusals">,
): handleUnaryCall<Buffer, Buffer> {
  return async ({ request }, answer) => {
    const verdict = await intake.accept(signal, "protobuf", request);
    if (verdict.kind === "accepted") {
      answer(null, wholeSuccess);
    } else {
      refusals.record(verdict.reason, `gRPC, ${signal}: ${verdict.message}`);
      answer(refusedStatus(verdict));
    }
  };
}
