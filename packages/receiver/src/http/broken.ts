import type { Duplex } from "node:stream";
import type { Refusals, RefusedFor } from "../refusals.ts";

/** What is reported of bytes that are no request. */
interface Broken {
  readonly status: string;
  readonly reason: RefusedFor;
  readonly what: string;
}

const TLS_HANDSHAKE = 0x16;
const HTTP2_PREFACE = "PRI * HTTP/2";

/**
 * Answers bytes that are no request of HTTP/1 if the sender can still read an answer, ends the
 * connection and counts it. A sender that has left, or never sent a byte, is not counted.
 *
 * @param canAnswer false if another answer is being sent on the same connection
 */
export function answerBroken(
  error: Error,
  socket: Duplex,
  canAnswer: boolean,
  refusals: Pick<Refusals, "record">,
): void {
  const code = "code" in error ? String(error.code) : "";
  if (code === "ECONNRESET" || code === "EPIPE" || code === "HPE_INVALID_EOF_STATE") {
    socket.destroy();
    return;
  }
  const broken = brokenBy(code, error);
  const isIdle = "bytesRead" in socket && socket.bytesRead === 0;
  if (!isIdle) refusals.record(broken.reason, broken.what);
  if (!socket.writable || !canAnswer) {
    socket.destroy();
    return;
  }
  const { status, what } = broken;
  const body = `${status.toLowerCase()}: ${what}`;
  const head = [
    `HTTP/1.1 ${status}`,
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  socket.destroy();
}

function brokenBy(code: string, error: Error): Broken {
  const raw =
    "rawPacket" in error && Buffer.isBuffer(error.rawPacket) ? error.rawPacket : undefined;
  const bad = "400 Bad Request";
  if (raw?.[0] === TLS_HANDSHAKE) {
    const what = "TLS came to a port without TLS; the endpoint is http://…, not https://…";
    return { status: bad, reason: "tls", what };
  }
  if (raw?.subarray(0, HTTP2_PREFACE.length).toString("latin1") === HTTP2_PREFACE) {
    const what = "HTTP/2, as gRPC speaks it, came to the port of OTLP/HTTP";
    return { status: bad, reason: "other-protocol", what };
  }
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return {
        status: "408 Request Timeout",
        reason: "too-slow",
        what: "a request took too long to come in",
      };
    case "HPE_HEADER_OVERFLOW":
      return {
        status: "431 Request Header Fields Too Large",
        reason: "malformed",
        what: "the headers of a request are too large",
      };
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return {
        status: "413 Payload Too Large",
        reason: "malformed",
        what: "a chunk of a request has too long an extension",
      };
    default:
      return { status: bad, reason: "malformed", what: `no request of HTTP/1: ${error.message}` };
  }
}
