import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { noteResult } from "../faults/support/results.ts";
import { imported, query, testFolder } from "../support/cli.ts";
import { freePorts, startCollect } from "./support/collect-process.ts";
import { Load } from "./support/load.ts";

/** `npm run bench -- faults --only R4` asks for a hundred, and for fifty. */
const kills = Number(process.env["KILLS"] ?? 4);
const terms = Number(process.env["TERMS"] ?? 5);

/** A receiver lives at most so long after it listens. */
const LIFE_MS = 900;
/** Every so often the disk is left as a crash in the middle of a write leaves it. */
const TORN_EVERY = 4;

test(`a receiver killed ${kills} times under load loses and doubles nothing`, async () => {
  const folder = await testFolder();
  const output = join(folder, "otlp", "telemetry.jsonl");
  const ports = await freePorts();
  const load = loadOn(ports);
  let torn = 0;
  for (let kill = 0; kill < kills; kill++) {
    const collect = await startCollect({ output, ports, options: ["--rotate-mb", "1"] });
    if (kill === 0) load.start();
    await pause(Math.random() * LIFE_MS);
    process.kill(collect.pid, "SIGKILL");
    expect(await collect.running.ended).toBe("SIGKILL");
    if (kill % TORN_EVERY !== 0) continue;
    appendFileSync(output, '{"resourceLogs":[{"resource":{"attributes":[{"key":"serv');
    torn++;
  }
  const last = await startCollect({ output, ports });
  await pause(LIFE_MS);
  await load.stop();
  last.running.signal("SIGTERM");
  expect(await last.running.ended).toBe(0);

  const database = await imported(folder, [join(folder, "otlp")]);
  const account = await load.account(database);
  const [rejected] = await query(database, "SELECT count(*) AS lines FROM rejected_lines");
  const rejectedLines = Number(rejected?.["lines"]);
  noteResult({ part: "R4", what: "kill", kills, rejectedLines, ...countsOf(account) });
  expect(account).toMatchObject({ lost: [], doubled: [], strange: [] });
  expect(account.acknowledged).toBeGreaterThan(kills * 10);
  expect(rejectedLines).toBeGreaterThanOrEqual(torn);
  expect(rejectedLines).toBeLessThanOrEqual(torn + kills);
}, 1_800_000);

test(`a receiver ended ${terms} times under load has kept what it acknowledged`, async () => {
  const folder = await testFolder();
  const output = join(folder, "otlp", "telemetry.jsonl");
  const ports = await freePorts();
  const load = loadOn(ports);
  let slowest = 0;
  for (let term = 0; term < terms; term++) {
    const collect = await startCollect({ output, ports });
    if (term === 0) load.start();
    await pause(Math.random() * LIFE_MS);
    const began = performance.now();
    collect.running.signal("SIGTERM");
    expect(await collect.running.ended).toBe(0);
    slowest = Math.max(slowest, performance.now() - began);
  }
  const last = await startCollect({ output, ports });
  await pause(LIFE_MS);
  await load.stop();
  last.running.signal("SIGTERM");
  expect(await last.running.ended).toBe(0);

  const database = await imported(folder, [join(folder, "otlp")]);
  const account = await load.account(database);
  noteResult({ part: "R4", what: "term", terms, slowestMs: slowest, ...countsOf(account) });
  expect(account).toMatchObject({ lost: [], doubled: [], strange: [] });
  expect(account.acknowledged).toBeGreaterThan(terms * 10);
  expect(await query(database, "SELECT * FROM rejected_lines")).toEqual([]);
  expect(slowest).toBeLessThan(10_000);
}, 1_800_000);

function loadOn(ports: { readonly http: number; readonly grpc: number }): Load {
  return new Load({ http: `127.0.0.1:${ports.http}`, grpc: `127.0.0.1:${ports.grpc}` });
}

function countsOf(account: Awaited<ReturnType<Load["account"]>>) {
  const { sent, acknowledged, lost, doubled } = account;
  return { sent, acknowledged, lost: lost.length, doubled: doubled.length };
}
