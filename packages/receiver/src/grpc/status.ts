import { Metadata } from "@grpc/grpc-js";
import {
  encodeRpcStatus,
  type RpcCode,
  type RpcStatus,
  rpcCodes,
} from "../admission/rpc-status.ts";
import type { Verdict } from "../export-request.ts";

/** A status in the form of the library. */
export interface GrpcStatus {
  readonly code: RpcCode;
  readonly details: string;
  readonly metadata: Metadata;
}

type Refusal = Extract<Verdict, { kind: "refused" }>;

const codes: Readonly<Record<Refusal["reason"], RpcCode>> = {
  undecodable: rpcCodes.invalidArgument,
  "too-large": rpcCodes.resourceExhausted,
  busy: rpcCodes.unavailable,
  storage: rpcCodes.unavailable,
  fault: rpcCodes.internal,
};

/** A refusal as a call is ended with it. */
export function refusedStatus({ reason, message, retryAfterSeconds }: Refusal): GrpcStatus {
  return grpcStatus({ code: codes[reason], message, retryAfterSeconds });
}

/** A status for the trailers of a call, with RetryInfo in the details if there is one. */
export function grpcStatus(status: RpcStatus): GrpcStatus {
  const { code, message, retryAfterSeconds } = status;
  const metadata = new Metadata();
  if (retryAfterSeconds !== undefined) {
    metadata.set("grpc-status-details-bin", Buffer.from(encodeRpcStatus(status)));
  }
  return { code, details: message, metadata };
}
