import { appendFile, mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { generateFile } from "../../bench/generate.mjs";
import { randomFrom } from "../../bench/support/random.mjs";
import { seed } from "../../packages/core/test/support/runs.ts";
import { testFolder } from "../support/cli.ts";
import { layOutGenerated } from "../support/generated.ts";
import { type ImportEnd, runImport } from "../support/importer.ts";
import { type StoreContent, storeContent } from "../support/store-content.ts";

/** Few rows a lease make many moments between two transactions. */
const LEASE_ROWS = 300;
const PIECE_BYTES = 24_000;
const ROTATE_BYTES = 400_000;

test(`imports killed while the file grows and rotates (FAULT_SEED=${seed})`, async () => {
  const folder = await testFolder();
  const whole = join(folder, "whole.jsonl");
  generateFile({ path: whole, bytes: 1_500_000, seed: 21 });
  const expected = await undisturbed(folder, whole);

  const random = randomFrom(seed);
  const files = join(folder, "telemetry");
  const database = join(folder, "killed.duckdb");
  let done = false;
  const written = writeRotating(await readFile(whole), files).finally(() => {
    done = true;
  });
  const ends: ImportEnd[] = [];
  while (!done) {
    const killAfterMs = random.int(0, 400);
    ends.push(await runImport({ database, paths: [files], leaseRows: LEASE_ROWS, killAfterMs }));
  }
  await written;
  expect(ends.filter(({ code }) => code !== null && code !== 0)).toEqual([]);
  expect(ends.some(({ code }) => code === null)).toBe(true);
  expect(await runImport({ database, paths: [files] })).toMatchObject({ code: 0 });
  expect(await storeContent(database)).toEqual(expected);
}, 600_000);

test(`two imports of the same files, killed at random (FAULT_SEED=${seed})`, async () => {
  const folder = await testFolder();
  const files = await layOutGenerated(folder);
  const expected = await undisturbed(folder, files);
  const random = randomFrom(seed);
  for (const both of [false, true]) {
    const database = join(folder, `both-${both}-${random.hex(8)}.duckdb`);
    const wish = { database, paths: [files], leaseRows: LEASE_ROWS };
    const killed = () => runImport({ ...wish, killAfterMs: random.int(50, 2500) });
    const ends = await Promise.all([killed(), both ? killed() : runImport(wish)]);
    expect(ends.filter(({ code }) => code !== null && code !== 0)).toEqual([]);
    expect(await runImport({ database, paths: [files] })).toMatchObject({ code: 0 });
    expect(await storeContent(database)).toEqual(expected);
  }
}, 600_000);

/** What an import comes to that nothing disturbs. */
async function undisturbed(folder: string, path: string): Promise<StoreContent> {
  const database = join(folder, "undisturbed.duckdb");
  expect(await runImport({ database, paths: [path] })).toMatchObject({ code: 0 });
  return storeContent(database);
}

/** Writes bytes piece by piece as the Collector does, with a new file now and then, even within a line. */
async function writeRotating(bytes: Buffer, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const current = join(folder, "otel.jsonl");
  let size = 0;
  let backups = 0;
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    if (size >= ROTATE_BYTES) {
      const minute = String(backups++).padStart(2, "0");
      await rename(current, join(folder, `otel-2026-10-05T10-${minute}-00.000.jsonl`));
      size = 0;
    }
    const piece = bytes.subarray(at, at + PIECE_BYTES);
    await appendFile(current, piece);
    size += piece.length;
    await pause(70);
  }
}
