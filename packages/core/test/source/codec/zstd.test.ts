import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bufferReader, type StreamDamage } from "../../../src/source/codec/bytes.ts";
import { zstdChunks } from "../../../src/source/codec/zstd.ts";
import {
  nativeCodec,
  portableCodec,
  type ZstdCodec,
} from "../../../src/source/codec/zstd-codec.ts";
import { cutReader, fixture, zstdFrame } from "../support.ts";

const codecs: [string, ZstdCodec][] = [["portable", portableCodec]];
if (nativeCodec !== undefined) codecs.push(["native", nativeCodec]);

async function unpack(bytes: Buffer, codec: ZstdCodec, cuts: readonly number[] = []) {
  const parts: Uint8Array[] = [];
  const damages: StreamDamage[] = [];
  const reader = cuts.length > 0 ? cutReader(bytes, cuts) : bufferReader(bytes);
  for await (const part of zstdChunks(reader, codec)) {
    if (part instanceof Uint8Array) parts.push(part);
    else damages.push(part);
  }
  return { text: Buffer.concat(parts).toString("latin1"), damages };
}

const recorded = readFileSync(fixture("edge/framings-native-compression/rotate.jsonl.zst"));
const plain = readFileSync(fixture("edge/framings-native-compression/rotate.jsonl"), "latin1");
/** More blocks than are decompressed in one go. */
const longText = "0123456789abcdef\n".repeat(4000);
const longFrame = zstdFrame(Buffer.from(longText), { blockBytes: 1024 });

describe.each(codecs)("with the %s codec", (_name, codec) => {
  test("a recorded stream of several frames gives the lines", async () => {
    expect(await unpack(recorded, codec)).toEqual({ text: plain, damages: [] });
  });

  test("any cut of the bytes gives the same text", async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(cuts, async (parts) => {
        expect((await unpack(recorded, codec, parts)).text).toBe(plain);
      }),
      { numRuns: 20 },
    );
  });

  test("a long frame, empty frames and skippable frames", async () => {
    const skippable = Buffer.from("502a4d1803000000aabbcc", "hex");
    const empty = zstdFrame(Buffer.alloc(0));
    const sized = zstdFrame(Buffer.from("sized"), { size: true, check: false });
    const bytes = Buffer.concat([skippable, longFrame, empty, skippable, sized]);
    expect(await unpack(bytes, codec)).toEqual({ text: `${longText}sized`, damages: [] });
  });

  test.each([
    ["short", recorded],
    ["long", longFrame],
  ])("every truncation of a %s frame gives a beginning of the text", async (_kind, bytes) => {
    const whole = (await unpack(bytes, codec)).text;
    const step = Math.ceil(bytes.length / 60);
    for (let length = 1; length < bytes.length; length += step) {
      const { text, damages } = await unpack(bytes.subarray(0, length), codec);
      expect(whole.startsWith(text)).toBe(true);
      const between = await endsBetweenFrames(bytes, length);
      expect(damages.map((damage) => damage.reason)).toEqual(between ? [] : ["truncated-zstd"]);
    }
  });

  test("a truncated long frame gives all its whole blocks", async () => {
    const { text } = await unpack(longFrame.subarray(0, 30 * 1027 + 500), codec);
    expect(text).toBe(longText.slice(0, 30 * 1024));
  });

  test("a flipped bit is found by the checksum, and the next frame is read", async () => {
    const bytes = Buffer.concat([zstdFrame(Buffer.from("one\n")), zstdFrame(Buffer.from("two\n"))]);
    bytes.writeUInt8(bytes.readUInt8(10) ^ 1, 10);
    const { text, damages } = await unpack(bytes, codec);
    expect(text.endsWith("two\n")).toBe(true);
    expect(damages).toEqual([
      { reason: "corrupt-zstd", detail: expect.stringContaining("at byte 0"), final: false },
    ]);
  });

  test("garbage between frames is passed over", async () => {
    const bytes = Buffer.concat([
      zstdFrame(Buffer.from("one\n")),
      Buffer.from("garbage"),
      zstdFrame(Buffer.from("two\n")),
      Buffer.from("the end"),
    ]);
    const { text, damages } = await unpack(bytes, codec);
    expect(text).toBe("one\ntwo\n");
    expect(damages.map(({ reason, final }) => [reason, final])).toEqual([
      ["corrupt-zstd", false],
      ["corrupt-zstd", true],
    ]);
  });

  test("a frame that lies about its size is refused", async () => {
    const bytes = zstdFrame(Buffer.from("text"), { size: true, check: false });
    for (const size of [3, 5, 1_000_000, 0xffffffff]) {
      bytes.writeUInt32LE(size, 5);
      expect((await unpack(bytes, codec)).damages).toHaveLength(1);
    }
  });

  test("mutated streams are never an error and never hang", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(recorded.length - 1), fc.nat(255)), {
          minLength: 1,
          maxLength: 4,
        }),
        async (changes) => {
          const bytes = Buffer.from(recorded);
          for (const [at, value] of changes) bytes.writeUInt8(value, at);
          const { text, damages } = await unpack(bytes, codec);
          expect(text === plain || damages.length > 0).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("a bomb of run-length blocks comes out block by block", async () => {
    const run = Buffer.alloc(4);
    run.writeUIntLE((131072 << 3) | 2, 0, 3);
    const head = Buffer.from("28b52ffd0058", "hex");
    const bomb = Buffer.concat([head, ...Array.from({ length: 4000 }, () => run)]);
    let total = 0;
    let largest = 0;
    for await (const part of zstdChunks(bufferReader(bomb), codec)) {
      if (!(part instanceof Uint8Array)) continue;
      total += part.length;
      largest = Math.max(largest, part.length);
    }
    expect(total).toBe(4000 * 131072);
    expect(largest).toBeLessThanOrEqual(131072);
  });
});

/** Whether the first `length` bytes are whole frames. */
async function endsBetweenFrames(bytes: Buffer, length: number): Promise<boolean> {
  const rest = bytes.subarray(length);
  const { damages } = await unpack(rest, portableCodec);
  return damages.length === 0;
}
