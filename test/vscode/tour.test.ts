import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { absolute } from "../support/source-tree.ts";
import { chooseTab, runSql, settled } from "./support/dashboard.ts";
import { eventLine } from "./support/lines.ts";
import { inEachRelease } from "./support/releases.ts";
import { stored } from "./support/stored.ts";
import { recording } from "./support/telemetry.ts";
import { waitFor } from "./support/waiting.ts";

/** Set to renew the pictures in the extension's README. */
const pictures = process.env["CCTELEMETRY_PICTURES"] === "1";

inEachRelease("a new user", (desk) => {
  test("is led to live numbers", async () => {
    const setting = await desk().prepare({ "cctelemetry.telemetryPaths": [] });
    const window = await desk().open(setting, { width: 1100, height: 720 });
    await window.shows("set up telemetry");
    await window.item.click();
    const { page } = window;
    const steps = page.locator(".gettingStartedContainer .step-title");
    await waitFor("the walkthrough", async () => (await steps.count()) > 1);
    const otlp = join(desk().folder, "home", ".local/share/cctelemetry/otlp");
    await mkdir(otlp, { recursive: true });
    await appendFile(join(otlp, "claude.jsonl"), eventLine({ number: 1 }));
    await window.shows("1k · $0.25", 30_000);
    await window.close();
  });

  test("finds the commands, and the dashboard as it was left", async () => {
    const setting = await desk().prepare();
    for (const run of ["M-workflow-mixed", "L-workflow"]) {
      const { lines } = await recording(run);
      await appendFile(setting.telemetry, lines.join(""));
    }
    const window = await desk().open(setting, { width: 1100, height: 720 });
    const { page } = window;
    await window.shows(/^71k · \$0\.01/);
    await page.keyboard.press("Control+b");
    await window.item.hover();
    await page.locator(".workbench-hover:visible", { hasText: "Open dashboard" }).first().waitFor();
    await picture(page, "status-bar.png", { x: 540, y: 380, width: 560, height: 340 });
    await page.mouse.move(400, 300);
    await window.command("Claude Code Telemetry: Open Dashboard");
    const frame = await window.dashboard();
    await chooseTab(frame, "workflows");
    await frame.locator("[data-bar='.claude-4nq'] button").first().click();
    await frame.locator("h1", { hasText: "stage by stage" }).waitFor();
    await settled(frame);
    await picture(page, "dashboard.png");
    await stored(page, '"openWorkflow":".claude-4nq"');
    await page.reload();
    await window.item.waitFor({ timeout: 60_000 });
    const again = await window.dashboard();
    await again.locator("h1", { hasText: "stage by stage" }).waitFor();
    const rows = await runSql(page, again, "SELECT count(*) AS n FROM api_requests");
    expect(rows).toEqual([{ n: "56" }]);
    await window.close();
  });

  test("is warned at the thresholds that were set", async () => {
    const setting = await desk().prepare({
      "cctelemetry.thresholds.sessionWarning": 0.5,
      "cctelemetry.thresholds.sessionError": 1,
    });
    await appendFile(setting.telemetry, eventLine({ number: 1 }));
    const window = await desk().open(setting);
    await window.shows("1k · $0.25");
    expect(await window.tone()).toBe("plain");
    await appendFile(setting.telemetry, eventLine({ number: 2 }));
    await window.shows("2k · $0.50");
    await waitFor("the warning", async () => (await window.tone()) === "warning");
    await appendFile(setting.telemetry, eventLine({ number: 3, costUsd: 0.5 }));
    await window.shows("3k · $1.00");
    await waitFor("the alarm", async () => (await window.tone()) === "error");
    await window.close();
  });
});

async function picture(
  page: Page,
  name: string,
  clip = { x: 0, y: 0, width: 1100, height: 720 },
): Promise<void> {
  if (!pictures) return;
  await page.screenshot({ path: absolute(`packages/vscode-extension/media/${name}`), clip });
}
