import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MeasuredImports } from "../support/measured-import.ts";

let imports: MeasuredImports;
beforeAll(async () => {
  imports = await MeasuredImports.prepare();
});
afterAll(() => imports.remove());

async function write(name: string, chunks: Iterable<string>): Promise<string> {
  const path = join(imports.folder, name);
  await pipeline(Readable.from(chunks), createWriteStream(path));
  return path;
}

const start = (resource = ""): string =>
  `{"resourceLogs":[{"resource":{"attributes":[${resource}]},"scopeLogs":[{"scope":{},"logRecords":[`;
const end = "]}]}]}\n";
const record = (body: string, attributes = ""): string =>
  `{"timeUnixNano":"1767225600000000000","body":{"stringValue":"${body}"},"attributes":[${attributes}]}`;
const good = (body: string): string => start() + record(body) + end;
const attribute = (key: string, value: string): string =>
  `{"key":"${key}","value":{"stringValue":"${value}"}}`;

function* repeated(count: number, make: (at: number) => string): Generator<string> {
  for (let at = 0; at < count; at += 1000) {
    let text = "";
    for (let each = at; each < Math.min(at + 1000, count); each++) text += make(each);
    yield text;
  }
}

const bodies = "SELECT body FROM base.other_logs WHERE body IN ('before', 'after') ORDER BY body";
const both = [{ body: "after" }, { body: "before" }];

test("a line of 64 MB of records is stored in little memory", async () => {
  const limitMiB = 400;
  const tool = attribute("tool_input", "x".repeat(1800));
  const path = await write("records.jsonl", [
    good("before"),
    start(),
    ...repeated(33_000, (at) => `${at === 0 ? "" : ","}${record(`r${at}`, tool)}`),
    end,
    good("after"),
  ]);
  const { totals, peakMiB, rows } = await imports.import(path, bodies, limitMiB);
  expect(totals).toMatchObject({ logRecords: 33_002, rejectedLines: 0 });
  expect(rows).toEqual(both);
  expect(peakMiB).toBeLessThan(limitMiB);
});

test("a line of 64 MB that is one string is rejected, and its neighbours are stored", async () => {
  const limitMiB = 400;
  const path = await write("string.jsonl", [
    good("before"),
    start(),
    `${record("a")},`,
    '{"timeUnixNano":"1","body":{"stringValue":"',
    ...repeated(64, () => "x".repeat(1024 * 1024)),
    '"}},',
    record("b"),
    end,
    good("after"),
  ]);
  const { totals, peakMiB, rows } = await imports.import(path, bodies, limitMiB);
  expect(totals).toMatchObject({ logRecords: 4 });
  expect(totals.rejectedLines).toBeGreaterThan(0);
  expect(rows).toEqual(both);
  expect(peakMiB).toBeLessThan(limitMiB);
});

test("a million attributes in a record", async () => {
  const limitMiB = 1300;
  const path = await write("attributes.jsonl", [
    good("before"),
    start(),
    record("many", "#").replace(/#.*/, ""),
    ...repeated(1_000_000, (at) => `${at === 0 ? "" : ","}{"key":"${at.toString(36)}"}`),
    "]}",
    end,
    good("after"),
  ]);
  const { totals, peakMiB, rows } = await imports.import(
    path,
    "SELECT len(json_keys(attributes))::INT AS keys FROM base.other_logs WHERE body = 'many'",
    limitMiB,
  );
  expect(totals).toMatchObject({ logRecords: 3, rejectedLines: 0 });
  expect(rows).toEqual([{ keys: 1_000_000 }]);
  expect(peakMiB).toBeLessThan(limitMiB);
});

test("a flood of keys, resources and sessions", async () => {
  const limitMiB = 500;
  const path = await write("flood.jsonl", [
    good("before"),
    ...repeated(
      20_000,
      (at) =>
        start(attribute(`team${at}`, "x")) +
        record(`b${at}`, `${attribute(`key${at}`, "y")},${attribute("session.id", `s${at}`)}`) +
        end,
    ),
    good("after"),
  ]);
  const { totals, peakMiB, cpuSeconds, rows } = await imports.import(path, bodies, limitMiB);
  expect(totals).toMatchObject({ logRecords: 20_002, rejectedLines: 0 });
  expect(rows).toEqual(both);
  expect(peakMiB).toBeLessThan(limitMiB);
  expect(cpuSeconds).toBeLessThan(60);
});

test("fifty thousand lines of another log", async () => {
  const limitMiB = 400;
  const path = await write("other.jsonl", [
    good("before"),
    ...repeated(50_000, (at) => `{"level":30,"msg":"line ${at}"}\n`),
    good("after"),
  ]);
  const { totals, peakMiB, rows } = await imports.import(path, bodies, limitMiB);
  expect(totals).toMatchObject({ logRecords: 2, rejectedLines: 50_000 });
  expect(rows).toEqual(both);
  expect(peakMiB).toBeLessThan(limitMiB);
});
