import type { Socket } from "node:net";
import type { Refusals } from "../refusals.ts";

const HTTP2_GREETING = Buffer.from("PRI");
const TLS_HANDSHAKE = 0x16;

/**
 * Looks at the first bytes of a connection to the port of gRPC and hands it on, whole, where they are
 * those of HTTP/2. Others are counted and ended, HTTP/1 with an answer that says what the port is.
 */
export function greet(socket: Socket, welcome: () => void, refusals: Pick<Refusals, "note">): void {
  let came = Buffer.alloc(0);
  const look = (chunk: Buffer): void => {
    came = Buffer.concat([came, chunk]);
    const isGreeting = came
      .subarray(0, HTTP2_GREETING.length)
      .equals(HTTP2_GREETING.subarray(0, came.length));
    if (isGreeting && came.length < HTTP2_GREETING.length) return;
    socket.off("data", look);
    socket.pause();
    if (isGreeting) {
      socket.off("error", ignore);
      socket.unshift(came);
      welcome();
    } else if (came[0] === TLS_HANDSHAKE) {
      const what = "TLS came to the port of gRPC, which has none; the endpoint is http://…";
      refusals.note("tls", what);
      socket.destroy();
    } else {
      const what = "HTTP/1 came to the port of gRPC; OTLP/HTTP has another";
      refusals.note("other-protocol", what);
      socket.end(answer(what), () => socket.destroy());
    }
  };
  socket.on("error", ignore);
  socket.on("data", look);
}

const ignore = (): void => undefined;

/** Says by a header what listens here, so that a program need not read the sentence. */
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
