import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateFile } from "../../bench/generate.mjs";

/** Size of one generated file, bytes. */
const FILE_BYTES = 1_500_000;

/** Lays out generated telemetry, six megabytes: two files and one that was rotated within a line. */
export async function layOutGenerated(folder: string): Promise<string> {
  const files = join(folder, "telemetry");
  await mkdir(files, { recursive: true });
  generateFile({ path: join(files, "first.jsonl"), bytes: FILE_BYTES, seed: 11 });
  generateFile({ path: join(files, "second.jsonl"), bytes: FILE_BYTES, seed: 12 });
  const whole = join(folder, "whole.jsonl");
  generateFile({ path: whole, bytes: 2 * FILE_BYTES, seed: 13 });
  const bytes = await readFile(whole);
  await writeFile(join(files, "otel-2026-10-05T10-00-00.000.jsonl"), bytes.subarray(0, FILE_BYTES));
  await writeFile(join(files, "otel.jsonl"), bytes.subarray(FILE_BYTES));
  return files;
}
