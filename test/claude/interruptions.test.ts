import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { releases } from "../../scripts/claude/releases.mjs";
import { query } from "../support/cli.ts";
import { accountsOf } from "./support/accounts.ts";
import { type Collector, startCollector } from "./support/collector.ts";
import { type Lab, openLab, type RunOptions } from "./support/lab.ts";
import { type Entry, totalsBy } from "./support/ledger.ts";
import { withClaudeCode } from "./support/releases.ts";
import { until } from "./support/running.ts";
import type { StoredEntry } from "./support/stored.ts";
import { telemetryEnvironment } from "./support/telemetry.ts";

const release = releases.newest;
const PATIENCE_MS = 150_000;

withClaudeCode(`interruptions, with ${release.version}`, () => {
  let lab: Lab;
  let collector: Collector;

  beforeEach(async () => {
    lab = await openLab();
    collector = await startCollector(lab);
  });
  afterEach(() => lab.close());

  const telemetry = (intervalMs?: number): RunOptions["env"] & object =>
    telemetryEnvironment({ protocol: "http/json", endpoints: collector.endpoints, intervalMs });

  /** Waits until the receiver has written so many requests of Claude Code to the API. */
  const written = (requests: number): Promise<void> =>
    until(
      async () => {
        const text = await readFile(collector.file, "utf8").catch(() => "");
        return text.split('"claude_code.api_request"').length - 1 >= requests;
      },
      () => `${requests} requests in ${collector.file}`,
    );

  const served = (run: string): number =>
    lab.api.ledger.filter((entry) => entry.run === run && entry.outcome === "whole").length;

  test("a session that is resumed, continued and forked", { timeout: PATIENCE_MS }, async () => {
    const env = telemetry(1000);
    const first = await lab.run({ release, scenario: "short", model: "opus", env });
    const { session = "", folder } = first;
    const again = { release, folder, env };
    const resumed = await lab.run({ ...again, scenario: "tools", args: ["--resume", session] });
    const continued = await lab.run({ ...again, scenario: "short", args: ["--continue"] });
    const fork = ["--resume", session, "--fork-session"];
    const forked = await lab.run({ ...again, scenario: "plain", model: "haiku", args: fork });
    expect(await collector.stop()).toBe(0);
    expect([resumed.session, continued.session]).toEqual([session, session]);
    expect(forked.session).not.toBe(session);
    const { database, served: answers, stored } = await accountsOf(lab, collector.file);
    const bySession = ({ session: id }: Entry): string | undefined => id;
    expect(totalsBy(stored, bySession)).toEqual(totalsBy(answers, bySession));
    expect(Object.keys(totalsBy(stored, bySession))).toHaveLength(2);
    const rows = await query(database, "SELECT bool_and(agrees) AS all_agree FROM coverage");
    expect(rows).toEqual([{ all_agree: true }]);
  });

  test("kill -9 of a session, which is then resumed", { timeout: PATIENCE_MS }, async () => {
    const session = "11111111-2222-4333-8444-555555555555";
    const env = telemetry(500);
    const args = ["--session-id", session];
    const killed = lab.start({ release, scenario: "endless", args, env });
    await until(
      () => served(killed.name) >= 2,
      () => "two answers",
    );
    await written(2);
    // The counters go the same way as the events, by themselves, and may be behind.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    killed.started.signal("SIGKILL");
    expect((await killed.result).signal).toBe("SIGKILL");
    const rest = { folder: killed.folder, args: ["--resume", session], env };
    await lab.run({ release, scenario: "short", ...rest });
    expect(await collector.stop()).toBe(0);
    const { database, served: answers, stored } = await accountsOf(lab, collector.file);
    expect(requestIds(stored)).toEqual(answers.map((entry) => entry.served.requestId).sort());
    const totals = totalsBy(stored, (entry) => entry.session);
    expect(totals).toEqual(totalsBy(answers, () => session));
    const rows = await query(database, "SELECT session_id, agrees FROM coverage");
    expect(rows).toEqual([{ session_id: session, agrees: true }]);
  });

  test("kill -9 before the counters were sent: coverage says so", {
    timeout: PATIENCE_MS,
  }, async () => {
    const env = { ...telemetry(), OTEL_LOGS_EXPORT_INTERVAL: "500" };
    const killed = lab.start({ release, scenario: "endless", env });
    await written(2);
    killed.started.signal("SIGKILL");
    await killed.result;
    expect(await collector.stop()).toBe(0);
    const { database, served: answers, stored } = await accountsOf(lab, collector.file);
    expect(requestIds(stored)).toEqual(answers.map((entry) => entry.served.requestId).sort());
    const rows = await query(database, "SELECT agrees, likely_cause FROM coverage");
    expect(rows).toEqual([{ agrees: false, likely_cause: "no metrics" }]);
  });

  test("the receiver down for a while: coverage says what is missing", {
    timeout: PATIENCE_MS,
  }, async () => {
    const env = telemetry(300);
    const run = lab.start({ release, scenario: "steady", env });
    await written(1);
    expect(await collector.stop()).toBe(0);
    const before = served(run.name);
    await until(
      () => served(run.name) > before,
      () => "an answer while nobody listens",
    );
    // So long that what is sent in between is refused, and not tried again.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    collector = await startCollector(lab, { after: collector });
    const { code, stderr } = await run.result;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await collector.stop()).toBe(0);
    const { database, served: answers, stored } = await accountsOf(lab, collector.file);
    const known = new Map(answers.map((entry) => [entry.served.requestId, entry]));
    for (const { requestId = "", ...entry } of stored) {
      const { served: _answer, stage: _stage, ...expected } = known.get(requestId) ?? {};
      expect(entry).toMatchObject(expected);
    }
    expect(new Set(requestIds(stored)).size).toBe(stored.length);
    const lost = answers.length - stored.length;
    expect(lost).toBeGreaterThan(0);
    const [row] = await query(database, "SELECT requests, missing_events, agrees FROM coverage");
    expect(row).toMatchObject({ requests: stored.length, agrees: false });
    expect(Number(row?.["missing_events"])).toBeGreaterThanOrEqual(lost);
  });

  test("kill -9 of the receiver, which is started again", { timeout: PATIENCE_MS }, async () => {
    const env = telemetry(1000);
    const run = lab.start({ release, scenario: "steady", env });
    await written(1);
    collector.started.signal("SIGKILL");
    await collector.started.ended;
    collector = await startCollector(lab, { after: collector });
    expect((await run.result).code).toBe(0);
    expect(await collector.stop()).toBe(0);
    const { database, served: answers, stored } = await accountsOf(lab, collector.file);
    const ids = new Set(answers.map((entry) => entry.served.requestId));
    expect(requestIds(stored).every((id) => ids.has(id ?? ""))).toBe(true);
    expect(new Set(requestIds(stored)).size).toBe(stored.length);
    const rows = await query(database, "SELECT requests, missing_events FROM coverage");
    const missing = Number(rows[0]?.["missing_events"]);
    expect(missing).toBeGreaterThanOrEqual(answers.length - stored.length);
  });
});

function requestIds(stored: readonly StoredEntry[]): readonly (string | undefined)[] {
  return stored.map(({ requestId }) => requestId).sort();
}
