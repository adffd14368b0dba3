import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test, vi } from "vitest";
import { rangeStream } from "../../../src/source/codec/bytes.ts";
import { Spool } from "../../../src/source/read/spool.ts";
import { temporaryDirectory } from "../support.ts";

test("a spool gives back what was written and leaves nothing behind", async () => {
  const directory = temporaryDirectory();
  vi.stubEnv("TMPDIR", directory);
  expect(tmpdir()).toBe(directory);
  const spool = new Spool();
  spool.write(Buffer.from("one "));
  spool.write(Buffer.from("two three"));
  const chunks: Buffer[] = [];
  for await (const chunk of rangeStream(spool, 4, 3)) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe("two");
  spool.close();
  expect(readdirSync(directory)).toEqual([]);
});
