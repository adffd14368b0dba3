import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { originCheck } from "../src/admission/hosts.ts";
import { tokenCheck } from "../src/admission/token.ts";
import type { Signal, Verdict } from "../src/export-request.ts";
import { type GrpcOptions, type GrpcServer, listenGrpc } from "../src/grpc/server.ts";
import type { Intake } from "../src/intake.ts";
import { createRefusals } from "../src/refusals.ts";
import { grpcRefusals, MAX_MESSAGE_BYTES } from "./support/grpc-cases.ts";
import { exportPath, framed, GrpcClient } from "./support/grpc-client.ts";

const signals: readonly Signal[] = ["logs", "metrics", "traces"];

interface Taken {
  readonly signal: Signal;
  readonly encoding: string;
  readonly text: string;
}

/** An intake that keeps what it is given in memory and answers as configured. */
class Desk implements Intake {
  readonly taken: Taken[] = [];
  verdict: Verdict = { kind: "accepted" };
  delayMs = 0;

  async accept(signal: Signal, encoding: string, body: Uint8Array): Promise<Verdict> {
    await pause(this.delayMs);
    this.taken.push({ signal, encoding, text: Buffer.from(body).toString() });
    return this.verdict;
  }
}

const open: { client?: GrpcClient; server?: GrpcServer } = {};

async function start(options: Partial<GrpcOptions> = {}) {
  const desk = new Desk();
  const refusals = createRefusals(() => 0);
  const server = await listenGrpc({
    host: "127.0.0.1",
    port: 0,
    intake: desk,
    maxBodyBytes: MAX_MESSAGE_BYTES,
    requestTimeoutMs: 400,
    originCheck: originCheck(),
    tokenCheck: tokenCheck(undefined),
    refusals,
    ...options,
  });
  const address = `127.0.0.1:${server.address.port}`;
  const client = new GrpcClient(address);
  Object.assign(open, { client, server });
  const refused = () => refusals.list().map(({ reason }) => reason);
  return { desk, server, address, client, refused };
}

afterEach(async () => {
  open.client?.close();
  await open.server?.close(100);
});

test.each(signals)("takes %s, plain and compressed", async (signal) => {
  const { desk, client } = await start();
  const message = Buffer.from("x".repeat(1_000));
  for (const sent of [framed(message), framed(gzipSync(message), 1)]) {
    const answer = await client.call(exportPath(signal), sent, { "grpc-encoding": "gzip" });
    expect(answer).toMatchObject({ httpStatus: 200, code: 0, body: Buffer.alloc(5) });
    expect(answer.headers["content-type"]).toMatch(/^application\/grpc/);
  }
  const taken = { signal, encoding: "protobuf", text: message.toString() };
  expect(desk.taken).toEqual([taken, taken]);
});

test("takes a message in pieces, and an empty one", async () => {
  const { desk, client } = await start();
  const bytes = framed(Buffer.from("hello"));
  await client.call(
    exportPath("logs"),
    [...bytes].map((byte) => Uint8Array.of(byte)),
  );
  await client.call(exportPath("logs"), framed(new Uint8Array()));
  expect(desk.taken.map(({ text }) => text)).toEqual(["hello", ""]);
});

test.each(grpcRefusals)("refuses $name with $code", async ({ code, body, headers = {} }) => {
  const { desk, client } = await start();
  const answer = await client.call(exportPath("logs"), body, headers);
  expect(answer).toMatchObject({ httpStatus: 200, code });
  expect(answer.message).not.toBe("");
  expect(answer.headers["grpc-status-details-bin"]).toBeUndefined();
  expect(desk.taken).toEqual([]);
});

test("messages that are too large are counted, compressed ones, too", async () => {
  const { client, refused } = await start();
  const large = Buffer.alloc(MAX_MESSAGE_BYTES + 1);
  expect(await client.call(exportPath("logs"), framed(large))).toMatchObject({ code: 8 });
  expect(refused()).toEqual(["too-large"]);
  await open.server?.close(100);
  open.client?.close();
  const again = await start();
  const packed = framed(gzipSync(Buffer.alloc(100 * MAX_MESSAGE_BYTES)), 1);
  await again.client.call(exportPath("metrics"), packed, { "grpc-encoding": "gzip" });
  expect(again.refused()).toEqual(["too-large"]);
});

test("what is no call at all gets HTTP's own codes", async () => {
  const { client } = await start();
  const body = framed(new Uint8Array());
  const typed = (type: string) => client.call(exportPath("logs"), body, { "content-type": type });
  expect(await typed("application/json")).toMatchObject({ httpStatus: 415 });
  expect(await typed("text/plain")).toMatchObject({ httpStatus: 415 });
});

test("a call without the token is not read", async () => {
  const { desk, client } = await start({ tokenCheck: tokenCheck("0123456789abcdef") });
  const send = (authorization?: string) =>
    client.call(
      exportPath("logs"),
      framed(new Uint8Array()),
      authorization === undefined ? {} : { authorization },
    );
  expect(await send()).toMatchObject({ code: 16 });
  const wrong = await send("Bearer guessed-guessed-guessed");
  expect(wrong).toMatchObject({ code: 16 });
  expect(JSON.stringify(wrong)).not.toContain("guessed");
  expect(desk.taken).toEqual([]);
  expect(await send("Bearer 0123456789abcdef")).toMatchObject({ code: 0 });
});

test.each([
  ["undecodable", 3, undefined],
  ["too-large", 8, undefined],
  ["busy", 14, 2],
  ["storage", 14, 2],
] as const)("an intake that says %s makes %i", async (reason, code, retryAfterSeconds) => {
  const { desk, client } = await start();
  const refused = { kind: "refused", reason, message: "100 % é" } as const;
  desk.verdict = retryAfterSeconds === undefined ? refused : { ...refused, retryAfterSeconds };
  const answer = await client.call(exportPath("logs"), framed(new Uint8Array()));
  expect(answer).toMatchObject({ code, message: "100 % é" });
  const details = answer.headers["grpc-status-details-bin"];
  expect(details === undefined).toBe(retryAfterSeconds === undefined);
});

test("calls that find no room are asked to come again", async () => {
  const { desk, client, address } = await start();
  desk.delayMs = 200;
  const other = new GrpcClient(address);
  const message = framed(Buffer.from("hello"));
  const calls = [client, other].flatMap((each) =>
    Array.from({ length: 30 }, () => each.call(exportPath("logs"), message)),
  );
  const answers = await Promise.all(calls);
  other.close();
  expect(new Set(answers.map(({ code }) => code))).toEqual(new Set([0, 14]));
  for (const { code, headers } of answers) {
    expect(headers["grpc-status-details-bin"] === undefined).toBe(code === 0);
  }
  desk.delayMs = 0;
  expect(await client.call(exportPath("logs"), message)).toMatchObject({ code: 0 });
});

test("who sends too slowly gets that answer", async () => {
  const { client } = await start({ requestTimeoutMs: 100 });
  const began = performance.now();
  const slow = await client.unfinished(
    exportPath("logs"),
    framed(Buffer.alloc(100)).subarray(0, 9),
  );
  expect(slow).toMatchObject({ code: 4 });
  expect(performance.now() - began).toBeLessThan(20_000);
});

/** What comes back for bytes that are no gRPC. */
async function answered(port: number, bytes: string | Uint8Array): Promise<string> {
  const socket = connectTcp(port, "127.0.0.1");
  socket.on("error", () => undefined);
  let text = "";
  socket.setEncoding("utf8").on("data", (more: string) => {
    text += more;
  });
  socket.end(bytes);
  await once(socket, "close");
  return text;
}

test.each([
  ["POST /v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}", "other-protocol"],
  ["PUT / HTTP/1.1\r\n\r\n", "other-protocol"],
  ["\u0016\u0003\u0001\u0002", "tls"],
  ["P", undefined],
] as const)(
  "what is not HTTP/2 gets an answer that says what the port is, and counted: %j",
  async (bytes, reason) => {
    const { desk, server, client, refused } = await start();
    const answer = await answered(server.address.port, bytes);
    if (reason === "other-protocol") {
      expect(answer).toMatch(/^HTTP\/1\.1 400 .*\r\nX-Cctelemetry-Speaks: grpc\r\n.*port of gRPC/s);
    } else expect(answer).toBe("");
    expect(refused()).toEqual(reason === undefined ? [] : [reason]);
    expect(await client.call(exportPath("logs"), framed(new Uint8Array()))).toMatchObject({
      code: 0,
    });
    expect(desk.taken).toHaveLength(1);
  },
);

test("closing answers what is under way and takes nothing more", async () => {
  const { desk, server, client, address } = await start();
  desk.delayMs = 200;
  const running = client.call(exportPath("logs"), framed(Buffer.from("last")));
  await pause(50);
  const closed = server.close(5_000);
  expect(await running).toMatchObject({ code: 0 });
  await closed;
  const late = new GrpcClient(address);
  await expect(late.call(exportPath("logs"), framed(new Uint8Array()))).rejects.toThrow();
  expect(desk.taken.map(({ text }) => text)).toEqual(["last"]);
});

test("closing waits no longer than its limit", async () => {
  const { server, client } = await start({ requestTimeoutMs: 60_000 });
  const hanging = client.unfinished(exportPath("logs"), Uint8Array.of(0)).catch(() => undefined);
  await pause(50);
  const began = performance.now();
  await server.close(100);
  expect(performance.now() - began).toBeLessThan(20_000);
  await hanging;
});
