import { execFileSync } from "node:child_process";
import { cp, mkdir, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linesOf, telemetry } from "../support/fixtures.ts";
import { TestStore } from "../support/test-store.ts";

const stores: TestStore[] = [];
afterAll(async () => {
  await Promise.all(stores.map((store) => store.remove()));
});

async function storeOf(...paths: readonly string[]): Promise<TestStore> {
  const store = await TestStore.of(...paths);
  stores.push(store);
  return store;
}

/** The hash of what these files hold, read into a store of their own. */
async function hashOf(...paths: readonly string[]): Promise<string> {
  const store = await TestStore.of(...paths);
  const hash = await store.contentHash();
  await store.remove();
  return hash;
}

describe("the same records by another way", () => {
  const run = `${telemetry}L-json-tools.jsonl`;
  let store: TestStore;
  let once: string;

  /** Imports once more: nothing may change. */
  async function expectNothingNew(...paths: readonly string[]): Promise<void> {
    const { totals } = await store.import(...paths);
    expect(totals).toMatchObject({ logRecords: 0, points: 0, spans: 0, rejectedLines: 0 });
    expect(await store.contentHash()).toBe(once);
  }

  beforeAll(async () => {
    store = await storeOf(run);
    once = await store.contentHash();
    expect(await store.counts()).not.toEqual({ logs: 0, points: 0, spans: 0 });
  });

  test("the file again", () => expectNothingNew(run));

  test("the file twice in one import", () => expectNothingNew(run, run));

  test("a copy, and the copy renamed", async () => {
    const copy = join(store.folder, "copy.jsonl");
    await cp(run, copy);
    await expectNothingNew(copy);
    await mkdir(join(store.folder, "elsewhere"));
    await rename(copy, join(store.folder, "elsewhere", "other-name.json"));
    await expectNothingNew(join(store.folder, "elsewhere"));
  });

  test("gzip, in one member and in two", async () => {
    const bytes = await readFile(run);
    await expectNothingNew(await store.file(gzipSync(bytes), "run.jsonl.gz"));
    const members = [gzipSync(bytes.subarray(0, 9999)), gzipSync(bytes.subarray(9999))];
    await expectNothingNew(await store.file(Buffer.concat(members), "members.jsonl.gz"));
  });

  test("a prefix, the rest, and the file appended to itself", async () => {
    const bytes = await readFile(run);
    await expectNothingNew(await store.file(bytes.subarray(0, bytes.indexOf(10, 30_000) + 1)));
    await expectNothingNew(await store.file(bytes.subarray(bytes.indexOf(10, 30_000) + 1)));
    await expectNothingNew(await store.file(Buffer.concat([bytes, bytes])));
  });

  test("lines in another order, with CRLF, and with a byte order mark", async () => {
    const lines = linesOf("L-json-tools.jsonl");
    await expectNothingNew(await store.file(lines.toReversed().join("\n")));
    await expectNothingNew(await store.file(`\ufeff${lines.join("\r\n")}\r\n`));
  });

  test("all lines in one list, pretty-printed", async () => {
    const requests = linesOf("L-json-tools.jsonl").map((line): unknown =>
      JSON.parse(line.toString()),
    );
    await expectNothingNew(await store.file(JSON.stringify(requests, null, 2), "pretty.json"));
    await expectNothingNew(await store.file(JSON.stringify(requests), "list.json"));
  });

  test("all entries in one request", async () => {
    const requests = linesOf("L-json-tools.jsonl").map(
      (line) => JSON.parse(line.toString()) as Record<string, unknown[]>,
    );
    const merged: Record<string, unknown[]> = {};
    for (const request of requests) {
      for (const [signal, entries] of Object.entries(request)) {
        merged[signal] = [...(merged[signal] ?? []), ...entries];
      }
    }
    await expectNothingNew(await store.file(`${JSON.stringify(merged)}\n`));
  });

  test("lines too long for memory", async () => {
    const copy = await store.file(`${await readFile(run, "utf8")}\n`, "long-lines.jsonl");
    await store.importWith({ maxLineBytes: 3000 }, copy);
    expect(await store.contentHash()).toBe(once);
    const alone = await TestStore.open();
    stores.push(alone);
    await alone.importWith({ maxLineBytes: 3000 }, run);
    expect(await alone.contentHash()).toBe(once);
  });
});

describe("what the Collector writes in other modes", () => {
  test.each([
    ["L-json-tools", ["modes/batch/L-json-tools.jsonl"]],
    ["L-json-tools", ["modes/batch/L-json-tools.small.jsonl"]],
    ["L-workflow", ["modes/batch/L-workflow.jsonl"]],
    ["L-workflow", ["modes/batch/L-workflow.small.jsonl"]],
    ["L-workflow", ["modes/zstd-stream/L-workflow.jsonl.zst"]],
    ...["L-json-tools", "L-json-traces", "L-workflow", "M-workflow-mixed", "O-workflow"].map(
      (run) => [run, [`modes/zstd/${run}.jsonl.zst`]] as const,
    ),
    ...["L-json-tools", "L-workflow", "M-workflow-mixed", "O-workflow"].map(
      (run) => [run, [`modes/proto/${run}.logs.pb`, `modes/proto/${run}.metrics.pb`]] as const,
    ),
    [
      "L-json-traces",
      ["logs", "metrics", "traces"].map((signal) => `modes/proto/L-json-traces.${signal}.pb`),
    ],
    ["L-json-tools", ["modes/group-by-stage/L-json-tools/analyze.jsonl"]],
  ] as const)("%s: %s", async (run, files) => {
    const plain = await hashOf(`${telemetry}${run}.jsonl`);
    expect(await hashOf(...files.map((file) => telemetry + file))).toBe(plain);
  });

  test("every framing of the same payloads", async () => {
    const framings = `${telemetry}edge/framings/`;
    const plain = await hashOf(`${framings}json.jsonl`);
    for (const name of ["json.zstd.bin", "rotate.jsonl", "rotate.jsonl.zst"]) {
      expect(await hashOf(framings + name), name).toBe(plain);
    }
    const native = `${telemetry}edge/framings-native-compression/`;
    const nativePlain = await hashOf(`${native}json.jsonl`);
    for (const name of ["json.zstd.bin", "rotate.jsonl", "rotate.jsonl.zst"]) {
      expect(await hashOf(native + name), name).toBe(nativePlain);
    }
  });
});

describe("bodies sent twice", () => {
  test("count once", async () => {
    const plain = await storeOf(`${telemetry}L-json-dupes.jsonl`);
    const all = await storeOf(`${telemetry}L-json-dupes.all.jsonl`);
    expect(await all.contentHash()).toBe(await plain.contentHash());
    const truth = JSON.parse(await readFile(`${telemetry}L-json-dupes.truth.json`, "utf8"));
    const { log_records: logs, data_points: points, spans } = truth.counts;
    expect(await all.counts()).toEqual({ logs, points, spans });
    const [sums] = await all.rows(
      `SELECT sum(input_tokens)::INT AS input, sum(output_tokens)::INT AS output,
         sum(cache_read_tokens)::INT AS "cacheRead", sum(cache_creation_tokens)::INT AS "cacheCreation"
       FROM base.api_request_logs`,
    );
    expect(sums).toEqual(truth.logs.tokens);
  });
});

describe("any order, split and concatenation", () => {
  const files = [
    "L-json-tools.jsonl",
    "L-json-dupes.all.jsonl",
    "L-json-cumulative.jsonl",
    "L-json-traces.jsonl",
    "O-json-tools.jsonl",
    "V-2.1.20.jsonl",
    "P-json-tools.jsonl",
    "edge/marshaller-0.125.jsonl",
  ];

  test("ten shuffles give one hash", async () => {
    const expected = await hashOf(...files.map((file) => telemetry + file));
    const random = seeded(20261121);
    for (let round = 0; round < 10; round++) {
      const store = await TestStore.open();
      const lines = shuffled(
        files.flatMap((file) => linesOf(file)),
        random,
      );
      const paths: string[] = [];
      while (lines.length > 0) {
        const some = lines.splice(0, 1 + Math.floor(random() * 150));
        const text = Buffer.from(`${some.join("\n")}\n`);
        const packed = random() < 0.3;
        paths.push(
          await store.file(
            packed ? gzipSync(text) : text,
            `part-${paths.length}.${packed ? "gz" : "x"}`,
          ),
        );
      }
      const turns = shuffled([...paths, ...paths.slice(0, 3)], random);
      while (turns.length > 0) await store.import(...turns.splice(0, 1 + Math.floor(random() * 4)));
      expect(await store.contentHash()).toBe(expected);
      await store.remove();
    }
  });
});

/** Rotated files as the Collector leaves them. */
describe("rotation", () => {
  test.each(["otel", "size"])("%s style: files cut at any byte are one", async (style) => {
    const bytes = await readFile(`${telemetry}L-json-sub.jsonl`);
    const expected = await hashOf(`${telemetry}L-json-sub.jsonl`);
    const store = await TestStore.open();
    stores.push(store);
    const cuts = [0, 40_000, 90_001, bytes.length];
    const suffix = style === "size" ? "-size" : "";
    const names = [
      `otel-2026-11-21T02-33-36.503${suffix}.jsonl`,
      `otel-2026-11-21T02-33-36.603${suffix}.jsonl`,
      "otel.jsonl",
    ];
    for (const [at, name] of names.entries()) {
      await store.file(bytes.subarray(cuts[at], cuts[at + 1]), name);
    }
    const { totals } = await store.import(join(store.folder, "otel.jsonl"));
    expect(totals).toMatchObject({ files: 3, rejectedLines: 0 });
    expect(await store.rejected()).toEqual([]);
    expect(await store.contentHash()).toBe(expected);
  });

  test("zstd by the command line tool, where it is there", async () => {
    const run = `${telemetry}L-json-sub.jsonl`;
    const store = await storeOf(run);
    const packed = join(store.folder, "run.jsonl.zst");
    try {
      execFileSync("zstd", ["-q", "-19", run, "-o", packed], { cwd: dirname(packed) });
    } catch {
      return;
    }
    const before = await store.contentHash();
    const { totals } = await store.import(packed);
    expect(totals).toMatchObject({ logRecords: 0, points: 0, spans: 0 });
    expect(await store.contentHash()).toBe(before);
    expect(await hashOf(packed)).toBe(before);
  });
});

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 4294967296;
  };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const left = [...items];
  for (let at = left.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [left[at], left[other]] = [left[other] as T, left[at] as T];
  }
  return left;
}
