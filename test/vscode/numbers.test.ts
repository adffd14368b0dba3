import { appendFile } from "node:fs/promises";
import { compactCount } from "@cctelemetry/core/light";
import type { Frame, Page } from "playwright-core";
import { expect, test } from "vitest";
import { canonicalModel } from "../../packages/core/src/model/canonical-model.ts";
import { shortUsd } from "../../packages/vscode-extension/src/host/status/numbers.ts";
import { chooseTab, exactRows, runSql, settled } from "./support/dashboard.ts";
import { Oracle, sumOf } from "./support/oracle.ts";
import { inEachRelease, isLong, newest } from "./support/releases.ts";
import type { Release } from "./support/server.ts";
import { recording, type Truth, type TruthUsage } from "./support/telemetry.ts";

/** A workflow of one model, and one of several models and subagents. */
const runs = ["L-workflow", "M-workflow-mixed", ...(isLong ? ["O-workflow", "L-tmux"] : [])];
/** The oldest release shows the same text: one recording, of two releases of Claude Code, is enough. */
const runsOf = (release: Release): readonly string[] =>
  newest.includes(release) ? runs : ["M-workflow-mixed"];

type Rows = readonly Readonly<Record<string, string>>[];

inEachRelease("a recording that is written line by line", (desk, release) => {
  test.each(runsOf(release))("is right in status bar and dashboard: %s", async (run) => {
    const setting = await desk().prepare({ "cctelemetry.status.text": "{tokens} · {cost}" });
    const window = await desk().open(setting);
    await window.shows("no telemetry yet");
    const { lines, truth } = await recording(run);
    const oracle = new Oracle();
    for (const line of lines) {
      await appendFile(setting.telemetry, line);
      oracle.take(line);
      await window.shows(textOf(oracle));
    }
    expectSessions(oracle, truth);
    const today = [...oracle.all().values()].reduce((sum, { costUsd }) => sum + costUsd, 0);
    expect(await window.tooltip()).toContain(`today ${shortUsd(today)} in `);
    await expectDashboard(window.page, await window.dashboard(), truth, today);
    await window.close();
  });
});

function textOf(oracle: Oracle): string {
  const newest = oracle.newest();
  if (newest === undefined) return "no telemetry yet";
  return `${compactCount(newest.tokens)} · ${shortUsd(newest.costUsd)}`;
}

/** That what was expected after each line ends where the truth file does. */
function expectSessions(oracle: Oracle, truth: Truth): void {
  const known = oracle.all();
  for (const [session, usage] of Object.entries(truth.logs.by_session)) {
    const { tokens, costUsd } = sumOf(usage);
    expect(known.get(session)?.tokens, session).toBe(tokens);
    expect(known.get(session)?.costUsd, session).toBeCloseTo(costUsd, 9);
  }
}

/** Clicks through every tab. */
async function expectDashboard(
  page: Page,
  frame: Frame,
  truth: Truth,
  today: number,
): Promise<void> {
  await chooseTab(frame, "sessions");
  const sessions = await exactRows(frame, "Sessions");
  expectUsage(sessions, "session_id", truth.logs.by_session);
  await chooseTab(frame, "models");
  expectUsage(await exactRows(frame, "Models"), "model", modelsOf(truth));
  await chooseTab(frame, "tools");
  expectTools(await exactRows(frame, "Tools"), truth);
  for (const workflow of new Set(truth.by_task.map((task) => task.workflow_id))) {
    await chooseTab(frame, "workflows");
    if (workflow === null) continue;
    const back = frame.getByRole("button", { name: /all workflows/i });
    if ((await back.count()) > 0) await back.first().click();
    await frame.locator(`[data-bar='${workflow}'] button`).first().click();
    await settled(frame);
    expectUsage(
      await exactRows(frame, `Stages of ${workflow}`),
      "stage",
      stagesOf(truth, workflow),
    );
  }
  await chooseTab(frame, "cache");
  expect(await exactRows(frame, "Cache by day")).toHaveLength(1);
  await chooseTab(frame, "live");
  const costs = await frame
    .locator("article.card .big [data-exact], article.card .big [title]")
    .evaluateAll((cells) => cells.map((cell) => cell.textContent));
  expect(costs.length).toBeGreaterThan(0);
  const [sum] = await runSql(page, frame, "SELECT sum(cost_usd) AS usd FROM api_requests");
  expect(Number(sum?.["usd"])).toBeCloseTo(truth.logs.cost_usd, 9);
  expect(today).toBeGreaterThanOrEqual(truth.logs.cost_usd - 1e-9);
}

/** That every row that the truth knows has its tokens and its cost, and none is missing. */
function expectUsage(
  rows: Rows,
  column: string,
  expected: Readonly<Record<string, TruthUsage>>,
): void {
  const found = new Map(rows.map((row) => [row[column], row]));
  for (const [name, usage] of Object.entries(expected)) {
    const row = found.get(name);
    expect(row, `${column} ${name} among ${[...found.keys()].join(", ")}`).toBeDefined();
    const { tokens, costUsd } = sumOf(usage);
    expect(Number(row?.["total_tokens"]), `tokens of ${name}`).toBe(tokens);
    expect(Number(row?.["cost_usd"]), `cost of ${name}`).toBeCloseTo(costUsd, 9);
  }
}

function expectTools(rows: Rows, { logs }: Truth): void {
  const found = rows.map((row) => [row["tool_name"], row["calls"], row["failures"]].join());
  const expected = Object.entries(logs.tool_results).map(
    ([tool, { success_true, success_false }]) =>
      [tool, success_true + success_false, success_false].join(),
  );
  expect(found.sort()).toEqual(expected.sort());
}

/** By model under its one name; a session without any event is known by its counters alone. */
function modelsOf({ logs, metrics }: Truth): Readonly<Record<string, TruthUsage>> {
  const sessions = Object.keys(metrics.by_session);
  const usedSomething = (session: string): boolean => {
    const usage = metrics.by_session[session];
    return usage !== undefined && sumOf(usage).tokens > 0;
  };
  const onlyCounted = sessions.filter((each) => logs.by_session[each] === undefined);
  const models: Record<string, TruthUsage> = {};
  const sent = onlyCounted.some(usedSomething) ? metrics.by_model : logs.by_model;
  for (const [name, usage] of Object.entries(sent)) {
    const model = canonicalModel(name);
    const other = models[model];
    models[model] = other === undefined ? usage : both(other, usage);
  }
  return models;
}

function both(one: TruthUsage, other: TruthUsage): TruthUsage {
  const { tokens: a } = one;
  const { tokens: b } = other;
  return {
    requests: one.requests + other.requests,
    tokens: {
      input: a.input + b.input,
      output: a.output + b.output,
      cacheRead: a.cacheRead + b.cacheRead,
      cacheCreation: a.cacheCreation + b.cacheCreation,
    },
    cost_usd: one.cost_usd + other.cost_usd,
  };
}

/** The ledger with more usage. */
function fuller(a: TruthUsage | null, b: TruthUsage | null): TruthUsage | null {
  if (a === null || b === null) return a ?? b;
  return sumOf(a).tokens >= sumOf(b).tokens ? a : b;
}

/** The stages of a workflow by their requests. */
function stagesOf(truth: Truth, workflow: string): Readonly<Record<string, TruthUsage>> {
  const stages: Record<string, TruthUsage> = {};
  for (const { workflow_id: id, stage, logs, metrics } of truth.by_task) {
    if (id !== workflow || stage === null) continue;
    const usage = fuller(logs, metrics);
    const before = stages[stage];
    if (usage !== null) stages[stage] = before === undefined ? usage : added(before, usage);
  }
  return stages;
}

function added(a: TruthUsage, b: TruthUsage): TruthUsage {
  return {
    requests: a.requests + b.requests,
    tokens: {
      input: a.tokens.input + b.tokens.input,
      output: a.tokens.output + b.tokens.output,
      cacheRead: a.tokens.cacheRead + b.tokens.cacheRead,
      cacheCreation: a.tokens.cacheCreation + b.tokens.cacheCreation,
    },
    cost_usd: a.cost_usd + b.cost_usd,
  };
}
