import { PassThrough, Readable } from "node:stream";
import { deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { flightBudget } from "../src/admission/flight.ts";
import { type BodyCoding, readBody } from "../src/http/body.ts";

const MIB = 1024 * 1024;

function read(
  chunks: Iterable<Uint8Array>,
  coding: BodyCoding,
  maxBytes: number,
  limit = 64 * MIB,
) {
  const budget = flightBudget(limit);
  return { budget, body: readBody(Readable.from(chunks), { coding, maxBytes, budget }) };
}

function pieces(bytes: Uint8Array, length: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / length);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * length, (at + 1) * length));
}

const text = Buffer.from("telemetry ".repeat(20_000));

test.each([
  ["identity", text],
  ["gzip", gzipSync(text)],
  ["deflate", deflateSync(text)],
] as const)("reads a body of %s whole, in pieces of any size", async (coding, sent) => {
  for (const size of [1, 7, 4_096, sent.length]) {
    if (size === 1 && coding === "identity") continue;
    const { budget, body } = read(pieces(sent, size), coding, MIB);
    const whole = await body;
    expect(whole.kind).toBe("whole");
    if (whole.kind !== "whole") return;
    expect(Buffer.compare(whole.bytes, text)).toBe(0);
    expect(budget.reservedBytes()).toBeGreaterThanOrEqual(text.length);
    whole.release();
    expect(budget.reservedBytes()).toBe(0);
  }
});

test("an empty body is a body", async () => {
  const whole = await read([], "identity", 10).body;
  expect(whole).toMatchObject({ kind: "whole", bytes: new Uint8Array(0) });
});

test("a body may be exactly as large as the limit, and not a byte more", async () => {
  for (const coding of ["identity", "gzip"] as const) {
    const encode = (bytes: Buffer) => (coding === "gzip" ? gzipSync(bytes) : bytes);
    const at = await read(pieces(encode(text), 1_000), coding, text.length).body;
    expect(at.kind).toBe("whole");
    const beyond = await read(pieces(encode(text), 1_000), coding, text.length - 1).body;
    expect(beyond.kind).toBe("too-large");
  }
});

test("a bomb is inflated no further than the limit", async () => {
  const bomb = gzipSync(Buffer.alloc(200 * MIB));
  const { budget, body } = read(pieces(bomb, 65_536), "gzip", MIB);
  const before = process.memoryUsage().rss;
  expect(await body).toEqual({ kind: "too-large" });
  expect(budget.reservedBytes()).toBe(0);
  expect(process.memoryUsage().rss - before).toBeLessThan(20 * MIB);
});

test("the budget is what all bodies have together", async () => {
  const budget = flightBudget(MIB);
  const limits = { coding: "identity", maxBytes: MIB, budget } as const;
  const first = await readBody(Readable.from([Buffer.alloc(700_000)]), limits);
  expect(await readBody(Readable.from([Buffer.alloc(700_000)]), limits)).toEqual({ kind: "busy" });
  if (first.kind === "whole") first.release();
  expect(await readBody(Readable.from([Buffer.alloc(700_000)]), limits)).toMatchObject({
    kind: "whole",
  });
});

test("damaged gzip is undecodable, cut gzip too", async () => {
  const damaged = gzipSync(text);
  damaged[1] = 0;
  expect(await read([damaged], "gzip", MIB).body).toMatchObject({ kind: "undecodable" });
  const cut = gzipSync(text).subarray(0, 100);
  expect(await read([cut], "gzip", MIB).body).toMatchObject({ kind: "undecodable" });
});

test("a sender that goes away leaves nothing behind", async () => {
  const budget = flightBudget(MIB);
  const source = new PassThrough();
  const body = readBody(source, { coding: "identity", maxBytes: MIB, budget });
  source.write(Buffer.alloc(1_000));
  setImmediate(() => source.destroy());
  expect(await body).toEqual({ kind: "broken" });
  expect(budget.reservedBytes()).toBe(0);
});
