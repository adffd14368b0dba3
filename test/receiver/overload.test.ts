import { existsSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  exportPath,
  framed,
  GrpcClient,
} from "../../packages/receiver/test/support/grpc-client.ts";
import { noteResult } from "../faults/support/results.ts";
import { testFolder } from "../support/cli.ts";
import { type CollectProcess, startCollect } from "./support/collect-process.ts";
import { type Answer, send } from "./support/http-client.ts";
import { type Lab, startLab } from "./support/lab.ts";
import { mediaTypes, sample } from "./support/requests.ts";

const MIB = 1024 * 1024;
const MOST_MEMORY_MB = 600;

/** The most memory a process has had, in megabytes; 0 if the system does not say. */
function peakMb({ pid }: CollectProcess): number {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return 0;
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(path, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

function post(http: string, body: Buffer | readonly Buffer[], gzip = false): Promise<Answer> {
  const coding: Record<string, string> = gzip ? { "content-encoding": "gzip" } : {};
  const headers = { "content-type": mediaTypes.json, ...coding };
  return send(http, { path: "/v1/logs", headers, body });
}

/** Every answer is a success, a refusal for good, or one that says when to come again. */
function expectHonest(answers: readonly PromiseSettledResult<Answer>[]): readonly number[] {
  const answered = answers.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  for (const { status, headers } of answered) {
    if (status >= 500) {
      expect(status).toBe(503);
      expect(Number(headers["retry-after"])).toBeGreaterThanOrEqual(1);
    }
  }
  return answered.map(({ status }) => status);
}

describe("more than a receiver can take", () => {
  test("bombs, floods and bodies without an end leave its memory flat", async () => {
    const output = join(await testFolder(), "telemetry.jsonl");
    const collect = await startCollect({ output });
    const bomb = gzipSync(Buffer.alloc(200 * MIB));

    const bombs = Promise.allSettled(
      Array.from({ length: 40 }, () => post(collect.http, bomb, true)),
    );
    const calls = new GrpcClient(collect.grpc);
    const message = framed(bomb, 1);
    const gzip = { "grpc-encoding": "gzip" };
    const called = await Promise.all(
      Array.from({ length: 40 }, () => calls.call(exportPath("logs"), message, gzip)),
    );
    expect(new Set(expectHonest(await bombs))).toContain(413);
    const codes = called.map(({ code }) => code);
    expect(codes.filter((code) => code !== 8 && code !== 14)).toEqual([]);
    expect(codes).toContain(8);
    calls.close();

    const endless = Array.from({ length: 1_200 }, () => Buffer.alloc(65_536, "{"));
    const bodies = await Promise.allSettled([1, 2, 3].map(() => post(collect.http, endless)));
    expect(expectHonest(bodies).every((status) => status === 413 || status === 503)).toBe(true);

    const flood = Array.from({ length: 600 }, (_, at) =>
      post(collect.http, sample("logs", `flood-${at}`, 5_000).body("json")),
    );
    const statuses = expectHonest(await Promise.allSettled(flood));
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(100);

    const holders = [new GrpcClient(collect.grpc), new GrpcClient(collect.grpc)];
    const almost = framed(Buffer.alloc(4 * MIB)).subarray(0, -1);
    const held = holders.flatMap((holder) =>
      Array.from({ length: 24 }, () => holder.unfinished(exportPath("logs"), almost)),
    );
    const given = Promise.allSettled(held);
    await pause(3_000);
    for (const holder of holders) holder.close();
    await given;

    const after = sample("logs", "after").body("json");
    expect(await post(collect.http, after)).toMatchObject({ status: 200 });
    noteResult({ part: "O5", what: "memory", peakMb: peakMb(collect) });
    expect(peakMb(collect)).toBeLessThan(MOST_MEMORY_MB);
    collect.running.signal("SIGTERM");
    expect(await collect.running.ended).toBe(0);
  });
});

/** After this a connection that sends nothing useful is closed; it is looked at every second. */
const PATIENCE_MS = 10_000;

describe("senders that never finish", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ requestTimeoutMs: PATIENCE_MS });
  });
  afterAll(() => lab.close());

  const host = "POST /v1/logs HTTP/1.1\r\nHost: localhost\r\n";
  const head = `${host}Content-Type: application/json\r\n`;
  const preface = Buffer.concat([
    Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    // An empty SETTINGS frame.
    Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
  ]);

  /** What each kind of slow sender begins with, and what it goes on with twice a second. */
  const kinds: readonly (readonly [port: "http" | "grpc", begin: string | Buffer, drip: string])[] =
    [
      ["http", host, "X: y\r\n"],
      ["http", `${head}Content-Length: 100000\r\n\r\n{`, " "],
      ["http", `${head}Transfer-Encoding: chunked\r\n\r\n`, "1\r\n \r\n"],
      ["http", "P", ""],
      ["http", "", ""],
      ["grpc", "", ""],
      ["grpc", preface, ""],
      ["grpc", preface.subarray(0, 7), ""],
    ];

  test("are cut off, and hold up nobody meanwhile", async () => {
    const slow = kinds.flatMap(([port, begin, drip]) =>
      Array.from({ length: 20 }, () => new SlowSender(lab[port], begin, drip)),
    );
    await pause(500);
    const began = performance.now();
    const client = new GrpcClient(lab.grpc);
    for (let at = 0; performance.now() - began < PATIENCE_MS / 2; at++) {
      const one = sample("logs", `meanwhile-${at}`);
      expect(await post(lab.http, one.body("json"))).toMatchObject({ status: 200 });
      const other = sample("traces", `meanwhile-${at}`);
      const body = framed(other.body("protobuf"));
      expect(await client.call(exportPath("traces"), body)).toMatchObject({ code: 0 });
      await pause(200);
    }
    client.close();
    const open = () => slow.filter(({ isOpen }) => isOpen).map(({ name }) => name);
    await expect.poll(open).toEqual([]);
    for (const sender of slow) sender.end();
    expect(lab.ids().filter((id) => !id.startsWith("meanwhile"))).toEqual([]);
  });
});

/** A connection on which a request begins and goes on, and never ends. */
class SlowSender {
  readonly name: string;
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(address: string, begin: string | Buffer, drip: string) {
    const [host = "", port = ""] = address.split(":");
    this.name = JSON.stringify(String(begin).slice(-30));
    this.#socket = connect(Number(port), host);
    this.#socket.on("error", () => undefined).resume();
    if (begin.length > 0) this.#socket.write(begin);
    if (drip !== "") this.#timer = setInterval(() => this.#socket.write(drip), 500);
    this.#socket.once("close", () => clearInterval(this.#timer));
  }

  get isOpen(): boolean {
    return !this.#socket.closed;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#socket.destroy();
  }
}
