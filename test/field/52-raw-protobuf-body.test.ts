import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { testFolder } from "../support/cli.ts";
import { fieldFile, importField } from "../support/field-import.ts";

const body = fieldFile("52-raw-protobuf-body/body.pb");

test("the body of one protobuf request is read", async () => {
  const { code, requests, cost } = await importField([body]);
  expect({ code, requests, cost }).toEqual({ code: 0, requests: 1, cost: 0.0123 });
});

test("compressed by gzip, too", async () => {
  const packed = join(await testFolder(), "body.pb.gz");
  await writeFile(packed, gzipSync(await readFile(body)));
  expect((await importField([packed])).requests).toBe(1);
});

test("a body that breaks off is named in one sentence", async () => {
  const cut = join(await testFolder(), "cut.pb");
  await writeFile(cut, (await readFile(body)).subarray(0, -20));
  const { requests, stderr } = await importField([cut]);
  expect(requests).toBe(0);
  expect(stderr).toMatch(/no OpenTelemetry file/);
});
