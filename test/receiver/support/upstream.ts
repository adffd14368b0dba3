import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a destination does with a request; the number is a status that it answers by itself. */
export type Mood = "passes" | "floods" | "hangs" | "cuts before" | "cuts after" | number;

/** A destination in front of a receiver, with moods. */
export interface Upstream {
  readonly url: string;
  /** Asked for each request. */
  mood: () => Mood;
  /** Requests that came. */
  readonly seen: () => number;
  readonly lastHeaders: () => IncomingMessage["headers"];
  readonly close: () => Promise<void>;
}

/** Starts a destination that passes requests on to `host:port`, as its mood is. */
export async function startUpstream(target: string): Promise<Upstream> {
  let seen = 0;
  let headers: IncomingMessage["headers"] = {};
  const server = createServer((incoming, response) => {
    seen += 1;
    headers = incoming.headers;
    const mood = upstream.mood();
    incoming.on("error", () => undefined);
    response.on("error", () => undefined);
    if (typeof mood === "number") {
      incoming.resume();
      response.writeHead(mood, mood === 429 ? { "retry-after": "0" } : {}).end("not now");
    } else if (mood === "floods") {
      incoming.resume();
      const chunk = "x".repeat(64 * 1024);
      const flood = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", flood);
      flood();
    } else if (mood === "cuts before") {
      response.destroy();
    } else if (mood !== "hangs") {
      pass(incoming, response, target, mood === "cuts after");
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const upstream: Upstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mood: () => "passes",
    seen: () => seen,
    lastHeaders: () => headers,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return upstream;
}

function pass(
  incoming: IncomingMessage,
  response: ServerResponse,
  target: string,
  cut: boolean,
): void {
  const [host, port] = target.split(":");
  const { authorization: _none, ...headers } = incoming.headers;
  const onward = request(
    {
      ...{ host, port, path: incoming.url, method: incoming.method, agent: false },
      headers: { ...headers, host: "localhost" },
    },
    (answer) => {
      if (cut) {
        answer.resume();
        response.destroy();
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on("error", () => response.destroy());
  incoming.pipe(onward);
}
