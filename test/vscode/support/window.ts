import type { Browser, BrowserContext, Frame, Locator, Page } from "playwright-core";
import { waitFor } from "./waiting.ts";

/** The status bar item, as VS Code names it in the page: publisher, extension, item. */
export const STATUS_ITEM = "cctelemetry.cctelemetry-vscode.cctelemetry.status";

export interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  /** Called before the page loads. */
  readonly before?: (page: Page, context: BrowserContext) => Promise<void>;
}

/** A window of VS Code with the extension in it. */
export interface Window {
  readonly page: Page;
  readonly item: Locator;
  /** Text of the status bar item, without its icons. */
  readonly text: () => Promise<string>;
  /** Names of the icons in it, and of its background (`warning`, `error`). */
  readonly icons: () => Promise<readonly string[]>;
  readonly tone: () => Promise<string>;
  /** Resolves when the item's text fits; throws the text it had at last. */
  readonly shows: (expected: string | RegExp, patienceMs?: number) => Promise<void>;
  /** Text of the tooltip, white space made one blank. */
  readonly tooltip: () => Promise<string>;
  /** Runs a command from the palette by its title. */
  readonly command: (title: string) => Promise<void>;
  /** The page of the dashboard, which is opened when it is not open yet. */
  readonly dashboard: () => Promise<Frame>;
  readonly close: () => Promise<void>;
}

/** Opens a window and waits until the extension's status item is there. */
export async function openWindow(
  browser: Browser,
  url: string,
  options: WindowOptions = {},
): Promise<Window> {
  const { width = 1280, height = 800 } = options;
  const context = await browser.newContext({ viewport: { width, height } });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await options.before?.(page, context);
  await page.goto(url, { waitUntil: "domcontentloaded" });
  await page.waitForSelector(".monaco-workbench", { timeout: 60_000 });
  const item = page.locator(`[id="${STATUS_ITEM}"]`);
  await item.waitFor({ timeout: 60_000 });
  const window = { page, item };
  return {
    ...window,
    text: () => textOf(item),
    icons: () => iconsOf(item),
    tone: () => toneOf(item),
    shows: (expected, patienceMs) => showsText(item, expected, patienceMs),
    tooltip: () => tooltipOf(window),
    command: (title) => runCommand(page, title),
    dashboard: () => dashboardOf(window),
    close: () => context.close(),
  };
}

async function textOf(item: Locator): Promise<string> {
  return ((await item.textContent()) ?? "").replace(/\s+/g, " ").trim();
}

function iconsOf(item: Locator): Promise<readonly string[]> {
  return item
    .locator(".codicon")
    .evaluateAll((icons) =>
      icons.flatMap((icon) =>
        [...icon.classList]
          .filter((name) => /^codicon-(?!modifier)/.test(name))
          .map((name) => name.slice(8)),
      ),
    );
}

function toneOf(item: Locator): Promise<string> {
  return item.evaluate((element) => {
    const kind = [...element.classList].find((name) => /^(?:warning|error)-kind$/.test(name));
    return kind?.replace("-kind", "") ?? "plain";
  });
}

async function showsText(
  item: Locator,
  expected: string | RegExp,
  patienceMs = 60_000,
): Promise<void> {
  let text = "";
  const fits = async (): Promise<boolean> => {
    text = await textOf(item).catch(() => "(no item)");
    return typeof expected === "string" ? text === expected : expected.test(text);
  };
  await waitFor(`“${expected}” in the status bar`, fits, patienceMs).catch((error: unknown) => {
    throw new Error(`The status bar says “${text}”.`, { cause: error });
  });
}

type Shown = Pick<Window, "page" | "item">;

async function tooltipOf({ page, item }: Shown): Promise<string> {
  await page.mouse.move(600, 300);
  await item.hover();
  const hover = page.locator(".workbench-hover:visible").filter({ hasText: "Open dashboard" });
  await hover.first().waitFor({ timeout: 60_000 });
  const text = (await hover.first().allInnerTexts()).join(" ").replace(/\s+/g, " ").trim();
  await page.mouse.move(600, 300);
  return text;
}

async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget").waitFor({ state: "visible" });
  await page.keyboard.type(title);
  const row = page.locator(".quick-input-list .monaco-list-row").filter({ hasText: title });
  await row.first().waitFor({ timeout: 60_000 });
  await row.first().click();
}

/** Whether the dashboard has a tab in the editor, though perhaps no page in it yet. */
async function isOpen(page: Page): Promise<boolean> {
  return (await page.locator(".tab", { hasText: "Claude Code Telemetry" }).count()) > 0;
}

/** A webview is a frame in a frame; ours is the one with tabs in it. */
async function dashboardOf({ page, item }: Shown): Promise<Frame> {
  const find = async (): Promise<Frame | undefined> => {
    for (const frame of page.frames()) {
      const tabs = await frame.$$("[role=tab]").catch(() => []);
      if (frame.parentFrame()?.parentFrame() && tabs.length > 0) return frame;
    }
    return undefined;
  };
  let frame = await find();
  if (frame === undefined && !(await isOpen(page))) await item.click();
  await waitFor("the dashboard", async () => {
    frame = await find();
    return frame !== undefined;
  });
  if (frame === undefined) throw new Error("no dashboard");
  return frame;
}
