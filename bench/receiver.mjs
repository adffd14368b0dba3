// How much the receiver takes, against a server that guarantees nothing, and how much memory it has
// under more than it can take.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installedFile } from "../scripts/support/paths.mjs";
import { runNode } from "../scripts/support/run.mjs";
import { figure } from "./support/figures.mjs";
import { benchFolder, builtProgram, root } from "./support/places.mjs";

const CONNECTIONS = 32;
const none = { atMost: 0, tolerance: 0 };
const bodies = join(root, "fixtures", "receiver", "L-workflow");

/**
 * @typedef {{ port: number, pid: number, end: () => Promise<void> }} Server
 * @typedef {{ accepted: number, all: number, others: Record<string, number> }} Load After the warm-up, and in all.
 * @typedef {{ perSecond: number, cpuMicroseconds: number }} Rate Of one server; the second for one request.
 */

/**
 * @param {{ rounds: number, seconds: number, only: readonly string[] }} options
 */
export async function benchReceiver({ rounds, seconds, only }) {
  const wanted = (/** @type {string} */ name) => only.length === 0 || only.includes(name);
  if (wanted("throughput")) await throughput(rounds, seconds);
  if (wanted("overload")) await overload();
  if (wanted("kills")) await kills();
  if (wanted("faults")) await faults();
}

async function throughput(/** @type {number} */ rounds, /** @type {number} */ seconds) {
  /** @type {Rate[]} */
  const trusting = [];
  /** @type {Rate[]} */
  const collecting = [];
  for (let round = 0; round < rounds; round++) {
    trusting.push(await rate(await startTrusting(), seconds));
    collecting.push(await rate(await startCollect([]), seconds));
  }
  const undurable = await rate(await startCollect(["--durability", "none"]), seconds);
  const [reference, ours] = [best(trusting), best(collecting)];
  figure("receiver_reference_requests_per_second", reference.perSecond);
  figure("receiver_reference_cpu_us_per_request", reference.cpuMicroseconds);
  figure("receiver_requests_per_second", ours.perSecond);
  figure("receiver_cpu_us_per_request", ours.cpuMicroseconds);
  figure("receiver_without_durability_requests_per_second", undurable.perSecond);
  figure("receiver_cpu_over_reference_ratio", reference.cpuMicroseconds / ours.cpuMicroseconds);
  figure("receiver_over_reference_ratio", ours.perSecond / reference.perSecond, { atLeast: 0.6 });
}

/** The most requests of all rounds, and the least processor time. */
function best(/** @type {readonly Rate[]} */ rates) {
  return {
    perSecond: Math.max(...rates.map(({ perSecond }) => perSecond)),
    cpuMicroseconds: Math.min(...rates.map(({ cpuMicroseconds }) => cpuMicroseconds)),
  };
}

/**
 * What a server takes over all connections.
 *
 * @returns {Promise<Rate>}
 */
async function rate(/** @type {Server} */ server, /** @type {number} */ seconds) {
  const args = [server.port, CONNECTIONS, seconds, bodies].map(String);
  const before = cpuSeconds(server.pid);
  const child = spawn(process.execPath, [support("export-load.mjs"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  /** @type {Load} */
  const load = JSON.parse(await outputOf(child));
  const used = cpuSeconds(server.pid) - before;
  await server.end();
  if (Object.keys(load.others).length > 0) console.error(load.others);
  return { perSecond: load.accepted / seconds, cpuMicroseconds: (used / load.all) * 1e6 };
}

/** User and system time of a process; NaN if the system does not say. */
function cpuSeconds(/** @type {number} */ pid) {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return Number.NaN;
  // Behind the name, which may hold anything: utime and stime in hundredths of a second.
  const fields = readFileSync(path, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Records of so many bytes are sent in one body, by so many senders at once. */
const LARGE_BYTES = 60 * 1024 * 1024;
const LARGE_SENDERS = 12;
const FLOOD_SENDERS = 1_000;

async function overload() {
  const server = await startCollect([]);
  const large = largeBody();
  const small = Buffer.from(readFileSync(join(bodies, "0002-logs.json"), "utf8").trimEnd());
  const answers = await Promise.all([
    ...Array.from({ length: LARGE_SENDERS }, (_, at) => post(server.port, numbered(large, at))),
    ...Array.from({ length: FLOOD_SENDERS }, (_, at) => post(server.port, numbered(small, at))),
  ]);
  const alive = await post(server.port, numbered(small, FLOOD_SENDERS));
  const of = (/** @type {(answer: string) => boolean} */ test) => answers.filter(test).length;
  const peakMb = peakBytes(server.pid) / 1024 / 1024;
  await server.end();
  figure(
    "receiver_overload_accepted",
    of((answer) => answer === "200"),
  );
  figure(
    "receiver_overload_asked_to_retry",
    of((answer) => answer === "503, again"),
  );
  figure(
    "receiver_overload_not_let_in",
    of((answer) => !/^\d/.test(answer)),
  );
  figure(
    "receiver_overload_5xx_without_retry_after",
    of((answer) => /^5\d\d$/.test(answer)),
    none,
  );
  figure("receiver_overload_dead", alive === "200" ? 0 : 1, none);
  if (!Number.isNaN(peakMb)) figure("receiver_overload_peak_memory_mb", peakMb, { atMost: 400 });
}

/** The status, and whether another try is welcome; or why there is no answer. */
function post(/** @type {number} */ port, /** @type {readonly Buffer[]} */ pieces) {
  return /** @type {Promise<string>} */ (
    new Promise((resolve) => {
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
      const headers = { "content-type": "application/json", "content-length": length };
      const target = { host: "127.0.0.1", port, path: "/v1/logs", method: "POST", agent: false };
      const outgoing = request({ ...target, headers }, (response) => {
        response.resume();
        const again = response.headers["retry-after"] === undefined ? "" : ", again";
        resolve(`${response.statusCode}${again}`);
      });
      outgoing.on("error", (error) => resolve(error.message));
      for (const piece of pieces) outgoing.write(piece);
      outgoing.end();
    })
  );
}

/** A body that no other equals. */
function numbered(/** @type {Buffer} */ body, /** @type {number} */ number) {
  return [body.subarray(0, -1), Buffer.from(`,"number":${number}}`)];
}

function largeBody() {
  const record = (/** @type {number} */ number) =>
    `{"timeUnixNano":"1795225155298000001","body":{"stringValue":"claude_code.api_request"},"attributes":[{"key":"request_id","value":{"stringValue":"req_${number}"}},{"key":"input_tokens","value":{"intValue":"1000"}}]}`;
  /** @type {string[]} */
  const records = [];
  for (let bytes = 0; bytes < LARGE_BYTES; ) {
    const text = record(records.length);
    records.push(text);
    bytes += text.length + 1;
  }
  return Buffer.from(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${records.join(",")}]}]}]}`);
}

/** The most memory a process has had; NaN if the system does not say. */
function peakBytes(/** @type {number} */ pid) {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return Number.NaN;
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(path, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

async function kills() {
  const results = await tests("kill9", { KILLS: "100", TERMS: "50" });
  for (const { what, kills, terms, acknowledged, lost, doubled } of results) {
    figure(`receiver_${what}s`, kills ?? terms);
    figure(`receiver_${what}_acknowledged`, acknowledged);
    figure(`receiver_${what}_lost`, lost, none);
    figure(`receiver_${what}_doubled`, doubled, none);
  }
}

async function faults() {
  const results = await tests("disk", { FAULTS_EVERY: "1" });
  for (const { part, faults, silent } of results) {
    if (part !== "R5") continue;
    figure("receiver_faults_of_calls", faults);
    figure("receiver_faults_not_survived", silent.length, none);
  }
}

/**
 * Runs one file of tests in full.
 *
 * @param {string} name
 * @param {Record<string, string>} env
 * @returns {Promise<readonly Record<string, any>[]>} What they noted.
 */
async function tests(name, env) {
  const path = join(benchFolder(), `receiver-${name}.jsonl`);
  rmSync(path, { force: true });
  const vitest = installedFile("vitest", "vitest.mjs");
  const args = ["run", `test/receiver/${name}.test.ts`];
  const { code } = await runNode(vitest, args, {
    show: "inherit",
    env: { ...env, FAULTS_RESULTS: path },
  });
  figure(`receiver_${name}_failures`, code, none);
  const noted = existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  return noted.map((line) => JSON.parse(line));
}

async function startTrusting() {
  const path = join(benchFolder(), "trusting.jsonl");
  const args = [support("trusting-receiver.mjs"), path];
  const { said, pid, end } = await startServer(args, path);
  return { port: Number(said), pid, end };
}

async function startCollect(/** @type {readonly string[]} */ options) {
  const path = join(benchFolder(), "collected.jsonl");
  const ports = ["--port", "0", "--grpc-port", "off"];
  const args = [builtProgram(), "collect", "--json", "-o", path, ...ports, ...options];
  const { said, end } = await startServer(args, path);
  /** @type {{ http: string, pid: number }} */
  const { http, pid } = JSON.parse(said);
  return { port: Number(new URL(http).port), pid, end };
}

/** Starts a program and waits for its first line; its end removes what it has written. */
async function startServer(/** @type {string[]} */ args, /** @type {string} */ path) {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const said = await new Promise((resolve) => {
    child.stdout.setEncoding("utf8").once("data", (text) => resolve(text.split("\n")[0]));
  });
  child.stdout.resume();
  const end = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(path, { force: true });
  };
  return { said: String(said), pid: child.pid ?? 0, end };
}

async function outputOf(/** @type {import("node:child_process").ChildProcess} */ child) {
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  await new Promise((resolve) => child.once("close", resolve));
  return output;
}

function support(/** @type {string} */ name) {
  return fileURLToPath(new URL(`./support/${name}`, import.meta.url));
}
