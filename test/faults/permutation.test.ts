import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { importPaths, openStore } from "@cctelemetry/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { generateLines } from "../../bench/generate.mjs";
import { seed } from "../../packages/core/test/support/runs.ts";
import { writeEmptyDatabase } from "../../packages/core/test/support/telemetry.ts";
import { testFolder } from "../support/cli.ts";
import { storeContent } from "../support/store-content.ts";
import { noteResult } from "./support/results.ts";

const wanted = Number(process.env["FAULTS_CASES"] ?? 12);
const LINES = 220;

/** A way to lay the same lines out in files and to import them. */
interface Arrangement {
  /** Sorting key of each line. */
  readonly keys: readonly number[];
  /** Where the lines are cut into files, as parts of their number. */
  readonly cuts: readonly number[];
  /** Order of the imports: files by number, some of them more than once. */
  readonly imports: readonly number[];
  readonly shuffled: boolean;
  readonly compressed: boolean;
  /** Every file's lines follow those of the file before, which are there twice then. */
  readonly concatenated: boolean;
}

const arrangements: fc.Arbitrary<Arrangement> = fc.record({
  keys: fc.array(fc.nat(), { minLength: LINES, maxLength: LINES }),
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
  imports: fc.array(fc.nat(5), { maxLength: 8 }),
  shuffled: fc.boolean(),
  compressed: fc.boolean(),
  concatenated: fc.boolean(),
});

test(`${wanted} arrangements of the same lines, one content (FAULT_SEED=${seed})`, async () => {
  const folder = await testFolder();
  const lines = firstLines();
  const straight = { keys: [], cuts: [], imports: [], shuffled: false } as const;
  const plain = { ...straight, compressed: false, concatenated: false };
  const expected = await contentOf(join(folder, "straight"), lines, plain);
  const contents = new Set([expected]);
  const property = fc.asyncProperty(arrangements, async (arrangement) => {
    const content = await contentOf(join(folder, "arranged"), lines, arrangement);
    contents.add(content);
    expect(content).toBe(expected);
  });
  const result = await fc.check(property, { numRuns: wanted, seed });
  noteResult({ part: "C3", arrangements: result.numRuns, contents: contents.size, seed });
  expect(result.counterexample).toBeNull();
  expect(contents.size).toBe(1);
}, 1_800_000);

function firstLines(): string[] {
  const generated = generateLines(31);
  return Array.from({ length: LINES }, () => generated.next().value);
}

/** Lays the lines out, imports the files one after the other and reads what is stored. */
async function contentOf(
  folder: string,
  lines: readonly string[],
  arrangement: Arrangement,
): Promise<string> {
  await mkdir(folder);
  const { shuffled, keys, compressed, imports } = arrangement;
  const ordered = shuffled
    ? lines.toSorted((one, other) => keyOf(lines, keys, one) - keyOf(lines, keys, other))
    : lines;
  const paths: string[] = [];
  for (const [index, part] of partsOf(ordered, arrangement).entries()) {
    const path = join(folder, `file-${index}.jsonl${compressed ? ".gz" : ""}`);
    const bytes = Buffer.from(part.map((text) => `${text}\n`).join(""));
    await writeFile(path, compressed ? gzipSync(bytes) : bytes);
    paths.push(path);
  }
  const database = join(folder, "store.duckdb");
  await writeEmptyDatabase(database);
  const store = await openStore(database);
  try {
    const early = imports.flatMap((index) => paths[index] ?? []);
    for (const path of early) await importPaths(store, [path]);
    await importPaths(store, paths);
  } finally {
    await store.close();
  }
  const content = await storeContent(database);
  await rm(folder, { recursive: true });
  return JSON.stringify(content, (_, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}

function keyOf(lines: readonly string[], keys: readonly number[], line: string): number {
  return keys[lines.indexOf(line)] ?? 0;
}

/** The lines cut into files; none of them is empty. */
function partsOf(lines: readonly string[], { cuts, concatenated }: Arrangement): string[][] {
  const places = [0, ...cuts.map((part) => Math.floor(part * lines.length)), lines.length];
  const sorted = [...new Set(places)].sort((one, other) => one - other);
  const parts = sorted.slice(1).map((end, index) => lines.slice(sorted[index], end));
  if (!concatenated) return parts;
  return parts.map((part, index) => [...part, ...(parts[index - 1] ?? [])]);
}
