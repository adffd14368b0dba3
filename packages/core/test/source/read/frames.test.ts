import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bufferReader } from "../../../src/source/codec/bytes.ts";
import { readFrames } from "../../../src/source/read/frames.ts";
import { cutReader, frame, message, type Piece, piecesOf, request, zstdFrame } from "../support.ts";

const MAX = 64 * 1024;

async function read(bytes: Buffer, from = 0, cuts: readonly number[] = []): Promise<Piece[]> {
  const rest = bytes.subarray(from);
  const reader = cuts.length > 0 ? cutReader(rest, cuts) : bufferReader(rest);
  return await piecesOf(readFrames(reader, { from, maxLineBytes: MAX }));
}

const kinds: Record<string, (n: number) => { framed: Buffer; kind: string; text: string }> = {
  zstd: (n) => make(zstdFrame(Buffer.from(request(n)), { size: true }), "payload", request(n)),
  json: (n) => make(Buffer.from(request(n)), "payload", request(n)),
  protobuf: (n) => make(message(request(n)), "message", message(request(n)).toString("latin1")),
  "protobuf in zstd": (n) => {
    const bytes = message(request(n));
    return make(zstdFrame(bytes), "message", bytes.toString("latin1"));
  },
};

function make(content: Buffer, kind: string, text: string) {
  return { framed: frame(content), kind, text };
}

describe.each(Object.entries(kinds))("%s", (_name, one) => {
  const frames = [0, 1, 2, 3].map(one);
  const bytes = Buffer.concat(frames.map(({ framed }) => framed));
  const offsets = frames.map((_, n) => lengthOf(frames.slice(0, n)));
  const whole = frames.map(({ framed, kind, text }, n) => {
    return { kind, text, offset: offsets[n] ?? 0, length: framed.length };
  });

  test("any cut gives the same items, and so does reading from each item", async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(cuts, fc.nat(3), async (parts, n) => {
        expect(await read(bytes, offsets[n], parts)).toEqual(whole.slice(n));
      }),
      { numRuns: 50 },
    );
  });

  test("every truncation gives the whole frames and the rest as a tail", async () => {
    for (let length = 0; length < bytes.length; length += 1) {
      const complete = whole.filter((item) => item.offset + item.length <= length);
      const end = lengthOf(frames.slice(0, complete.length));
      const text = bytes.toString("latin1", end, length);
      const tail = text === "" ? [] : [{ kind: "tail", offset: end, text }];
      expect(await read(bytes.subarray(0, length))).toEqual([...complete, ...tail]);
    }
  });

  test.each([
    ["NULs", Buffer.alloc(100)],
    ["text", Buffer.from("some text that is no frame at all, and long")],
    ["a length that reaches beyond the end", Buffer.from("0fffffff0a020a00", "hex")],
    ["a length of zero", Buffer.alloc(4)],
  ])("%s between two frames is reported and costs no neighbour", async (_what, garbage) => {
    const [first = one(0), second = one(1)] = frames;
    const parts = [first.framed, garbage, second.framed, garbage, second.framed];
    const pieces = await read(Buffer.concat(parts));
    expect(pieces.map((piece) => ("kind" in piece ? piece.kind : ""))).toEqual([
      first.kind,
      "damaged",
      second.kind,
      "damaged",
      second.kind,
    ]);
    expect(pieces[1]).toMatchObject({ offset: first.framed.length, length: garbage.length });
  });

  test("a wrong length costs one frame", async () => {
    for (const wrong of [1, 60, 1000, 100_000]) {
      const damagedBytes = Buffer.from(bytes);
      damagedBytes.writeUInt32BE(wrong, offsets[1] ?? 0);
      const pieces = await read(damagedBytes);
      expect(pieces).toContainEqual(whole[0]);
      expect(pieces).toContainEqual(whole[2]);
      expect(pieces).toContainEqual(whole[3]);
    }
  });
});

test("a zstd frame that does not decompress is damaged as a whole", async () => {
  const good = frame(zstdFrame(Buffer.from(request(1))));
  const bad = Buffer.from(good);
  bad.writeUInt8(bad.readUInt8(60) ^ 1, 60);
  const pieces = await read(Buffer.concat([good, bad, good]));
  expect(pieces).toMatchObject([
    { kind: "payload" },
    { kind: "damaged", reason: "corrupt-frame", offset: good.length, length: good.length },
    { kind: "payload" },
  ]);
});

test("text that is too long for memory is streamed from its compressed form", async () => {
  const long = request("x".repeat(2 * MAX));
  // One run-length block would not do for JSON; stored blocks are as long as the text.
  const packed = zstdFrame(Buffer.from(long));
  const frames = readFrames(bufferReader(frame(packed)), { from: 0, maxLineBytes: packed.length });
  expect(await piecesOf(frames)).toMatchObject([{ kind: "payload", text: long }]);
});

test("a frame longer than what is held in memory is reported and the next is read", async () => {
  const next = frame(message("next"));
  const pieces = await read(Buffer.concat([frame(message("x".repeat(2 * MAX))), next]));
  expect(pieces).toMatchObject([
    { kind: "damaged", reason: "frame-too-large" },
    { kind: "message" },
  ]);
});

function lengthOf(frames: readonly { framed: Buffer }[]): number {
  return frames.reduce((sum, { framed }) => sum + framed.length, 0);
}
