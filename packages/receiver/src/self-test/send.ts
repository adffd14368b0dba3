import { request } from "node:http";
import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import type { Addresses } from "../journal/lock.ts";
import { exportRequest, type RequestRecord } from "./vector.ts";

/** The protocols by which telemetry is sent, as OTEL_EXPORTER_OTLP_PROTOCOL names them. */
export const sendProtocols = ["http/json", "http/protobuf", "grpc"] as const;

export type SendProtocol = (typeof sendProtocols)[number];

const DEADLINE_MS = 10_000;

/**
 * Sends one record by a protocol. Returns undefined if it was accepted, else the answer in a few
 * words. Never rejects.
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

function sendByHttp(
  address: string,
  protocol: "http/json" | "http/protobuf",
  record: RequestRecord,
): Promise<string | undefined> {
  const encoding = protocol === "http/json" ? "json" : "protobuf";
  return new Promise((resolve) => {
    const sending = request(`http://${address}/v1/logs`, {
      method: "POST",
      // The agent that all share sends to a proxy where NODE_USE_ENV_PROXY is set.
      agent: false,
      headers: {
        "content-type": encoding === "json" ? "application/json" : "application/x-protobuf",
      },
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    sending.once("response", (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? undefined : `HTTP ${response.statusCode}`);
    });
    sending.once("error", ({ message }) => resolve(message));
    sending.end(exportRequest(record, encoding));
  });
}

function sendByGrpc(address: string, message: Uint8Array): Promise<string | undefined> {
  // By itself the library would send to the proxy that https_proxy or grpc_proxy names.
  const client = new Client(address, credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
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
