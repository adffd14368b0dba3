import type { Socket } from "node:net";
import type { Refusals } from "../refusals.ts";

const HTTP2_PREFACE = Buffer.from("PRI");
const TLS_HANDSHAKE = 0x16;

/**
 * Reads the first bytes of a connection to the port of gRPC and passes it on, whole, if they begin
 * HTTP/2. Others are counted and closed, HTTP/1 with an answer that says what the port is for.
 */
export function detectHttp2(
  socket: Socket,
  accept: () => void,
  refusals: Pick<Refusals, "record">,
): void {
  let received = Buffer.alloc(0);
  const inspect = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk]);
    const isHttp2 = received
      .subarray(0, HTTP2_PREFACE.length)
      .equals(HTTP2_PREFACE.subarray(0, received.length));
    if (isHttp2 && received.length < HTTP2_PREFACE.length) return;
    socket.off("data", inspect);
    socket.pause();
    if (isHttp2) {
      socket.off("error", ignore);
      socket.unshift(received);
      accept();
    } else if (received[0] === TLS_HANDSHAKE) {
      const what = "TLS came to the port of gRPC, which has none; the endpoint is http://…";
      refusals.record("tls", what);
      socket.destroy();
    } else {
      const what = "HTTP/1 came to the port of gRPC; OTLP/HTTP has another";
      refusals.record("other-protocol", what);
      socket.end(answer(what), () => socket.destroy());
    }
  };
  socket.on("error", ignore);
  socket.on("data", inspect);
}

const ignore = (): void => undefined;

/** A header names what listens here, so that a program need not read the sentence. */
function answer(what: string): string {
  const head = [
    "HTTP/1.1 400 Bad Request",
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    "X-Cctelemetry-Speaks: grpc",
    `Content-Length: ${Buffer.byteLength(what)}`,
  ];
  return `${head.join("\r\n")}\r\n\r\n${what}`;
}
