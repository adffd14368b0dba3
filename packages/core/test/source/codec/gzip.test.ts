import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bufferReader, type StreamDamage } from "../../../src/source/codec/bytes.ts";
import { gunzipChunks } from "../../../src/source/codec/gzip.ts";
import { cutReader } from "../support.ts";

async function unpack(bytes: Buffer, cuts: readonly number[] = [], repeatable = true) {
  const parts: Uint8Array[] = [];
  const damages: StreamDamage[] = [];
  const reader = cuts.length > 0 ? cutReader(bytes, cuts) : bufferReader(bytes);
  const again = repeatable ? () => bufferReader(bytes) : undefined;
  for await (const part of gunzipChunks(reader, again)) {
    if (part instanceof Uint8Array) parts.push(part);
    else damages.push(part);
  }
  return { text: Buffer.concat(parts).toString("latin1"), reasons: damages.map((d) => d.reason) };
}

/** Text that does not compress to nothing. */
const text = Array.from({ length: 20_000 }, (_, n) => `${(n * 2654435761) % 4294967296}\n`).join(
  "",
);
const packed = gzipSync(text);

test("any cut of several members gives the same text", async () => {
  const members = Buffer.concat([gzipSync("one\n"), packed, gzipSync(""), gzipSync("two\n")]);
  const cuts = fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(cuts, async (parts) => {
      expect(await unpack(members, parts)).toEqual({ text: `one\n${text}two\n`, reasons: [] });
    }),
    { numRuns: 15 },
  );
});

test("a truncation gives all that can be decompressed", async () => {
  for (const length of [5, 11, 1000, 20_000, packed.length - 9, packed.length - 1]) {
    const unpacked = await unpack(packed.subarray(0, length));
    expect(text.startsWith(unpacked.text)).toBe(true);
    expect(unpacked.text.length / text.length).toBeGreaterThan(length / packed.length - 0.05);
    expect(unpacked.reasons).toEqual(["truncated-gzip"]);
  }
});

test("a wrong checksum does not swallow the text", async () => {
  const bytes = Buffer.from(packed);
  bytes.writeUInt32LE(bytes.readUInt32LE(bytes.length - 8) ^ 1, bytes.length - 8);
  expect(await unpack(bytes)).toEqual({ text, reasons: ["corrupt-gzip"] });
  expect((await unpack(bytes, [], false)).reasons).toEqual(["corrupt-gzip"]);
});

test("plain lines behind the last member are reported, padding is not", async () => {
  const behind = Buffer.concat([packed, Buffer.from('{"resourceLogs":[]}\n')]);
  expect(await unpack(behind)).toEqual({ text, reasons: ["corrupt-gzip"] });
  expect(await unpack(Buffer.concat([packed, Buffer.alloc(512)]))).toEqual({ text, reasons: [] });
});

test("mutated members are never an error", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(packed.length - 1), fc.nat(255), async (at, value) => {
      const bytes = Buffer.from(packed);
      bytes.writeUInt8(value, at);
      const unpacked = await unpack(bytes);
      expect(unpacked.text === text || unpacked.reasons.length === 1).toBe(true);
    }),
    { numRuns: 15 },
  );
});
