import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserPath } from "../support/chromium.ts";
import { chooseTab, settled, show, startBrowser } from "./support/browser.ts";
import { startHost } from "./support/host.ts";
import { exactRows, expectCost, expectSums } from "./support/tables.ts";
import { modelsOf, sessionsOf, stagesOf, sumsOf, type Truth, truthOf } from "./support/truth.ts";

const recordings = ["L-workflow", "O-workflow", "M-workflow-mixed", "L-tmux"];
const WORKFLOW = ".claude-4nq";

describe.runIf(browserPath !== undefined)("every number", () => {
  const folder = mkdtempSync(join(tmpdir(), "cctelemetry-numbers-"));
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser(browserPath ?? "");
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(recordings)("of %s is as it was served", async (name) => {
    const truth = truthOf(name);
    const now = Date.parse(truth.last_time) + 10_000;
    const path = fileURLToPath(new URL(`../../fixtures/telemetry/${name}.jsonl`, import.meta.url));
    const host = await startHost(join(folder, `${name}.duckdb`), [path], () => now);
    const { page } = await show(browser, host);
    try {
      await compareCards(page, truth);
      await compareStages(page, truth);
      await compareSessions(page, truth);
      await compareModels(page, truth);
      await compareTools(page, truth);
      await compareCache(page, truth);
    } finally {
      await page.close();
      await host.close();
    }
  });
});

/** The cards of running sessions. */
async function compareCards(page: Page, truth: Truth): Promise<void> {
  await chooseTab(page, "live");
  const cards = await page.locator("article.card").evaluateAll((found) =>
    found.map((card) => ({
      id:
        card.querySelector("header button, header a, header [title]")?.getAttribute("title") ?? "",
      exact: [...card.querySelectorAll<HTMLElement>("[data-exact]")].map(
        (each) => each.dataset["exact"] ?? "",
      ),
      text: card.textContent ?? "",
    })),
  );
  const sessions = sessionsOf(truth);
  const shown = new Set(cards.map(({ id }) => id));
  expect(Object.keys(sessions).filter((id) => !shown.has(id))).toEqual([]);
  for (const { id, exact, text } of cards) {
    // A session may have had nothing but errors.
    const usage = sessions[id] ?? { tokens: {}, cost_usd: 0 };
    const { tokens, cost } = sumsOf(usage);
    expect(Number(exact[0])).toBe(tokens);
    expect(Math.abs(Number(exact[1]) - cost)).toBeLessThan(1e-9);
    // Metrics do not count requests.
    const requests = sessions[id] === undefined ? 0 : (sessions[id].requests ?? "–");
    expect(text).toContain(`${requests} requests`);
  }
}

async function compareStages(page: Page, truth: Truth): Promise<void> {
  const known = stagesOf(truth, WORKFLOW);
  await chooseTab(page, "workflows");
  const bar = page.locator(`[data-bar='${WORKFLOW}'] button`);
  expect((await bar.count()) > 0).toBe(known.size > 0);
  if (known.size === 0) return;
  await bar.first().click();
  await settled(page);
  const stages = await exactRows(page, `Stages of ${WORKFLOW}`);
  expect(stages.map(([stage]) => stage).sort()).toEqual([...known.keys()].sort());
  for (const [stage = "", ...cells] of stages) expectSums(cells, known.get(stage));
}

async function compareSessions(page: Page, truth: Truth): Promise<void> {
  await chooseTab(page, "sessions");
  const rows = await exactRows(page, "Sessions");
  for (const [id, usage] of Object.entries(sessionsOf(truth))) {
    expectSums(rows.find((cells) => cells.includes(id)) ?? [], sumsOf(usage));
  }
}

async function compareModels(page: Page, truth: Truth): Promise<void> {
  await chooseTab(page, "models");
  const rows = await exactRows(page, "Models");
  const models = modelsOf(truth);
  expect(rows.map(([model]) => model).sort()).toEqual(Object.keys(models).sort());
  for (const [model = "", ...cells] of rows) {
    const usage = models[model];
    expectSums(cells, usage === undefined ? undefined : sumsOf(usage));
  }
}

async function compareTools(page: Page, truth: Truth): Promise<void> {
  await chooseTab(page, "tools");
  const rows = await exactRows(page, "Tools");
  expect(rows.map(([tool]) => tool).sort()).toEqual(Object.keys(truth.logs.tool_results).sort());
  for (const [tool = "", calls, failures] of rows) {
    const result = truth.logs.tool_results[tool];
    expect(Number(failures)).toBe(result?.success_false);
    expect(Number(calls)).toBe((result?.success_true ?? 0) + (result?.success_false ?? 0));
  }
}

/** What was read from the cache, written to it and neither, by session. */
async function compareCache(page: Page, truth: Truth): Promise<void> {
  await chooseTab(page, "cache");
  await page.locator("summary", { hasText: "Cache by session" }).click();
  await settled(page);
  const rows = await exactRows(page, "Cache by session");
  const sessions = Object.entries(sessionsOf(truth));
  expect(rows.length).toBe(sessions.length);
  for (const [id, { tokens }] of sessions) {
    const cells = rows.find((row) => row.includes(id)) ?? [];
    const { input = 0, cacheRead = 0, cacheCreation = 0 } = tokens;
    for (const part of [input, cacheRead, cacheCreation]) {
      expect(cells.map(Number)).toContain(part);
    }
    expectCost(cells, cacheRead / (input + cacheRead + cacheCreation));
  }
}
