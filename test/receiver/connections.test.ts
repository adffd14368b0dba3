import { Agent } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, send, sendBytes, statusesOf, statusIn } from "./support/http-client.ts";
import { type Lab, startLab } from "./support/lab.ts";
import { encodings, mediaTypes, sample, signals } from "./support/requests.ts";

const TOKEN = "correct-horse-battery-staple-0123456789";

let lab: Lab;
let locked: Lab;
beforeAll(async () => {
  lab = await startLab();
  locked = await startLab({ token: TOKEN });
});
afterAll(async () => {
  await lab.close();
  await locked.close();
});

/** A request as text: its first line, its headers, its body. */
function text(first: string, headers: readonly string[], body = ""): string {
  return `${[first, ...headers].join("\r\n")}\r\n\r\n${body}`;
}

const first = "POST /v1/logs HTTP/1.1";
const host = "Host: localhost";
const json = "Content-Type: application/json";
const end = "Connection: close";
const body = sample("logs", "raw").line;
const length = `Content-Length: ${Buffer.byteLength(body)}`;
const smuggled = text(first, [host, json, length], body);

/** What is no good request, whatever it holds: its answer, and nothing is kept. */
const broken: readonly (readonly [name: string, status: number, request: string])[] = [
  ["no Host", 400, text(first, [json, length, end], body)],
  ["two Hosts", 403, text(first, [host, "Host: evil.example", json, length, end], body)],
  ["two equal Hosts", 403, text(first, [host, host, json, length, end], body)],
  [
    "an absolute URL",
    403,
    text(
      "POST http://evil.example/v1/logs HTTP/1.1",
      ["Host: evil.example", json, length, end],
      body,
    ),
  ],
  [
    "an absolute URL of ours",
    404,
    text("POST http://localhost/v1/logs HTTP/1.1", [host, json, length, end], body),
  ],
  [
    "length and chunks",
    400,
    text(first, [host, json, length, "Transfer-Encoding: chunked"], `0\r\n\r\n${smuggled}`),
  ],
  [
    "chunks and length",
    400,
    text(
      first,
      [host, json, "Transfer-Encoding: chunked", "Content-Length: 4"],
      `0\r\n\r\n${smuggled}`,
    ),
  ],
  ["two lengths", 400, text(first, [host, json, "Content-Length: 4", length], smuggled)],
  ["a negative length", 400, text(first, [host, json, "Content-Length: -1"], smuggled)],
  ["a length in hex", 400, text(first, [host, json, "Content-Length: 0x10"], smuggled)],
  ["a space before the colon", 400, text(first, [host, json, "Content-Length : 4"], smuggled)],
  [
    "a folded header",
    400,
    text(first, [host, json, "X-A: b", " Transfer-Encoding: chunked", length], body),
  ],
  [
    "an unknown transfer coding",
    400,
    text(first, [host, json, "Transfer-Encoding: xchunked"], smuggled),
  ],
  [
    "chunked, but not last",
    400,
    text(first, [host, json, "Transfer-Encoding: chunked, identity"], smuggled),
  ],
  [
    "a chunk size that is none",
    400,
    text(first, [host, json, "Transfer-Encoding: chunked"], "zz\r\n{}\r\n0\r\n\r\n"),
  ],
  [
    "a chunk longer than it says",
    400,
    text(first, [host, json, "Transfer-Encoding: chunked"], `2\r\n${body}\r\n0\r\n\r\n`),
  ],
  ["an unknown method", 400, text("PWN /v1/logs HTTP/1.1", [host, json, length, end], body)],
  ["version 9.9", 400, text("POST /v1/logs HTTP/9.9", [host, json, length, end], body)],
  ["a NUL in a header", 400, text(first, [host, json, "X-A: a\0b", length, end], body)],
  ["HTTP/2 at the wrong port", 400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ["a TLS handshake", 400, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
  [
    "17 KB of headers",
    431,
    text(first, [host, json, `X-A: ${"a".repeat(17_000)}`, length, end], body),
  ],
  [
    "ten thousand headers",
    431,
    text(
      first,
      [host, json, ...Array.from({ length: 10_000 }, (_, at) => `X-${at}: a`), length],
      body,
    ),
  ],
  [
    "a URL of 17 KB",
    431,
    text(`POST /${"a".repeat(17_000)} HTTP/1.1`, [host, json, length, end], body),
  ],
  ["CONNECT", 0, text("CONNECT localhost:22 HTTP/1.1", [host])],
  [
    "a WebSocket",
    405,
    text("GET /v1/logs HTTP/1.1", [
      host,
      "Upgrade: websocket",
      "Connection: Upgrade, close",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      "Sec-WebSocket-Version: 13",
    ]),
  ],
];

describe("bytes on the wire", () => {
  test.each(broken)("%s: %i", async (_, status, request) => {
    const before = lab.lines().length;
    const answer = await sendBytes(lab.http, request);
    // Whatever follows a broken request on its connection is not looked at.
    expect(statusesOf(answer)).toEqual(status === 0 ? [] : [status]);
    expect(lab.lines()).toHaveLength(before);
    expect(answer.toLowerCase()).not.toContain("access-control");
  });

  test("two requests in one breath are both kept", async () => {
    const [one, two] = [sample("logs", "breath-1"), sample("traces", "breath-2")];
    const request = (path: string, line: string, last: readonly string[]) => {
      const bytes = `Content-Length: ${Buffer.byteLength(line)}`;
      return text(`POST ${path} HTTP/1.1`, [host, json, bytes, ...last], line);
    };
    const answer = await sendBytes(
      lab.http,
      request("/v1/logs", one.line, []) + request("/v1/traces", two.line, [end]),
    );
    expect(statusesOf(answer)).toEqual([200, 200]);
    expect(lab.ids().slice(-2).sort()).toEqual(["breath-1", "breath-2"]);
  });

  test("a connection is used again, after a refusal, too", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    agent.on("free", (socket) => sockets.add(socket));
    const statuses: number[] = [];
    for (const [at, path] of ["/v1/logs", "/v1/nothing", "/v1/logs", "/v1/logs"].entries()) {
      const type = at === 2 ? "text/plain" : mediaTypes.json;
      const line = sample("logs", `kept-alive-${at}`).line;
      const headers = { "content-type": type };
      const answer = await send(lab.http, { path, headers, body: Buffer.from(line), agent });
      statuses.push(answer.status);
    }
    agent.destroy();
    expect(statuses).toEqual([200, 404, 415, 200]);
    expect(sockets.size).toBe(1);
  });

  test("a hundred at once are all kept", async () => {
    const all = signals.flatMap((signal) =>
      encodings.flatMap((encoding) =>
        Array.from({ length: 17 }, (_, at) => {
          const one = sample(signal, `parallel-${encoding}-${signal}-${at}`, at * 1_000);
          return { one, encoding };
        }),
      ),
    );
    const answers = await Promise.all(
      all.map(({ one, encoding }) =>
        send(lab.http, {
          path: `/v1/${one.signal}`,
          headers: { "content-type": mediaTypes[encoding] },
          body: one.body(encoding),
        }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const written = new Set(lab.lines());
    expect(all.filter(({ one }) => !written.has(one.line))).toEqual([]);
  });
});

describe("the health", () => {
  const health = (method: string, headers = {}): Promise<Answer> =>
    send(locked.http, { method, path: "/health", headers });

  test("is shown to whoever asks by GET, and no more than that", async () => {
    const answer = await health("GET");
    expect(answer).toMatchObject({ status: 200 });
    expect(JSON.parse(answer.body.toString())).toEqual({ status: "ok" });
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS"])("is not shown by %s", async (method) => {
    expect(await health(method)).toMatchObject({ status: 405 });
  });

  test("is not shown to web pages or under other names", async () => {
    expect(await health("GET", { host: "evil.example" })).toMatchObject({ status: 403 });
    expect(await health("GET", { origin: "null" })).toMatchObject({ status: 403 });
  });
});

describe("a token", () => {
  const attempt = (authorization: string | undefined, id: string): Promise<Answer> =>
    send(locked.http, {
      path: "/v1/logs",
      headers: {
        "content-type": mediaTypes.json,
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: Buffer.from(sample("logs", id).line),
    });

  test.each([
    undefined,
    "",
    "Bearer",
    "Bearer ",
    TOKEN,
    `Basic ${TOKEN}`,
    `Bearer ${TOKEN.slice(1)}`,
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.toUpperCase()}`,
    `Bearer "${TOKEN}"`,
    `Bearer ${TOKEN}, Bearer x`,
    `Bearer ${"x".repeat(8_000)}`,
  ])("is not %s", async (authorization) => {
    const answer = await attempt(authorization, "refused");
    expect(answer).toMatchObject({ status: 401 });
    expect(statusIn(answer)).toMatchObject({ code: 16 });
    const shown = `${JSON.stringify(answer.headers)}${answer.body}`;
    expect(shown).not.toContain(TOKEN.slice(1));
    expect(shown).not.toContain("xxxx");
    expect(locked.ids()).not.toContain("refused");
  });

  test.each(["Bearer", "bearer", "BEARER"])("comes with %s", async (scheme) => {
    expect(await attempt(`${scheme} ${TOKEN}`, scheme)).toMatchObject({ status: 200 });
    expect(locked.ids()).toContain(scheme);
  });

  test("a body without it is not read", async () => {
    const answer = await send(locked.http, {
      path: "/v1/logs",
      headers: { "content-type": mediaTypes.json, "content-encoding": "gzip" },
      body: Buffer.from("this is not gzip"),
    });
    expect(answer.status).toBe(401);
  });
});
