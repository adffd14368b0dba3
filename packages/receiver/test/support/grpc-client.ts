import { once } from "node:events";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import type { Signal } from "../../src/export-request.ts";

/** What a call was answered with: the head, and the trailers where they came apart from it. */
export interface Answer {
  readonly httpStatus: number;
  /** The code of `grpc-status`; undefined where there was none. */
  readonly code: number | undefined;
  readonly message: string;
  /** Head and trailers together. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly body: Buffer;
}

const services: Readonly<Record<Signal, string>> = {
  logs: "logs.v1.LogsService",
  metrics: "metrics.v1.MetricsService",
  traces: "trace.v1.TraceService",
};

/** The path of a signal's Export method. */
export function exportPath(signal: Signal): string {
  return `/opentelemetry.proto.collector.${services[signal]}/Export`;
}

/** A message as it stands in a call. */
export function framed(message: Uint8Array, flag = 0): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flag, 0);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** A client that may break every rule of gRPC. */
export class GrpcClient {
  private readonly session: ClientHttp2Session;
  /** Until the server has said how many calls it takes at a time. */
  private readonly settled: Promise<void>;

  constructor(address: string) {
    this.session = connect(`http://${address}`);
    this.session.on("error", () => undefined);
    this.settled = new Promise((resolve) => {
      this.session.once("remoteSettings", () => resolve()).once("close", resolve);
    });
  }

  /** One call; rejects where the connection or the stream is cut without an answer. */
  async call(
    path: string,
    body: Uint8Array | readonly Uint8Array[],
    headers: OutgoingHttpHeaders = {},
  ): Promise<Answer> {
    await this.settled;
    const stream = this.request(path, headers);
    for (const piece of body instanceof Uint8Array ? [body] : body) stream.write(piece);
    stream.end();
    return await answerOf(stream);
  }

  /** A call whose body begins and does not end. */
  async unfinished(path: string, body: Uint8Array): Promise<Answer> {
    await this.settled;
    const stream = this.request(path, {});
    stream.write(body);
    return await answerOf(stream);
  }

  private request(path: string, headers: OutgoingHttpHeaders): ClientHttp2Stream {
    return this.session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
    });
  }

  close(): void {
    this.session.destroy();
  }
}

async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  let head: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  const chunks: Buffer[] = [];
  stream.on("response", (received) => {
    head = received;
  });
  stream.on("trailers", (received) => {
    trailers = received;
  });
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("error", () => undefined);
  // The answer may be whole before the request is.
  await Promise.race([once(stream, "close"), once(stream, "end")]);
  if (head[":status"] === undefined) throw new Error("no answer");
  const all = { ...head, ...trailers };
  const code = all["grpc-status"];
  return {
    httpStatus: Number(head[":status"]),
    code: code === undefined ? undefined : Number(code),
    message: decodeURIComponent(String(all["grpc-message"] ?? "")),
    headers: all,
    body: Buffer.concat(chunks),
  };
}
