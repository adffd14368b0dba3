import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { type Sample, total } from "../../packages/core/test/support/exposition.ts";
import { linesOf } from "../../packages/core/test/support/fixtures.ts";
import { run, testFolder } from "../support/cli.ts";
import { start } from "../support/running.ts";
import { absolute } from "../support/source-tree.ts";
import { eventLine } from "../vscode/support/lines.ts";
import { type Collecting, sendLines, startCollecting } from "./support/collect.ts";

const engine = pathToFileURL(absolute("node_modules/@duckdb/node-api/lib/index.js")).href;
/** The recordings are of 2026. */
const everything = ["--metrics-days", "36500"];

interface Truth {
  readonly logs: { readonly requests: number };
  readonly by_task: readonly {
    readonly stage: string;
    readonly task_id: string;
    readonly logs: { readonly cost_usd: number; readonly tokens: Readonly<Record<string, number>> };
  }[];
}

const truth = JSON.parse(
  readFileSync(absolute("fixtures/telemetry/L-workflow.truth.json"), "utf8"),
) as Truth;

async function expectTruth(collecting: Collecting): Promise<void> {
  const samples = await settled(collecting, (found) => total(found, "cctelemetry_requests"), 25);
  expect(truth.logs.requests).toBe(25);
  for (const { stage, task_id, logs } of truth.by_task) {
    const labels = { stage, task_id };
    expect(total(samples, "claude_code_cost_usage", labels)).toBeCloseTo(logs.cost_usd, 9);
    for (const [type, count] of Object.entries(logs.tokens)) {
      expect(total(samples, "claude_code_token_usage", { ...labels, type })).toBe(count);
    }
  }
  expect(total(samples, "claude_code_session_count")).toBe(8);
}

/** The page once a number has this value and everything is stored. */
async function settled(
  { samples }: Collecting,
  number: (found: readonly Sample[]) => number,
  value: number,
): Promise<readonly Sample[]> {
  let found: readonly Sample[] = [];
  await expect
    .poll(async () => {
      found = await samples();
      return [number(found), total(found, "cctelemetry_unread_bytes")];
    })
    .toEqual([value, 0]);
  return found;
}

test("every record counts once, sent again, killed, and with the database gone", async () => {
  const folder = await testFolder();
  const lines = linesOf("L-workflow.jsonl");
  const first = await startCollecting(folder, everything);
  expect(await first.samples()).toEqual([
    { name: "cctelemetry_unread_bytes", labels: {}, value: 0 },
    { name: "cctelemetry_store_fault", labels: {}, value: 0 },
  ]);
  await sendLines(first.otlp, lines.slice(0, 20));
  first.running.signal("SIGKILL");
  await first.running.ended;

  const second = await startCollecting(folder, everything);
  await sendLines(second.otlp, lines);
  await sendLines(second.otlp, lines.slice(10).reverse());
  await expectTruth(second);
  second.running.signal("SIGTERM");
  expect(await second.running.ended).toBe(0);

  const third = await startCollecting(folder, everything);
  await expectTruth(third);
  third.running.signal("SIGKILL");
  await third.running.ended;

  await rm(join(folder, "telemetry.duckdb"));
  const fourth = await startCollecting(folder, everything);
  await expectTruth(fourth);
  // While it runs and nobody sends.
  await rm(join(folder, "telemetry.duckdb"));
  await expectTruth(fourth);
});

test("a new record is on the page within seconds, and what other programs store as well", async () => {
  const folder = await testFolder();
  const collecting = await startCollecting(folder);
  await sendLines(collecting.otlp, [
    eventLine({ number: 1, costUsd: 1.5, resource: { stage: "plan" } }),
  ]);
  const cost = (found: readonly Sample[]) =>
    total(found, "claude_code_cost_usage", { stage: "plan" });
  await settled(collecting, cost, 1.5);
  const { samples } = collecting;
  const stage = (found: readonly Sample[]) =>
    found.flatMap(({ labels }) => labels["session_id"] ?? []);
  expect(stage(await samples())).toEqual([]);
  const database = join(folder, "telemetry.duckdb");
  const imported = await run(["import", "-", "--db", database], {
    stdin: eventLine({ number: 2, costUsd: 2000, resource: { stage: "plan" } }),
  });
  expect(imported.code).toBe(0);
  await settled(collecting, cost, 2001.5);
});

test("a database that another program holds is a fault that can be seen, and passes", async () => {
  const folder = await testFolder();
  const collecting = await startCollecting(folder);
  expect(total(await collecting.samples(), "cctelemetry_store_fault")).toBe(0);
  const holder = start([
    ...[process.execPath, "--input-type=module", "-e"],
    `const { DuckDBInstance } = (await import(${JSON.stringify(engine)})).default;
     for (;;) {
       try {
         const instance = await DuckDBInstance.create(process.argv[1]);
         globalThis.kept = await instance.connect();
         console.log("held");
         setInterval(() => globalThis.kept, 1000);
         break;
       } catch {
         await new Promise((resolve) => setTimeout(resolve, 5));
       }
     }`,
    join(folder, "telemetry.duckdb"),
  ]);
  await holder.until(() => holder.stdout().includes("held"));
  await sendLines(collecting.otlp, [eventLine({ number: 1, costUsd: 3 })]);
  const fault = async (): Promise<number> =>
    total(await collecting.samples().catch(() => []), "cctelemetry_store_fault");
  await expect.poll(fault).toBe(1);
  holder.signal("SIGKILL");
  await settled(collecting, (found) => total(found, "claude_code_cost_usage"), 3);
  await expect.poll(fault).toBe(0);
});

test("labels are whatever was sent, and nothing but text", async () => {
  const folder = await testFolder();
  const collecting = await startCollecting(folder, ["--metrics-sessions"]);
  const hostile = [
    '"} 1\nevil 1\n{a="',
    "\\",
    "\u202e\u0000\u001b[31m",
    "x".repeat(5_000),
    "(other)",
  ];
  await sendLines(
    collecting.otlp,
    hostile.map((text, index) =>
      eventLine({
        number: index,
        session: text,
        model: text,
        costUsd: 0.1,
        resource: { stage: text },
      }),
    ),
  );
  const count = (found: readonly Sample[]) => total(found, "cctelemetry_requests");
  const samples = await settled(collecting, count, hostile.length);
  const stages = samples
    .filter(({ name }) => name === "claude_code_cost_usage")
    .map(({ labels }) => labels["stage"]);
  expect(stages.sort()).toEqual(hostile.map((text) => text.slice(0, 200)).sort());
  expect(samples.some(({ name }) => name === "evil")).toBe(false);
});

test("only programs that may send may read, and only by GET", async () => {
  const folder = await testFolder();
  const token = "a token of sixteen characters".replaceAll(" ", "-");
  const { target } = await startCollecting(folder);
  const status = (path: string, options: object = {}): Promise<number> =>
    new Promise((resolve, reject) => {
      const [host, port] = target.split(":");
      const asked = request({ host, port, path, agent: false, ...options }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      asked.on("error", reject);
      asked.end();
    });
  expect(await status("/metrics")).toBe(200);
  expect(await status("/metrics", { method: "HEAD" })).toBe(200);
  expect(await status("/metrics/?a=b")).toBe(200);
  expect(await status("/")).toBe(404);
  expect(await status("/v1/logs", { method: "POST" })).toBe(404);
  expect(await status("/metrics", { method: "POST" })).toBe(405);
  expect(await status("/metrics", { headers: { host: "attacker.example" } })).toBe(403);
  expect(await status("/metrics", { headers: { origin: "https://attacker.example" } })).toBe(403);
  expect(await status("/metrics", { headers: { "sec-fetch-site": "cross-site" } })).toBe(403);

  const other = await testFolder();
  const { writeFile } = await import("node:fs/promises");
  const tokenFile = join(other, "token");
  await writeFile(tokenFile, token, { mode: 0o600 });
  const closed = await startCollecting(other, ["--token-file", tokenFile]);
  const answer = (authorization: string) =>
    fetch(`http://${closed.target}/metrics`, { headers: { authorization } });
  expect((await answer("Bearer wrong-wrong-wrong-wrong")).status).toBe(401);
  expect((await answer(`Bearer ${token}`)).status).toBe(200);
});

test("what cannot work is one sentence", async () => {
  const folder = await testFolder();
  const { target } = await startCollecting(folder);
  const other = await testFolder();
  const collect = (...args: readonly string[]) =>
    run([
      "collect",
      "--port",
      "0",
      "--grpc-port",
      "off",
      "--output",
      join(other, "o.jsonl"),
      ...args,
    ]);
  const database = ["--db", join(other, "o.duckdb")];
  const taken = await collect("--metrics", target.split(":")[1] ?? "", ...database);
  expect(taken.code).toBe(1);
  expect(taken.stderr).toMatch(
    /^cctelemetry: Port \d+ is taken by .+\.\nhint: End that program, or choose another port with --metrics\.\n$/,
  );
  const days = await collect("--metrics", "0", "--metrics-days", "0", ...database);
  expect([days.code, days.stderr]).toEqual([2, expect.stringContaining("--metrics-days")]);
  const alone = await collect("--metrics-days", "3");
  expect([alone.code, alone.stderr]).toEqual([
    2,
    expect.stringContaining("--metrics-days belongs to --metrics."),
  ]);
  const names = await collect("--metrics", "0", "--metrics-names", "other", ...database);
  expect([names.code, names.stderr]).toEqual([2, expect.stringContaining("plain, collector")]);
  const nowhere = await collect("--metrics", "0", "--db", "/dev/null/x.duckdb");
  expect(nowhere.code).toBe(1);
  expect(nowhere.stderr).toMatch(/^cctelemetry: .+\n(hint: .+\n)?$/);
});
