import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStore } from "@cctelemetry/core";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { tabNames } from "../../packages/dashboard/src/host/protocol.ts";
import { browserPath } from "../support/chromium.ts";
import { settled, show, startBrowser } from "./support/browser.ts";
import { startHost } from "./support/host.ts";

/** `npm run bench -- dashboard` names a database of a million requests, and where the times go. */
const large = process.env["DASHBOARD_DATABASE"];
const times = process.env["DASHBOARD_TIMES"];
const ROUNDS = large === undefined ? 1 : 5;
const A_MINUTE_MS = 60_000;

describe.runIf(browserPath !== undefined)("the page", () => {
  test("opens with numbers in every tab", { timeout: 600_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "cctelemetry-opening-"));
    const recording = fileURLToPath(
      new URL("../../fixtures/telemetry/L-workflow.jsonl", import.meta.url),
    );
    const quiet = join(folder, "quiet.jsonl");
    writeFileSync(quiet, "");
    const database = large ?? join(folder, "page.duckdb");
    const files = [large === undefined ? recording : quiet];
    if (large === undefined) await (await startHost(database, files, Date.now)).close();
    const last = await lastTime(database);
    const host = await startHost(database, files, () => last + A_MINUTE_MS);
    const browser = await startBrowser(browserPath ?? "");
    try {
      for (let round = 0; round < ROUNDS; round++) {
        for (const tab of tabNames) {
          host.state = null;
          const began = performance.now();
          const { page } = await show(browser, host);
          const opened = performance.now() - began;
          const asked = performance.now();
          await page.locator(`vscode-tab-header[data-tab="${tab}"]`).click();
          await answered(page);
          const shown = performance.now() - asked;
          await settled(page);
          expect(await page.locator("#page").textContent(), tab).toMatch(/\d/);
          await answered(page);
          // A ring that shows that something is loading is an alert as well.
          expect(await page.locator(".refusal").allTextContents(), tab).toEqual([]);
          note({ tab, opened, shown });
          await page.close();
        }
      }
    } finally {
      await browser.close();
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Waits, as often as frames are drawn, until the tab shows what it asked for. */
async function answered(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector(".waiting") === null && document.querySelector(".old") === null,
    undefined,
    { polling: "raf" },
  );
}

async function lastTime(database: string): Promise<number> {
  const store = await openStore(database);
  try {
    const [row] = await store.reading((session) =>
      session.rows("SELECT epoch_ms(max(time)) AS last FROM base.api_request_logs"),
    );
    return Number(row?.["last"]);
  } finally {
    await store.close();
  }
}

function note(time: {
  readonly tab: string;
  readonly opened: number;
  readonly shown: number;
}): void {
  if (times !== undefined) appendFileSync(times, `${JSON.stringify(time)}\n`);
}
