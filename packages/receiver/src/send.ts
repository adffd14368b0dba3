import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import type { Addresses } from "./lock.ts";
import { exportRequest, type RequestRecord } from "./vector.ts";

/** The protocols by which telemetry is sent, as OTEL_EXPORTER_OTLP_PROTOCOL names them. */
export const sendProtocols = ["http/json", "http/protobuf", "grpc"] as const;

export type SendProtocol = (typeof sendProtocols)[number];

const DEADLINE_MS = 10_000;

/**
 * Sends one record by a protocol. Gives undefined when it was taken, else what
 * was answered, in a few words. Never rejects.
 */
export function sendRecord(
  protocol: SendProtocol,
  addresses: Addresses,
  record: RequestRecord,
): Promise<string | undefined> {
  return protocol === "grpc"
    ? sendByGrpc(addresses.grpc ?? "", exportRequest(record, "protobuf"))
    : sendByHttp(addresses.http ?? "", protocol, record);
}

async function sendByHttp(
  address: string,
  protocol: "http/json" | "http/protobuf",
  record: RequestRecord,
): Promise<string | undefined> {
  const encoding = protocol === "http/json" ? "json" : "protobuf";
  try {
    const response = await fetch(`http://${address}/v1/logs`, {
      method: "POST",
      headers: {
        "content-type": encoding === "json" ? "application/json" : "application/x-protobuf",
      },
      body: new Uint8Array(exportRequest(record, encoding)),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    return response.status === 200 ? undefined : `HTTP ${response.status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function sendByGrpc(address: string, message: Uint8Array): Promise<string | undefined> {
  const client = new Client(address, credentials.createInsecure());
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
      (bytes: Uint8Array) => Buffer.from(bytes),
      (bytes: Buffer) => bytes,
      message,
      new Metadata(),
      { deadline: Date.now() + DEADLINE_MS },
      (error: ServiceError | null) => {
        client.close();
        resolve(error === null ? undefined : `gRPC ${error.code}: ${error.details}`);
      },
    );
  });
}
