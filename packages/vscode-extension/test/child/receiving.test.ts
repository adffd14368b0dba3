import { mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { requestLine } from "../../../../test/support/telemetry.ts";
import type { ChildToHost } from "../../src/messages.ts";
import type { StatusReceiver, StatusView } from "../../src/status-view.ts";
import { greetingFor, Listened, type Scene, scene } from "./support.ts";

let place: Scene;
let windows: Listened[];
let httpPort: number;

beforeEach(async () => {
  place = scene();
  windows = [];
  const server = await listening(0);
  httpPort = (server.address() as AddressInfo).port;
  await closed(server);
});

afterEach(async () => {
  await Promise.all(windows.map((each) => each.end()));
  place.remove();
});

function listening(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((done) => server.listen(port, "127.0.0.1", () => done(server)));
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}

/** A window that follows what is received, and receives if it can. */
function open(
  receiver: { httpPort: number; grpcPort: null } | null = { httpPort, grpcPort: null },
) {
  const greeting = greetingFor(place, { paths: [], receiver });
  const window = new Listened(greeting, { CCTELEMETRY_HOME: place.folder });
  windows.push(window);
  return window;
}

function receiverIs(state: StatusReceiver["state"]) {
  return (message: ChildToHost): StatusReceiver | undefined =>
    message.kind === "status" && message.view.receiver.state === state
      ? message.view.receiver
      : undefined;
}

function counted(requests: number) {
  return (message: ChildToHost): StatusView | undefined =>
    message.kind === "status" && message.view.today.requests === requests
      ? message.view
      : undefined;
}

/** Sends a request as it would be recorded now; gives the status. */
async function send(number: number): Promise<number> {
  const body = requestLine(number).replaceAll(/17\d{17}/g, `${Date.now() + number}000000`);
  const headers = { "content-type": "application/json" };
  const url = `http://127.0.0.1:${httpPort}/v1/logs`;
  return (await fetch(url, { method: "POST", headers, body })).status;
}

test("unless it is switched on, nothing is received", async () => {
  const window = open(null);
  await window.until(receiverIs("off"));
  await expect(send(1)).rejects.toThrow("fetch failed");
});

test("the first window receives, all of them show it, the next takes over", async () => {
  const first = open();
  const serving = await first.until(receiverIs("serving"));
  expect(serving.text).toBe(`Receives telemetry on 127.0.0.1:${httpPort}.`);
  const second = open();
  const waiting = await second.until(receiverIs("elsewhere"));
  expect(waiting.text).toContain("Another receiver writes to");
  expect(await send(1)).toBe(200);
  await first.until(counted(1));
  expect((await second.until(counted(1))).configured).toBe(true);
  const from = second.heard.length;
  expect(await first.end()).toBe("code 0");
  const ended = performance.now();
  await second.until(receiverIs("serving"), from);
  expect(performance.now() - ended).toBeLessThan(10_000);
  expect(await send(2)).toBe(200);
  await second.until(counted(2), from);
});

test("a window that is killed leaves its place to the next", async () => {
  const first = open();
  await first.until(receiverIs("serving"));
  const second = open();
  await second.until(receiverIs("elsewhere"));
  expect(await send(1)).toBe(200);
  first.process.kill("SIGKILL");
  await second.until(receiverIs("serving"));
  expect(await send(2)).toBe(200);
  await second.until(counted(2));
});

test("where another program has the port, it says so and waits", async () => {
  const foreign = await listening(httpPort);
  const window = open();
  const waiting = await window.until(receiverIs("elsewhere"));
  expect(waiting.text).toContain(`Port ${httpPort} is taken by`);
  await closed(foreign);
  await window.until(receiverIs("serving"));
  expect(await send(1)).toBe(200);
});

test("where nothing can be written, it says so", async () => {
  mkdirSync(join(place.folder, "otlp", "claude-code.jsonl"), { recursive: true });
  const window = open();
  const failed = await window.until(receiverIs("failed"));
  expect(failed.text).toContain("claude-code.jsonl");
});

test("files that were named are followed, too", async () => {
  const named = { paths: [place.file], receiver: { httpPort, grpcPort: null } };
  const window = new Listened(greetingFor(place, named), { CCTELEMETRY_HOME: place.folder });
  windows.push(window);
  await window.until(receiverIs("serving"));
  writeFileSync(place.file, `${requestLine(7).replaceAll(/17\d{17}/g, `${Date.now()}000000`)}\n`);
  await window.until(counted(1));
  expect(await send(1)).toBe(200);
  await window.until(counted(2));
});
