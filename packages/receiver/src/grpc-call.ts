import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { constants } from "node:http2";
import { Readable } from "node:stream";
import { type Body, type BodyCoding, readBody } from "./body.ts";
import type { FlightBudget } from "./flight.ts";
import { emptyMessage, encodeGrpcMessage, FRAME_HEAD_BYTES, readFrame } from "./grpc-frame.ts";
import type { OriginCheck } from "./hosts.ts";
import type { Intake, Signal, Verdict } from "./intake.ts";
import { encodeRpcStatus, type RpcStatus, rpcCodes } from "./rpc-status.ts";
import type { TokenCheck } from "./token.ts";

/** What calls are answered with. */
export interface CallService {
  readonly intake: Intake;
  readonly originCheck: OriginCheck;
  readonly tokenCheck: TokenCheck;
  readonly budget: FlightBudget;
  /** The largest message, decompressed. */
  readonly maxBodyBytes: number;
  /** How long a request may take to come in. */
  readonly requestTimeoutMs: number;
}

/** Seconds after which a request that found no room may come again. */
const BUSY_RETRY_SECONDS = 1;

const signals: ReadonlyMap<string, Signal> = new Map(
  (
    [
      ["logs", "Logs"],
      ["metrics", "Metrics"],
      ["traces", "Trace"],
    ] as const
  ).map(([signal, name]) => [
    `/opentelemetry.proto.collector.${name.toLowerCase()}.v1.${name}Service/Export`,
    signal,
  ]),
);

const ACCEPTED_CODINGS = "identity,gzip,deflate";

/** Answers one call, whatever it is. Never rejects. */
export async function answerCall(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  service: CallService,
): Promise<void> {
  stream.on("error", () => undefined);
  const contentType = headers["content-type"] ?? "";
  if (headers[":method"] !== "POST") return refuseHttp(stream, 405);
  if (!/^application\/grpc(?:$|[+;])/i.test(contentType)) return refuseHttp(stream, 415);
  const call = admitCall(headers, contentType, service);
  if ("code" in call) return endCall(stream, call);
  const timer = setTimeout(() => {
    endCall(stream, {
      code: rpcCodes.deadlineExceeded,
      message: "the request took too long to come in",
    });
  }, service.requestTimeoutMs);
  const body = await readMessage(stream, call.coding, service);
  clearTimeout(timer);
  if ("code" in body) return endCall(stream, body);
  if (body.kind === "broken") return closeStream(stream);
  const status = statusOf(await service.intake.accept(call.signal, "protobuf", body.bytes));
  body.release();
  endCall(stream, status);
}

interface Call {
  readonly signal: Signal;
  /** How a message is compressed that says it is. */
  readonly coding: BodyCoding;
}

/** What is wrong with the head of a call, or what the call is. */
function admitCall(
  headers: IncomingHttpHeaders,
  contentType: string,
  { originCheck, tokenCheck }: CallService,
): Call | RpcStatus {
  const named = [headers[":authority"], headers.host].filter((host) => host !== undefined);
  const fault = originCheck({
    hosts: [...new Set(named)],
    origin: headers.origin,
    fetchSite: single(headers["sec-fetch-site"]),
  });
  if (fault !== undefined) return { code: rpcCodes.permissionDenied, message: fault };
  if (!tokenCheck(headers.authorization)) {
    return { code: rpcCodes.unauthenticated, message: "a bearer token is needed" };
  }
  const signal = signals.get(headers[":path"] ?? "");
  if (signal === undefined) {
    return unimplemented("only the Export methods of OTLP's logs, metrics and traces are here");
  }
  if (!/^application\/grpc(?:\+proto)?(?:$|;)/i.test(contentType)) {
    return unimplemented("messages must be protobuf");
  }
  const coding = single(headers["grpc-encoding"]) ?? "identity";
  if (coding !== "identity" && coding !== "gzip" && coding !== "deflate") {
    return unimplemented(`grpc-encoding must be one of ${ACCEPTED_CODINGS}`);
  }
  return { signal, coding };
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(",") : header;
}

function unimplemented(message: string): RpcStatus {
  return { code: rpcCodes.unimplemented, message };
}

type Whole = Extract<Body, { kind: "whole" }>;
type Broken = Extract<Body, { kind: "broken" }>;

/** The one message of a call, decompressed; or what is wrong with it. */
async function readMessage(
  stream: ServerHttp2Stream,
  coding: BodyCoding,
  { maxBodyBytes: maxBytes, budget }: CallService,
): Promise<Whole | Broken | RpcStatus> {
  const tooLarge = tooLargeStatus(maxBytes);
  const body = await readBody(stream, {
    coding: "identity",
    maxBytes: maxBytes + FRAME_HEAD_BYTES,
    budget,
  });
  if (body.kind !== "whole") return bodyFault(body, tooLarge);
  const frame = readFrame(body.bytes);
  if (frame.kind === "message" && !frame.compressed) return { ...body, bytes: frame.payload };
  try {
    if (frame.kind === "torn") return invalid("the message is not as long as it says");
    if (frame.kind === "several") return unimplemented("a call must have exactly one message");
    if (coding === "identity") return invalid("a compressed message without grpc-encoding");
    const inflated = await readBody(Readable.from([frame.payload]), { coding, maxBytes, budget });
    return inflated.kind === "whole" ? inflated : bodyFault(inflated, tooLarge);
  } finally {
    body.release();
  }
}

function bodyFault(body: Exclude<Body, Whole>, tooLarge: RpcStatus): Broken | RpcStatus {
  switch (body.kind) {
    case "too-large":
      return tooLarge;
    case "busy":
      return {
        code: rpcCodes.unavailable,
        message: "too much is under way; try again",
        retryAfterSeconds: BUSY_RETRY_SECONDS,
      };
    case "undecodable":
      return invalid(body.message);
    case "broken":
      return body;
  }
}

function invalid(message: string): RpcStatus {
  return { code: rpcCodes.invalidArgument, message };
}

function tooLargeStatus(maxBytes: number): RpcStatus {
  return {
    code: rpcCodes.resourceExhausted,
    message: `the message is larger than ${maxBytes} bytes`,
  };
}

const refusalCodes = {
  undecodable: rpcCodes.invalidArgument,
  "too-large": rpcCodes.resourceExhausted,
  busy: rpcCodes.unavailable,
  storage: rpcCodes.unavailable,
} as const;

function statusOf(verdict: Verdict): RpcStatus {
  if (verdict.kind === "accepted") return { code: rpcCodes.ok, message: "" };
  const { reason, message, retryAfterSeconds } = verdict;
  return { code: refusalCodes[reason], message, retryAfterSeconds };
}

/** Ends a call with its status; a stream that is gone is left alone. */
function endCall(stream: ServerHttp2Stream, status: RpcStatus): void {
  if (stream.destroyed || stream.headersSent) return;
  const trailers = trailersOf(status);
  const head = { ":status": 200, "content-type": "application/grpc+proto" };
  if (status.code === rpcCodes.ok) {
    stream.respond(
      { ...head, "grpc-accept-encoding": ACCEPTED_CODINGS },
      { waitForTrailers: true },
    );
    stream.once("wantTrailers", () => stream.sendTrailers(trailers));
    stream.end(emptyMessage);
    return;
  }
  stream.respond(
    { ...head, "grpc-accept-encoding": ACCEPTED_CODINGS, ...trailers },
    { endStream: true },
  );
  closeStream(stream);
}

function trailersOf(status: RpcStatus): Record<string, string> {
  const { code, message, retryAfterSeconds } = status;
  if (code === rpcCodes.ok) return { "grpc-status": "0" };
  const told = { "grpc-status": String(code), "grpc-message": encodeGrpcMessage(message) };
  if (retryAfterSeconds === undefined) return told;
  const details = Buffer.from(encodeRpcStatus(status)).toString("base64");
  return { ...told, "grpc-status-details-bin": details };
}

/** Answers what is not gRPC at all. */
function refuseHttp(stream: ServerHttp2Stream, status: 405 | 415): void {
  stream.respond({ ":status": status }, { endStream: true });
  closeStream(stream);
}

/** Lets go of a stream, whatever its sender still wants to send. */
function closeStream(stream: ServerHttp2Stream): void {
  if (!stream.destroyed) stream.close(constants.NGHTTP2_NO_ERROR);
}
