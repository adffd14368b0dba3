import { afterAll, describe, expect, test } from "vitest";
import { ImportingDecoder } from "../support/decode.ts";
import { glued, refused, silent, taken } from "./hostile-lines.ts";

const decoder = new ImportingDecoder();
const good = (name: string): string =>
  `{"resourceLogs":[{"resource":{},"scopeLogs":[{"scope":{},"logRecords":[{"timeUnixNano":"1","body":{"stringValue":"${name}"}}]}]}]}`;

/** Decodes a line between two good ones; gives what came of it, once the good ones were found. */
function between(line: string, whole = true): { records: number; rejections: number } {
  const rejections = decoder.block(Buffer.from(`${good("before")}\n${line}\n${good("after")}\n`));
  const rows = decoder.take();
  const bodies = rows.map((row) => row["body"]);
  expect(bodies).toContain("before");
  expect(bodies).toContain("after");
  for (const { offset, length, text } of rejections) {
    if (whole) expect(offset).toBe(good("before").length + 1);
    if (whole) expect(length).toBe(Buffer.byteLength(line));
    expect(text.length).toBeLessThanOrEqual(200);
  }
  return { records: rows.length - 2, rejections: rejections.length };
}

describe("lines that must be taken", () => {
  test.each(Object.entries(taken))("%s", (_, line) => {
    expect(between(line)).toEqual({ records: 1, rejections: 0 });
  });
});

describe("lines with something glued to a record", () => {
  test.each(Object.entries(glued))("%s", (_, line) => {
    expect(between(line, false)).toEqual({ records: 1, rejections: 1 });
  });
});

describe("lines that must be refused", () => {
  test.each(Object.entries(refused))("%s", (_, line) => {
    expect(between(line)).toEqual({ records: 0, rejections: 1 });
  });
});

describe("lines that hold nothing", () => {
  test.each(Object.entries(silent))("%s", (_, line) => {
    expect(between(line)).toEqual({ records: 0, rejections: 0 });
  });
});

afterAll(() => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect([] as unknown as Record<string, unknown>).not.toHaveProperty("polluted");
});
