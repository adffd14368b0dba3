import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { randomFrom } from "../../bench/support/random.mjs";
import { seed } from "../../packages/core/test/support/runs.ts";
import { testFolder } from "../support/cli.ts";
import { Ledger, survived } from "./support/ledger.ts";
import { telemetryLine } from "./support/lines.ts";
import { FollowReader } from "./support/readers.ts";
import { noteResult } from "./support/results.ts";
import { pause, waitUntil } from "./support/waiting.ts";
import { RotatingWriter } from "./support/writers.ts";

/** `npm run bench -- faults --only R3` asks for two hundred. */
const kills = Number(process.env["KILLS"] ?? 6);

/** A follower is killed at most so long after its start, milliseconds: half of them before it is ready. */
const LIFE_MS = 1_200;
const ROTATE_BYTES = 120_000;

test(`a follower killed ${kills} times loses and doubles nothing (FAULT_SEED=${seed})`, async () => {
  const folder = await testFolder();
  const random = randomFrom(seed);
  const ledger = new Ledger();
  const path = join(folder, "logs", "otel.jsonl");
  await mkdir(join(folder, "logs"));
  const reader = new FollowReader({ folder, path, ledger });
  let done = false;
  const writing = writeUntil(() => done, path, ledger);

  let opened = 0;
  for (let kill = 0; kill < kills; kill++) {
    const started = reader.start().catch(() => undefined);
    await pause(random.next() * LIFE_MS);
    await reader.kill();
    await started;
    if ((await reader.count()) >= 0) opened++;
  }
  done = true;
  await writing;
  await reader.start();
  await waitUntil(async () => (await reader.count()) === ledger.written, 60_000);
  const problems = await reader.stop();
  const verdict = ledger.compare(await reader.arrival(), problems);
  noteResult({ part: "R3", kills, opened, seed, ...verdict });
  expect(verdict.details).toEqual([]);
  expect(survived(verdict)).toBe(true);
  expect(opened).toBe(kills);
}, 1_800_000);

/** Writes lines with rotations in between, as old Collectors do: within lines, too. */
async function writeUntil(isDone: () => boolean, path: string, ledger: Ledger): Promise<void> {
  const writer = new RotatingWriter(path, ROTATE_BYTES, 4_096);
  for (let number = 0; !isDone(); number++) {
    const line = telemetryLine(number);
    ledger.expect(line.records);
    writer.line(line.text);
    if (number % 3 === 0) await pause(20);
  }
  writer.close();
}
