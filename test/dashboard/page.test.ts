import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { escapeUnsafeLines } from "@cctelemetry/core/light";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tabNames } from "../../packages/dashboard/src/host/protocol.ts";
import { browserPath } from "../support/chromium.ts";
import { chooseTab, settled, show, startBrowser } from "./support/browser.ts";
import { type Host, startHost } from "./support/host.ts";
import { type ThemeName, themes } from "./support/themes.ts";

const fixtures = ["L-workflow", "O-workflow", "M-workflow-mixed", "L-tmux"];

/** A minute after the last line of the recordings. */
const now = () => Date.parse("2026-11-21T01:59:00Z");

if (browserPath === undefined) {
  if (process.env["CI"] === "true") throw new Error("The page's tests need Chromium.");
  process.stderr.write(
    "No Chromium here: the page's tests are left out (apt-get install chromium).\n",
  );
}

describe.runIf(browserPath !== undefined)("the page in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "cctelemetry-page-"));
  let host: Host;
  let browser: Browser;

  beforeAll(async () => {
    host = await startHost(join(folder, "page.duckdb"), fixtures.map(fixture), now);
    browser = await startBrowser(browserPath ?? "");
  });

  afterAll(async () => {
    await browser?.close();
    await host?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(Object.keys(themes) as ThemeName[])(
    "has no barrier and breaks no policy in %s",
    async (theme) => {
      host.state = null;
      const { page, faults } = await show(browser, host, theme);
      const found: string[] = [];
      for (const tab of tabNames) {
        await chooseTab(page, tab);
        found.push(...(await barriers(page)).map((each) => `${tab}: ${each}`));
        if (tab !== "workflows" && tab !== "sessions") continue;
        await page.locator("[data-bar] button").first().click();
        await settled(page);
        await openDrawers(page);
        found.push(...(await barriers(page)).map((each) => `${tab}, opened: ${each}`));
      }
      expect(found).toEqual([]);
      expect(faults).toEqual([]);
      await page.close();
    },
  );

  test("takes hostile text for text", async () => {
    const hostile = join(folder, "hostile.jsonl");
    writeFileSync(hostile, hostileTelemetry(readFileSync(fixture("L-workflow"), "utf8")));
    const single = await startHost(join(folder, "hostile.duckdb"), [hostile], now);
    const { page, faults } = await show(browser, single);
    for (const tab of tabNames) {
      await chooseTab(page, tab);
      const text = await page.locator("body").textContent();
      expect(escapeUnsafeLines(text ?? ""), tab).toBe(text);
      expect(await page.locator("#page img, #page script, #page iframe").count()).toBe(0);
      if (tab === "tools") expect(text).toContain("<script>hit=1</script>");
      if (tab !== "workflows" && tab !== "sessions") continue;
      await page.locator("[data-bar] button").first().click();
      await settled(page);
      await openDrawers(page);
      const opened = (await page.locator("body").textContent()) ?? "";
      expect(escapeUnsafeLines(opened), tab).toBe(opened);
      if (tab === "workflows") expect(opened).toContain("<img src=x onerror=hit=1>\\u202e");
      expect(await page.locator("#page img, #page script, #page iframe").count()).toBe(0);
    }
    expect(await page.evaluate("window.hit")).toBeUndefined();
    expect(faults).toEqual([]);
    await page.close();
    await single.close();
  });

  test("opens a workflow by keyboard alone", async () => {
    host.state = null;
    const { page } = await show(browser, host);
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await settled(page);
    expect(await page.locator("h1").textContent()).toBe("What did each workflow cost?");
    for (let presses = 0; presses < 30; presses += 1) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => document.activeElement?.textContent);
      if (focused === ".claude-4nq") break;
    }
    await page.keyboard.press("Enter");
    await settled(page);
    expect(await page.locator("h1").textContent()).toBe(
      "What did this workflow cost, stage by stage?",
    );
    await page.close();
  });

  test.each([400, 520, 1100])("fits a window of %i px, range and filter too", async (width) => {
    host.state = null;
    const { page } = await show(browser, host, "dark", { width, height: 700 });
    for (const tab of tabNames) {
      await chooseTab(page, tab);
      const wide = await page.evaluate<number>("document.documentElement.scrollWidth");
      expect(wide, tab).toBeLessThanOrEqual(width);
      const filter = await page.locator(".toolbar .filter").boundingBox();
      expect((filter?.x ?? 0) + (filter?.width ?? 0), tab).toBeLessThanOrEqual(width);
    }
    await page.close();
  });

  test("comes back as it was left", async () => {
    host.state = null;
    const { page } = await show(browser, host);
    await chooseTab(page, "sessions");
    await page.locator("[data-bar] button").first().click();
    await settled(page);
    const subject = await page.locator(".subject").textContent();
    await page.reload();
    await page.waitForSelector(".subject");
    expect(await page.locator(".subject").textContent()).toBe(subject);
    await page.close();
  });

  test("splits usage by a tag of the user's own, and keeps the choice", async () => {
    const tagged = await startHost(
      join(folder, "tagged.duckdb"),
      [fieldInput("41-by-team-project-pr")],
      () => Date.parse("2026-11-10T10:00:00Z"),
    );
    const { page, faults } = await show(browser, tagged);
    await chooseTab(page, "models");
    const split = page.locator('vscode-single-select[label="Split by"]');
    const offered = await split.locator("vscode-option").allTextContents();
    expect(offered).toEqual(expect.arrayContaining(["by model", "by user", "by tag:team"]));
    expect(offered.filter((each) => each.includes("NAME"))).toEqual([]);
    await split.focus();
    await page.keyboard.press("Enter");
    for (let presses = 0; presses < offered.indexOf("by tag:team"); presses += 1) {
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    await settled(page);
    const bars = page.locator(".part", { hasText: "Share of each tag:team" });
    const teams = ["core", "web"];
    expect((await bars.locator("[data-bar] th").allTextContents()).toSorted()).toEqual(teams);
    const legend = await page.locator(".part", { hasText: "Cost by tag:team" }).textContent();
    for (const team of teams) expect(legend).toContain(team);
    expect(await barriers(page)).toEqual([]);
    await page.waitForTimeout(500);
    await page.reload();
    await page.waitForSelector("text=Share of each tag:team");
    await settled(page);
    expect(await split.evaluate((select: HTMLElement & { value?: string }) => select.value)).toBe(
      "tag:team",
    );
    expect(faults).toEqual([]);
    await page.close();
    await tagged.close();
  });

  test("runs SQL, completes names, and exports the answer", async () => {
    host.state = null;
    const { page, faults } = await show(browser, host);
    await chooseTab(page, "sql");
    const editor = page.locator(".cm-content");
    await editor.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("SELECT model, count(*) AS n FROM api_requ");
    const first = page.locator(".cm-tooltip-autocomplete li[aria-selected]");
    const known = first.filter({ hasText: "api_requests" });
    // What can be completed arrives a moment after the editor.
    const seen = async () => {
      await page.keyboard.press("Control+Space");
      return known.count();
    };
    await expect.poll(seen, { interval: 300 }).toBe(1);
    // The editor ignores a choice made in the instant in which the list appears.
    await page.waitForTimeout(150);
    await page.keyboard.press("Enter");
    await page.keyboard.type(" GROUP BY ALL ORDER BY n DESC");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("section[aria-label='Result']");
    expect(await page.locator("section[aria-label='Result'] tbody tr").count()).toBeGreaterThan(1);
    await page.getByTitle("Save Result as CSV").click();
    await page.waitForTimeout(100);
    const saved = host.received.findLast((message) => message.kind === "save");
    expect(saved).toMatchObject({ name: "result.csv" });
    expect(saved?.kind === "save" ? saved.text.split("\r\n")[0] : "").toBe("model,n");
    expect(faults).toEqual([]);
    await page.close();
  });

  test("shows what a statement is refused for", async () => {
    host.state = null;
    const { page } = await show(browser, host);
    await chooseTab(page, "sql");
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("SELECT nothing_there FROM api_requests");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(".refusal");
    expect(await page.locator(".refusal").textContent()).toContain("nothing_there");
    await page.close();
  });

  test("asks again for what is seen when the store changes", async () => {
    host.state = null;
    const { page, say } = await show(browser, host);
    await chooseTab(page, "tools");
    const asked = () => host.received.filter((message) => message.kind === "report").length;
    const before = asked();
    await say({ kind: "changed" });
    await page.waitForTimeout(400);
    expect(asked()).toBeGreaterThan(before);
    const after = asked();
    await say({ kind: "changed" });
    await say({ kind: "changed" });
    await page.waitForTimeout(500);
    expect(asked()).toBe(after);
    await page.close();
  });
});

/** Names of a stage, a tool and a model as somebody would write them who means harm. */
function hostileTelemetry(lines: string): string {
  const bidi = "\\u202e";
  const ansi = "\\u001b[31m";
  return lines
    .replaceAll('"review"', `"<img src=x onerror=hit=1>${bidi}"`)
    .replaceAll('"Bash"', `"<script>hit=1</script>${ansi}"`)
    .replaceAll('"Read"', '"__proto__"')
    .replaceAll('"claude-opus-5-5"', `"$(zap) [x](command:quit) ${bidi}"`);
}

/** Opens everything that is folded. */
async function openDrawers(page: Page): Promise<void> {
  for (const drawer of await page.locator("details > summary").all()) await drawer.click();
  await settled(page);
}

function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/telemetry/${name}.jsonl`, import.meta.url));
}

function fieldInput(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/field/${name}/input.jsonl`, import.meta.url));
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly {
    readonly html: string;
    readonly any: readonly { message: string }[];
  }[];
}

/** What axe finds on the page as it is. */
async function barriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found: readonly Violation[] = await page.evaluate(
    "axe.run().then((all) => all.violations)",
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${html.slice(0, 200)} ${any[0]?.message ?? ""}`),
  );
}
