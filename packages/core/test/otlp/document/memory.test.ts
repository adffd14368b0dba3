import { execFile } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

const megabyte = 1024 * 1024;
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cctelemetry-document-"));
  await build({
    stdin: {
      contents: `
        import { createReadStream } from "node:fs";
        import { walkDocument } from "./document/document.ts";
        let attributes = 0;
        let parts = 0;
        let heldMegabytes = 0;
        const outcome = await walkDocument(
          () => createReadStream(process.argv[2]),
          (part) => {
            attributes += part.element.attributes.length;
            parts += 1;
            if (parts % 10_000 !== 0) return;
            gc();
            gc();
            const { heapUsed, external } = process.memoryUsage();
            heldMegabytes = Math.ceil((heapUsed + external) / 2 ** 20);
          },
        );
        console.log(JSON.stringify({ ...outcome, attributes, heldMegabytes }));`,
      resolveDir: new URL("../../../src/otlp", import.meta.url).pathname,
    },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: join(folder, "walk.mjs"),
  });
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/**
 * Walks the file in a process whose heap has room for a fraction of it. Says what is held near its
 * end, after a collection: that does not differ from run to run as the memory of a process does.
 */
async function walkWithSmallHeap(path: string): Promise<Record<string, unknown>> {
  const script = join(folder, "walk.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--max-old-space-size=64",
    "--expose-gc",
    script,
    path,
  ]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function write(name: string, chunks: Iterable<string>): Promise<string> {
  const path = join(folder, name);
  await pipeline(Readable.from(chunks), createWriteStream(path));
  return path;
}

test("a line of 64 MB is walked in a heap of 64 MB, its resource last", async () => {
  const attribute = { key: "tool_input", value: { stringValue: '{"command":"ls"}'.repeat(50) } };
  const record = JSON.stringify({ body: { stringValue: "x" }, attributes: [attribute] });
  const records = Math.ceil((64 * megabyte) / record.length);
  function* line(): Generator<string> {
    yield '{"resourceLogs":[{"scopeLogs":[{"scope":{},"logRecords":[';
    for (let index = 0; index < records; index += 1) {
      yield index === 0 ? record : `,${record}`;
    }
    yield ']}],"resource":{"attributes":[]}}]}\n';
  }
  const path = await write("records.jsonl", line());
  const { heldMegabytes, ...walked } = await walkWithSmallHeap(path);
  expect(walked).toMatchObject({ parts: records, attributes: records, problemCount: 0 });
  expect(heldMegabytes).toBeGreaterThan(0);
  expect(heldMegabytes).toBeLessThan(32);
});

test("a single string of 64 MB is passed over, its neighbours are not", async () => {
  function* line(): Generator<string> {
    yield '{"resourceLogs":[{"resource":{},"scopeLogs":[{"scope":{},"logRecords":[';
    yield '{"attributes":[1]},{"body":{"stringValue":"';
    for (let index = 0; index < 64; index += 1) {
      yield "x".repeat(megabyte);
    }
    yield '"}},{"attributes":[1]}]}]}]}\n';
  }
  const walked = await walkWithSmallHeap(await write("string.jsonl", line()));
  expect(walked).toMatchObject({ parts: 2, attributes: 2, problemCount: 1 });
});
