import { expect, test } from "vitest";
import { ScanningDecoder } from "../../support/decode.ts";
import { linesOf } from "../../support/fixtures.ts";

/** Bytes that mean something to JSON. */
const tokens = [...'{}[]",:\\-+.eE0123456789 \t\r\u0000', "null", "true", "1e999", "{}", "[]"];

test("whatever stands anywhere it should not, what is no JSON is left to the parser", () => {
  const line = linesOf("L-json-tools.jsonl").find((each) => each.length < 2000);
  if (line === undefined) throw new Error("no short line");
  const scanning = new ScanningDecoder();
  expect(scanning.line(line)).toBeGreaterThan(0);
  scanning.take();
  const misread: string[] = [];
  for (const token of tokens) {
    for (let at = 0; at <= line.length; at++) {
      const changed = Buffer.concat([line.subarray(0, at), Buffer.from(token), line.subarray(at)]);
      if (!isJson(changed.toString()) && scanning.line(changed) !== -1) {
        misread.push(`${JSON.stringify(token)} at ${at}`);
      }
      scanning.take();
    }
  }
  expect(misread).toEqual([]);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
