import { expect, test } from "vitest";
import { inputText } from "../../src/process/input-text.ts";

const text = '{"name": "Zoë 超🚀"}';
const utf16 = Buffer.from(text, "utf16le");

test.each<readonly [string, Uint8Array]>([
  ["UTF-8", Buffer.from(text)],
  ["UTF-8 with a mark", Buffer.from(`\uFEFF${text}`)],
  ["UTF-16", utf16],
  ["UTF-16 with a mark", Buffer.from(`\uFEFF${text}`, "utf16le")],
  ["UTF-16 of the other order", Buffer.from(utf16).swap16()],
  ["the same with a mark", Buffer.from(`\uFEFF${text}`, "utf16le").swap16()],
])("%s is read", (_encoding, bytes) => {
  expect(inputText(bytes)).toBe(text);
});

test.each([[""], ["x"], ["é"], ["1"]])("short input %j stays", (short) => {
  expect(inputText(Buffer.from(short))).toBe(short);
});
