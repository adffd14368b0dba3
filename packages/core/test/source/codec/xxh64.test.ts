import fc from "fast-check";
import { expect, test } from "vitest";
import { Xxh64 } from "../../../src/source/codec/xxh64.ts";

test.each([
  ["", 0x51d8e999],
  ["a", 0xa98c6e5b],
  ["abc", 0xad770999],
  ["Nobody inspects the spammish repetition", 0x8a378bf1],
])("the published hash of %j", (text, low32) => {
  const hash = new Xxh64();
  hash.update(Buffer.from(text));
  expect(hash.low32()).toBe(low32);
});

test("the hash does not depend on how the bytes come", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(80)), (bytes, cuts) => {
      const whole = new Xxh64();
      whole.update(bytes);
      const parts = new Xxh64();
      let at = 0;
      for (const cut of cuts) {
        parts.update(bytes.subarray(at, at + cut));
        at = Math.min(bytes.length, at + cut);
      }
      parts.update(bytes.subarray(at));
      expect(parts.low32()).toBe(whole.low32());
    }),
  );
});
