import type { ChildProcess } from "node:child_process";
import { appendFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { requestLine } from "../../../../test/support/telemetry.ts";
import { ChildLink } from "../../src/host/child/child-link.ts";
import type { ChildToHost } from "../../src/messages.ts";
import { childScript, greetingFor, type Scene, scene } from "../child/support.ts";

let place: Scene;
let link: ChildLink;
let heard: ChildToHost[];
let gone: string[];

beforeEach(() => {
  place = scene();
  heard = [];
  gone = [];
  link = new ChildLink(
    { script: childScript, startMessage: () => greetingFor(place) },
    {
      onMessage: (message) => heard.push(message),
      onGone: (reason) => gone.push(reason),
      log: () => undefined,
    },
  );
});

afterEach(async () => {
  await link.close();
  place.remove();
});

const isReady = (): boolean =>
  heard.some((message) => message.kind === "status" && message.view.ready);

test.each(["SIGKILL", "SIGSEGV"] as const)(
  "a child that ends by %s is back in 5 s",
  async (signal) => {
    await expect.poll(isReady).toBe(true);
    appendFileSync(place.file, `${requestLine(1)}\n`);
    const { pid } = link;
    if (pid === undefined) throw new Error("no child");
    heard = [];
    const killed = performance.now();
    process.kill(pid, signal);
    await expect.poll(isReady).toBe(true);
    expect(performance.now() - killed).toBeLessThan(5000);
    expect(gone).toEqual([`It ended by ${signal}.`]);
    expect(link.pid).not.toBe(pid);
  },
);

test("a child whose channel fails is ended before the next one starts", async () => {
  await expect.poll(isReady).toBe(true);
  const { pid } = link;
  if (pid === undefined) throw new Error("no child");
  heard = [];
  const child = Reflect.get(link, "child") as ChildProcess;
  child.emit("error", new Error("channel closed"));
  // A second failure of the same child changes nothing.
  child.emit("error", new Error("channel closed again"));
  await expect.poll(() => gone).toEqual(["channel closed"]);
  expect(isAlive(pid)).toBe(false);
  await expect.poll(isReady).toBe(true);
  expect(link.pid).not.toBe(pid);
});

test("a restart on request takes another child, and the old one ends", async () => {
  await expect.poll(isReady).toBe(true);
  const { pid } = link;
  if (pid === undefined) throw new Error("no child");
  heard = [];
  link.restart();
  await expect.poll(isReady).toBe(true);
  expect(gone).toEqual([]);
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test("closing ends the child", async () => {
  await expect.poll(isReady).toBe(true);
  const { pid } = link;
  if (pid === undefined) throw new Error("no child");
  await link.close();
  expect(isAlive(pid)).toBe(false);
  expect(link.isUp).toBe(false);
  expect(link.send({ kind: "pin", sessionId: null })).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
