import { afterEach, beforeEach, expect, test } from "vitest";
import { lineNumber } from "../../support/following.ts";
import { TestStore } from "../../support/test-store.ts";

const MARK = "\x1e";
const pretty = (number: number) => JSON.stringify(JSON.parse(lineNumber(number)), undefined, 2);
const docker = (number: number) =>
  JSON.stringify({
    log: `${lineNumber(number)}\n`,
    stream: "stdout",
    time: "2026-11-10T09:00:00Z",
  });

let store: TestStore;
beforeEach(async () => {
  store = await TestStore.open();
});
afterEach(() => store.remove());

/** The same two requests as programs write a sequence by RFC 7464. */
const sequences: Readonly<Record<string, string>> = {
  "a mark in front of each line": `${MARK}${lineNumber(1)}\n${MARK}${lineNumber(2)}\n`,
  "no line feed at the end": `${MARK}${lineNumber(1)}\n${MARK}${lineNumber(2)}`,
  "marks alone between requests": `${MARK}${lineNumber(1)}${MARK}${lineNumber(2)}`,
  "a mark behind each request": `${lineNumber(1)}${MARK}\n${lineNumber(2)}${MARK}\n`,
  "pretty-printed requests": `${MARK}${pretty(1)}\n${MARK}${pretty(2)}\n`,
  "marks within a file of lines": `${lineNumber(1)}\n${MARK}${lineNumber(2)}\n`,
  "Windows line ends": `${MARK}${lineNumber(1)}\r\n${MARK}${lineNumber(2)}\r\n`,
  "lines of Docker": `${MARK}${docker(1)}\n${MARK}${docker(2)}\n`,
};

test.each(Object.entries(sequences))("%s", async (_, text) => {
  const path = await store.file(text, "seq.json");
  const { totals } = await store.import(path);
  expect(totals).toMatchObject({ logRecords: 2, rejectedLines: 0 });
});

test("a line too long for memory", async () => {
  const path = await store.file(`${MARK}${lineNumber(1)}${MARK}${lineNumber(2)}\n`, "seq.json");
  const { totals } = await store.importWith({ maxLineBytes: 64 }, path);
  expect(totals).toMatchObject({ logRecords: 2, rejectedLines: 0 });
});
