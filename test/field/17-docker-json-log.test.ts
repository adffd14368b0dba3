import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testFolder } from "../support/cli.ts";
import { fieldFile, importField } from "../support/field-import.ts";

const input = fieldFile("17-docker-json-log/input.log");

test("requests in a log of Docker's json-file driver are read", async () => {
  const { code, requests, cost, stderr } = await importField([input]);
  expect({ code, requests, cost }).toEqual({ code: 0, requests: 2, cost: 0.0246 });
  expect(stderr).not.toContain("rejected");
});

test("they are the same records as without the wrapping", async () => {
  const lines = (await readFile(input, "utf8")).trim().split("\n");
  const bare = join(await testFolder(), "bare.jsonl");
  await writeFile(bare, lines.map((line) => JSON.parse(line).log).join(""));
  const { records } = await importField([bare]);
  expect((await importField([input])).records).toEqual(records);
  const both = await importField([input, bare]);
  expect(both.records).toEqual(records);
});
