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
import { type GateOptions, grpcGate } from "./gate.ts";
import { greet } from "./greeting.ts";
import { refusedStatus } from "./status.ts";

/** What an OTLP/gRPC server is told. */
export interface GrpcOptions extends Omit<GateOptions, "maxCalls" | "onCall"> {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly intake: Intake;
  /** The largest body that is taken by any protocol. */
  readonly maxBodyBytes: number;
}

/** A running OTLP/gRPC server. */
export interface GrpcServer {
  readonly address: AddressInfo;
  /** Takes no new calls, answers those under way within so many milliseconds, and cuts the rest. */
  readonly close: (graceMs: number) => Promise<void>;
}

/** What gRPC takes by default, the Collector too; what calls hold is a multiple of it. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
const MAX_CALLS = 48;
/** Of one connection; exporters have 30 at most. */
const MAX_CALLS_OF_CONNECTION = 32;
const MAX_CONNECTIONS = 256;
/** Within so long a new connection must have made a call. */
const FIRST_CALL_MS = 10_000;
/** A connection may rest so long between two calls: longer than any usual interval of export. */
const IDLE_MS = 10 * 60_000;

const services: Readonly<Record<Signal, string>> = {
  logs: "logs.v1.LogsService",
  metrics: "metrics.v1.MetricsService",
  traces: "trace.v1.TraceService",
};

/**
 * Serves the Export methods of OTLP's three signals, without TLS.
 * Rejects where the port cannot be had, with what the system says.
 */
export async function listenGrpc(options: GrpcOptions): Promise<GrpcServer> {
  const guests = new Map<string, Guest>();
  const server = new Server({
    "grpc.max_receive_message_length": Math.min(MAX_MESSAGE_BYTES, options.maxBodyBytes),
    "grpc.max_concurrent_streams": MAX_CALLS_OF_CONNECTION,
    "grpc.max_connection_idle_ms": IDLE_MS,
    "grpc.enable_channelz": 0,
    interceptors: [
      grpcGate({ ...options, maxCalls: MAX_CALLS, onCall: (peer) => beginCall(guests.get(peer)) }),
    ],
  });
  for (const [signal, name] of Object.entries(services) as [Signal, string][]) {
    server.addService(definitionOf(name), { Export: exportHandler(signal, options) });
  }
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const connections = createConnections(MAX_CONNECTIONS);
  /** Those that have not said yet what they speak. */
  const waiting = new Set<Socket>();
  const listener = createServer((socket) => {
    const place = connections.open(() => socket.destroy());
    if (place === undefined) {
      options.refusals.note("connections", `${MAX_CONNECTIONS} connections of gRPC are at work`);
      socket.destroy();
      return;
    }
    seat(socket, place, guests);
    waiting.add(socket);
    socket.once("close", () => waiting.delete(socket));
    const welcome = (): void => {
      waiting.delete(socket);
      injector.injectConnection(socket);
    };
    greet(socket, welcome, options.refusals);
  });
  listener.listen(options.port, options.host);
  await once(listener, "listening");
  return {
    address: listener.address() as AddressInfo,
    close: async (graceMs) => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const socket of waiting) socket.destroy();
      injector.drain(graceMs);
      await closed;
      server.forceShutdown();
    },
  };
}

/** Who is connected: its place, and when it must have made its first call. */
interface Guest {
  readonly place: Place;
  readonly firstCall: NodeJS.Timeout;
}

function seat(socket: Socket, place: Place, guests: Map<string, Guest>): void {
  const peer = `${socket.remoteAddress}:${socket.remotePort}`;
  const guest = { place, firstCall: setTimeout(() => socket.destroy(), FIRST_CALL_MS) };
  guests.set(peer, guest);
  socket.once("close", () => {
    clearTimeout(guest.firstCall);
    place.close();
    if (guests.get(peer) === guest) guests.delete(peer);
  });
}

/** Gives what is to be done when the call has ended. */
function beginCall(guest: Guest | undefined): () => void {
  clearTimeout(guest?.firstCall);
  guest?.place.begin();
  return () => guest?.place.finish();
}

/** A service with the one method of OTLP; requests are taken as bytes, answers are empty messages. */
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

/** Of a request that was taken whole: an export response with nothing in it. */
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
      refusals.note(verdict.reason, `gRPC, ${signal}: ${verdict.message}`);
      answer(refusedStatus(verdict));
    }
  };
}
