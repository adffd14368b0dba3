// How soon a line is seen, and what watching costs while nothing happens.
import { spawn } from "node:child_process";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { figure, percentile } from "./support/figures.mjs";
import { liveLine } from "./support/live-line.mjs";
import { benchFolder, core } from "./support/places.mjs";

/** Lines whose way is timed. */
const LINES = 200;
const IDLE_SECONDS = 20;

/** Appends lines as a Collector does and times when the live state and a query have them. */
export async function benchLive() {
  await latency();
  await idle();
}

async function latency() {
  const { openStore, watchTelemetry } = await core();
  const path = join(benchFolder(), "live.jsonl");
  const database = join(benchFolder(), "live.duckdb");
  writeFileSync(path, liveLine(0));
  const store = await openStore(database, { writes: "small" });
  const watch = watchTelemetry(store, [path]);
  await watch.ready;
  const reader = reading(database);
  await reader.ready;
  /** @type {number[]} */
  const untilLive = [];
  /** @type {number[]} */
  const appended = [];
  for (let line = 1; line <= LINES; line++) {
    await pause(100 + Math.random() * 200);
    const at = Date.now();
    const began = performance.now();
    appendFileSync(path, liveLine(line));
    appended.push(at);
    while ((watch.state().today.requests ?? 0) <= line) await pause(1);
    untilLive.push(performance.now() - began);
  }
  await pause(1500);
  const seen = await reader.end();
  const untilQuery = appended.map((at, index) => (seen.get(index + 2) ?? Number.NaN) - at);
  await watch.close();
  await store.close();
  figure("live_append_to_state_p50_ms", percentile(untilLive, 0.5));
  figure("live_append_to_state_p95_ms", percentile(untilLive, 0.95), { atMost: 50 });
  figure("live_append_to_state_worst_ms", Math.max(...untilLive));
  figure("live_append_to_query_p50_ms", percentile(untilQuery, 0.5));
  figure("live_append_to_query_p95_ms", percentile(untilQuery, 0.95), { atMost: 500 });
}

/** A process that asks the database again and again, and notes when it first saw how many requests. */
function reading(/** @type {string} */ database) {
  const child = spawn(process.execPath, [support("live-reader.mjs"), database, libraryUrl()], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  const ready = new Promise((done) => child.stdout.once("data", done));
  return {
    ready,
    /** @returns {Promise<Map<number, number>>} When each number of requests was there, milliseconds since 1970. */
    end: () =>
      new Promise((done) => {
        child.once("close", () => {
          const pairs = output.trim().split("\n").slice(1);
          /** @type {Map<number, number>} */
          const seen = new Map();
          let last = 0;
          for (const pair of pairs) {
            const [count = 0, at = 0] = pair.split(" ").map(Number);
            for (let each = last + 1; each <= count; each++) seen.set(each, at);
            last = count;
          }
          done(seen);
        });
        child.stdin.end();
      }),
  };
}

/** What a watch uses while nothing happens, as a part of one core. */
async function idle() {
  const path = join(benchFolder(), "idle.jsonl");
  writeFileSync(path, liveLine(0));
  const args = [path, join(benchFolder(), "idle.duckdb"), libraryUrl(), String(IDLE_SECONDS)];
  const child = spawn(process.execPath, [support("idle-watch.mjs"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  await new Promise((done) => child.once("close", done));
  /** @type {{ cpuPercent: number, residentMb: number }} */
  const { cpuPercent, residentMb } = JSON.parse(output);
  figure("live_idle_cpu_percent", cpuPercent, { atMost: 0.2 });
  figure("live_idle_memory_mb", residentMb);
}

function support(/** @type {string} */ name) {
  return fileURLToPath(new URL(`./support/${name}`, import.meta.url));
}

function libraryUrl() {
  return new URL("../packages/core/dist/index.js", import.meta.url).href;
}

function pause(/** @type {number} */ ms) {
  return new Promise((done) => setTimeout(done, ms));
}
