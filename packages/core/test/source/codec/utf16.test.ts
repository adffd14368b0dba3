import fc from "fast-check";
import { expect, test } from "vitest";
import {
  bufferReader,
  chunkReader,
  readFully,
  type StreamDamage,
} from "../../../src/source/codec/bytes.ts";
import { detectUtf16, type Utf16, utf8Chunks } from "../../../src/source/codec/utf16.ts";
import { runs, seed } from "../../support/runs.ts";

const orders: readonly Utf16[] = ["utf16le", "utf16be"];

function encoded(text: string, order: Utf16, mark: boolean): Buffer {
  const bytes = Buffer.from(mark ? `\ufeff${text}` : text, "utf16le");
  return order === "utf16le" ? bytes : bytes.swap16();
}

test(`any text in UTF-16 is the same text in UTF-8, in whatever pieces (FAULT_SEED=${seed})`, async () => {
  const drawn = fc.record({
    text: fc.string({ unit: "binary", maxLength: 200 }).map((text) => text.toWellFormed()),
    order: fc.constantFrom(...orders),
    mark: fc.boolean(),
    piece: fc.integer({ min: 1, max: 64 }),
    cut: fc.nat(3),
  });
  await fc.assert(
    fc.asyncProperty(drawn, async ({ text, order, mark, piece, cut }) => {
      const whole = `{"resourceLogs":[]}\n${text}`;
      const bytes = encoded(whole, order, mark);
      expect(detectUtf16(bytes)).toBe(order);
      const reader = chunkReader(utf8Chunks(bufferReader(bytes, piece), order));
      expect((await readFully(reader, 10_000)).toString()).toBe(whole);
      // Half a unit at the end is not there yet.
      const growing = bytes.subarray(0, Math.max(2, bytes.length - cut));
      const grown = chunkReader(utf8Chunks(bufferReader(growing, piece), order));
      const start = (await readFully(grown, 10_000)).toString();
      expect(whole.startsWith(start)).toBe(true);
    }),
    { numRuns: runs(300), seed },
  );
});

test("what is not UTF-16 is not mistaken for it", () => {
  const others = [
    Buffer.from('{"resourceLogs":[]}'),
    Buffer.from("\ufeff{}"),
    Buffer.alloc(64),
    Buffer.from("fffe00007b000000", "hex"),
    Buffer.from("0000012c7b22", "hex"),
    Buffer.from([0x7b]),
    Buffer.alloc(0),
  ];
  for (const bytes of others) expect(detectUtf16(bytes)).toBeUndefined();
});

test("damage of the stream below is passed on", async () => {
  const damage: StreamDamage = { reason: "corrupt-gzip", detail: "broken", final: true };
  const broken = { damage, read: () => 0 };
  const chunks: unknown[] = [];
  for await (const chunk of utf8Chunks(broken, "utf16le")) chunks.push(chunk);
  expect(chunks).toEqual([damage]);
});
