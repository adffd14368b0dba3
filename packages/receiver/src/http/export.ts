import type { IncomingMessage, ServerResponse } from "node:http";
import { shownUrl } from "@cctelemetry/core/light";
import type { FlightBudget } from "../admission/flight.ts";
import { type RpcStatus, rpcCodes } from "../admission/rpc-status.ts";
import type { TokenCheck } from "../admission/token.ts";
import type { Encoding, Signal, Verdict } from "../export-request.ts";
import type { Intake } from "../intake.ts";
import type { Refusals, RefusedFor } from "../refusals.ts";
import { answerPlain, answerStatus, answerSuccess } from "./answer.ts";
import { type BodyCoding, readBody } from "./body.ts";

/** Options for accepting exports over HTTP. */
export interface ExportOptions {
  readonly intake: Intake;
  readonly tokenCheck: TokenCheck;
  readonly budget: FlightBudget;
  /** The largest body, as it comes and inflated. */
  readonly maxBodyBytes: number;
  /** Counts refused senders. */
  readonly refusals: Pick<Refusals, "record">;
}

/** When to try again if there is no room, seconds. */
export const BUSY_RETRY_SECONDS = 1;

const signals: ReadonlyMap<string, Signal> = new Map([
  ["/v1/logs", "logs"],
  ["/v1/metrics", "metrics"],
  ["/v1/traces", "traces"],
]);

const encodings: ReadonlyMap<string, Encoding> = new Map([
  ["application/json", "json"],
  ["application/x-protobuf", "protobuf"],
]);

const codings: ReadonlyMap<string, BodyCoding> = new Map([
  ["", "identity"],
  ["identity", "identity"],
  ["gzip", "gzip"],
  ["deflate", "deflate"],
]);

/** Answers an export request: accepts it, or says why not. */
export async function answerExport(
  request: IncomingMessage,
  response: ServerResponse,
  encoding: Encoding | undefined,
  options: ExportOptions,
): Promise<void> {
  const signal = signals.get(pathOf(request));
  const { authorization } = request.headers;
  const refuse = (reason: RefusedFor, message: string): string => {
    recordRefusal(request, reason, message, options);
    return message;
  };
  if (!options.tokenCheck(authorization)) {
    response.setHeader("www-authenticate", "Bearer");
    refuse("token", authorization === undefined ? "no token was sent" : "this is not the token");
    const status = { code: rpcCodes.unauthenticated, message: "a valid bearer token is needed." };
    answerStatus(response, 401, status, encoding);
  } else if (signal === undefined) {
    const supported = [...signals.keys()].join(", ");
    const text = refuse("path", `404 page not found, supported: [${supported}]`);
    answerPlain(response, 404, text);
  } else if (request.method !== "POST") {
    const text = refuse("method", "405 method not allowed, supported: [POST]");
    answerPlain(response, 405, text, { allow: "POST" });
  } else if (encoding === undefined) {
    const supported = [...encodings.keys()].join(", ");
    const text = `415 unsupported media type, supported: [${supported}]`;
    answerPlain(response, 415, refuse("media-type", text));
  } else {
    await acceptBody(request, response, signal, encoding, options);
  }
}

/**
 * The path of a request, without its query and without doubled slashes, which an endpoint that ends
 * in one causes.
 */
export function pathOf({ url = "" }: IncomingMessage): string {
  const [path = ""] = url.split("?");
  return path.replace(/\/+/g, "/").replace(/(?<=.)\/$/, "");
}

/** Counts a refused request, with its method and URL; a probe of `doctor` does not count. */
export function recordRefusal(
  { method, url = "", headers }: IncomingMessage,
  reason: RefusedFor,
  message: string,
  { refusals }: Pick<ExportOptions, "refusals">,
): void {
  if (headers["x-cctelemetry-probe"] !== undefined) return;
  refusals.record(reason, `${method} ${shownUrl(url)}: ${message}`);
}

/** How the body of a request is encoded; undefined if that is not supported. */
export function encodingOf(request: IncomingMessage): Encoding | undefined {
  const [type = ""] = (request.headers["content-type"] ?? "").split(";");
  return encodings.get(type.trim().toLowerCase());
}

async function acceptBody(
  request: IncomingMessage,
  response: ServerResponse,
  signal: Signal,
  encoding: Encoding,
  options: ExportOptions,
): Promise<void> {
  const { budget, intake, maxBodyBytes } = options;
  const refuse = (http: number, reason: RefusedFor, status: RpcStatus): void => {
    recordRefusal(request, reason, status.message, options);
    answerStatus(response, http, status, encoding);
  };
  const answerVerdict = (verdict: Verdict): void => {
    if (verdict.kind === "accepted") {
      answerSuccess(response, encoding);
      return;
    }
    const { http, code } = refusals[verdict.reason];
    const { message, retryAfterSeconds } = verdict;
    refuse(http, verdict.reason, { code, message, retryAfterSeconds });
  };
  const coding = codings.get(
    request.headersDistinct["content-encoding"]?.join().toLowerCase() ?? "",
  );
  if (coding === undefined) {
    const message = "this content-encoding is not supported; gzip, deflate and none are.";
    return refuse(415, "media-type", { code: rpcCodes.invalidArgument, message });
  }
  const declaredBytes = Number(request.headers["content-length"] ?? 0);
  const body =
    declaredBytes > maxBodyBytes
      ? ({ kind: "too-large" } as const)
      : await readBody(request, { coding, maxBytes: maxBodyBytes, budget });
  switch (body.kind) {
    case "whole":
      try {
        answerVerdict(await intake.accept(signal, encoding, body.bytes));
      } finally {
        body.release();
      }
      return;
    case "too-large":
      return answerVerdict({
        kind: "refused",
        reason: "too-large",
        message: `the body has more than ${maxBodyBytes} bytes.`,
      });
    case "busy":
      return answerVerdict({
        kind: "refused",
        reason: "busy",
        message: "too many bytes are under way.",
        retryAfterSeconds: BUSY_RETRY_SECONDS,
      });
    case "undecodable":
      return refuse(400, "undecodable", {
        code: rpcCodes.invalidArgument,
        message: `${body.message}.`,
      });
    case "broken":
      request.destroy();
  }
}

/** What each refusal is over HTTP and to gRPC's way of thinking. */
const refusals = {
  undecodable: { http: 400, code: rpcCodes.invalidArgument },
  "too-large": { http: 413, code: rpcCodes.resourceExhausted },
  busy: { http: 503, code: rpcCodes.unavailable },
  storage: { http: 503, code: rpcCodes.unavailable },
  fault: { http: 500, code: rpcCodes.internal },
} as const;
