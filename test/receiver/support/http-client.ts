import { once } from "node:events";
import { type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import protobuf from "protobufjs/light.js";

/** What a receiver answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Message {
  readonly method?: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  /** More than one piece makes the body chunked. */
  readonly body?: Uint8Array | readonly Uint8Array[];
  readonly agent?: Agent;
}

/** Sends one request; rejects where the connection is cut before an answer came. */
export async function send(address: string, message: Message): Promise<Answer> {
  const { method = "POST", path, headers = {}, body = [], agent } = message;
  const outgoing = request(`http://${address}`, {
    method,
    path,
    headers,
    ...(agent === undefined ? { agent: false } : { agent }),
  });
  const answered = once(outgoing, "response");
  answered.catch(() => undefined);
  if (body instanceof Uint8Array) outgoing.end(body);
  else {
    for (const piece of body) outgoing.write(piece);
    outgoing.end();
  }
  // The answer may come while the body is still being sent, and the connection may close then.
  outgoing.on("error", () => undefined);
  const [response] = await answered;
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

/** Sends bytes as they are and gives back all that is answered until the connection closes. */
export async function sendBytes(address: string, bytes: string | Uint8Array): Promise<string> {
  const [host = "", port = ""] = address.split(":");
  const socket = connect(Number(port), host);
  let answer = "";
  socket.on("error", () => undefined);
  socket.setEncoding("utf8").on("data", (text: string) => {
    answer += text;
  });
  socket.write(bytes);
  const patience = setTimeout(() => socket.destroy(), 5_000);
  await once(socket, "close");
  clearTimeout(patience);
  return answer;
}

/** Codes of HTTP's answers to what was sent as bytes, in order. */
export function statusesOf(answer: string): readonly number[] {
  return [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
}

/** The part of google.rpc.Status that every failure has. */
export interface RpcStatus {
  readonly code: number;
  readonly message: string;
}

const google = protobuf.Root.fromJSON({
  nested: {
    Status: { fields: { code: { id: 1, type: "int32" }, message: { id: 2, type: "string" } } },
  },
});

/** The status in an answer, in whatever encoding the answer says. Throws where there is none. */
export function statusIn({ headers, body }: Answer): RpcStatus {
  const type = headers["content-type"] ?? "";
  if (type.startsWith("application/json")) return JSON.parse(body.toString()) as RpcStatus;
  if (!type.startsWith("application/x-protobuf")) throw new Error(`a status in ${type}`);
  const message = google.lookupType("Status");
  return message.toObject(message.decode(body), { defaults: true }) as RpcStatus;
}
