import { createServer as createHttp, type Server } from "node:http";
import { createServer as createHttp2 } from "node:http2";
import { type AddressInfo, createServer as createTcp, type Server as TcpServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ProbeAnswer } from "../../src/doctor/facts.ts";
import { probeAll } from "../../src/doctor/gather/probe.ts";
import { wellSet } from "./facts.ts";

/** Listens on a free port until the test ends; gives the port. */
async function listening(server: TcpServer | Server): Promise<number> {
  const sockets = new Set<{ destroy: () => void }>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function answerAt(
  endpoint: string,
  protocol: string,
  more: Record<string, string> = {},
): Promise<ProbeAnswer | undefined> {
  const env = {
    ...wellSet,
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    ...more,
  };
  const probes = await probeAll({ env, settings: [], hostname: "box" });
  expect(probes).toHaveLength(1);
  return probes[0]?.answer;
}

const web = (status: number, headers: Record<string, string> = {}) =>
  createHttp((_, response) => response.writeHead(status, headers).end());

describe("who listens on this machine", () => {
  test("a receiver takes an empty request of each protocol", async () => {
    const seen: string[] = [];
    const port = await listening(
      createHttp((request, response) => {
        let body = "";
        request.setEncoding("utf8").on("data", (text: string) => {
          body += text;
        });
        request.on("end", () => {
          const { authorization } = request.headers;
          seen.push(`${request.url} ${request.headers["content-type"]} ${body} ${authorization}`);
          response.writeHead(200, { "x-cctelemetry-pid": "7" }).end();
        });
      }),
    );
    const url = `http://127.0.0.1:${port}`;
    const receives = { kind: "receives", by: "cctelemetry" };
    expect(await answerAt(url, "http/protobuf")).toEqual(receives);
    const headers = { OTEL_EXPORTER_OTLP_HEADERS: "Authorization=Bearer%20abc, x = " };
    expect(await answerAt(`${url}/`, "http/json", headers)).toEqual(receives);
    expect(seen.filter((line) => !line.startsWith("/health "))).toEqual([
      "/v1/logs application/x-protobuf  undefined",
      '/v1/logs application/json {"resourceLogs":[]} Bearer abc',
    ]);
  });

  test.each([401, 404, 415, 503])("another server answers %i", async (status) => {
    const port = await listening(web(status));
    const answer = await answerAt(`http://127.0.0.1:${port}`, "http/protobuf");
    expect(answer).toMatchObject({ kind: "status", status });
    if (process.platform === "linux")
      expect(answer).toMatchObject({ holder: expect.stringMatching(/process \d+/) });
  });

  test("gRPC is known by the greeting of HTTP/2", async () => {
    const port = await listening(createHttp2() as unknown as TcpServer);
    const answer = await answerAt(`http://127.0.0.1:${port}`, "grpc");
    expect(answer).toEqual({ kind: "receives", by: "a receiver" });
  });

  test("a protocol on the port of the other is reported", async () => {
    const http = await listening(web(200));
    const http2 = await listening(createHttp2() as unknown as TcpServer);
    const other = { kind: "other-protocol" };
    expect(await answerAt(`http://127.0.0.1:${http}`, "grpc")).toMatchObject(other);
    expect(await answerAt(`http://127.0.0.1:${http2}`, "http/json")).toMatchObject(other);
  });

  test("nobody, or nobody who answers", async () => {
    const free = createTcp();
    const port = await listening(free);
    await new Promise((done) => free.close(done));
    for (const protocol of ["http/protobuf", "grpc"]) {
      expect(await answerAt(`http://127.0.0.1:${port}`, protocol)).toEqual({ kind: "refused" });
      const silent = await listening(createTcp(() => undefined));
      expect(await answerAt(`http://127.0.0.1:${silent}`, protocol)).toEqual({ kind: "silent" });
    }
  });
});

test("https on this machine is tried: whether TLS is spoken", async () => {
  const plain = await listening(web(200));
  const closed = createTcp();
  const free = await listening(closed);
  await new Promise((done) => closed.close(done));
  for (const protocol of ["http/protobuf", "grpc"]) {
    const at = (port: number) => answerAt(`https://localhost:${port}`, protocol);
    expect(await at(plain)).toMatchObject({ kind: "no-tls" });
    expect(await at(free)).toEqual({ kind: "refused" });
  }
});

test.each(["http://192.0.2.1:4318", "https://otel.example.com"])(
  "%s is not asked",
  async (endpoint) => {
    expect(await answerAt(endpoint, "http/protobuf")).toEqual({ kind: "not-tried" });
    expect(await answerAt(endpoint, "grpc")).toEqual({ kind: "not-tried" });
  },
);
