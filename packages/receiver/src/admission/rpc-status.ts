/** The codes of google.rpc.Status that a receiver answers with. */
export const rpcCodes = {
  ok: 0,
  invalidArgument: 3,
  deadlineExceeded: 4,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

export type RpcCode = (typeof rpcCodes)[keyof typeof rpcCodes];

/** The status of a failed request. */
export interface RpcStatus {
  readonly code: RpcCode;
  readonly message: string;
  /** When to try again; undefined if the request is not to be repeated. */
  readonly retryAfterSeconds?: number | undefined;
}

const RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

/** A google.rpc.Status in protobuf: code, message, and RetryInfo if there is one. */
export function encodeRpcStatus({ code, message, retryAfterSeconds }: RpcStatus): Uint8Array {
  const details =
    retryAfterSeconds === undefined
      ? []
      : field(3, [
          ...field(1, utf8(RETRY_INFO)),
          ...field(2, field(1, numberField(1, retryAfterSeconds))),
        ]);
  return Uint8Array.from([...numberField(1, code), ...field(2, utf8(message)), ...details]);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A field of bytes; empty ones are left out, as proto3 does. */
function field(id: number, bytes: Iterable<number>): readonly number[] {
  const content = [...bytes];
  return content.length === 0 ? [] : [(id << 3) | 2, ...varint(content.length), ...content];
}

function numberField(id: number, value: number): readonly number[] {
  return value === 0 ? [] : [id << 3, ...varint(value)];
}

/** A small whole number, seven bits at a time. */
function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
