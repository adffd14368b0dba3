import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { encodeRpcStatus, type RpcStatus } from "../admission/rpc-status.ts";
import type { Encoding } from "../export-request.ts";

const contentTypes = {
  json: "application/json",
  protobuf: "application/x-protobuf",
} as const satisfies Record<Encoding, string>;

/** The empty response of an export that was accepted whole, in the encoding of the request. */
export function answerSuccess(response: ServerResponse, encoding: Encoding): void {
  const body = encoding === "json" ? "{}" : "";
  response
    .writeHead(200, { "content-type": contentTypes[encoding], "content-length": body.length })
    .end(body);
}

/** A google.rpc.Status in the encoding of the request, in JSON if that is not known. */
export function answerStatus(
  response: ServerResponse,
  httpStatus: number,
  status: RpcStatus,
  encoding: Encoding = "json",
): void {
  const { code, message, retryAfterSeconds } = status;
  const body =
    encoding === "json"
      ? Buffer.from(JSON.stringify({ code, message: message.toWellFormed() }))
      : Buffer.from(encodeRpcStatus(status));
  if (retryAfterSeconds !== undefined) response.setHeader("retry-after", retryAfterSeconds);
  answer(response, httpStatus, body, { "content-type": contentTypes[encoding] });
}

/** A line of plain text. */
export function answerPlain(
  response: ServerResponse,
  httpStatus: number,
  text: string,
  headers: OutgoingHttpHeaders = {},
): void {
  answer(response, httpStatus, Buffer.from(text), {
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
    ...headers,
  });
}

function answer(
  response: ServerResponse,
  httpStatus: number,
  body: Buffer,
  headers: OutgoingHttpHeaders,
): void {
  response.writeHead(httpStatus, { ...headers, "content-length": body.length }).end(body);
}
