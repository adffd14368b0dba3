import { type Browser, chromium, type Page } from "playwright-core";
import type { HostMessage } from "../../../packages/dashboard/src/host/protocol.ts";
import { readPageMessage } from "../../../packages/dashboard/src/host/protocol.ts";
import type { Host } from "./host.ts";
import { type ThemeName, themes } from "./themes.ts";

export function startBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"],
  });
}

/** A page with what went wrong in it. */
export interface Shown {
  readonly page: Page;
  /** Scripts that failed, and what the content security policy forbade. */
  readonly faults: readonly string[];
  /** Says something to the page as its host. */
  say(message: unknown): Promise<void>;
}

/** What an editor gives to its webviews, in the words of the page. */
const editorApi = `
  window.forbidden = [];
  window.addEventListener("securitypolicyviolation", (event) => {
    window.hostFault("forbidden: " + event.violatedDirective + " " + event.blockedURI + " " + event.sample);
  });
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => { window.hostPost(JSON.stringify(message)); },
  });
`;

/** Opens the page in a window of its own. */
export async function show(
  browser: Browser,
  host: Host,
  theme: ThemeName = "dark",
  size = { width: 900, height: 700 },
): Promise<Shown> {
  const page = await browser.newPage({ viewport: size, reducedMotion: "reduce" });
  page.setDefaultTimeout(60_000);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  const say = async (message: unknown) => {
    // An answer may come when the window is closed already.
    await page.evaluate((sent) => window.postMessage(sent), message).catch(() => undefined);
  };
  await page.exposeFunction("hostFault", (fault: string) => faults.push(fault));
  await page.exposeFunction("hostPost", async (text: string) => {
    const message = readPageMessage(JSON.parse(text));
    if (message === undefined) faults.push(`not of the protocol: ${text}`);
    else await host.receive(message, (answer: HostMessage) => void say(answer));
  });
  await page.addInitScript(editorApi);
  await page.goto(host.url);
  await dress(page, theme);
  await page.waitForSelector("h1");
  return { page, faults, say };
}

/** Gives the page the colours of a theme. */
async function dress(page: Page, theme: ThemeName): Promise<void> {
  await page.evaluate((colours) => {
    for (const [name, value] of Object.entries(colours)) {
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    }
  }, themes[theme]);
}

/** Chooses a tab and waits for its answers. */
export async function chooseTab(page: Page, name: string): Promise<void> {
  await page.locator(`vscode-tab-header[data-tab="${name}"]`).click();
  await settled(page);
}

/** Waits until nothing is being loaded. */
export async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(150);
  await page.waitForFunction(
    () => document.querySelector(".waiting") === null && document.querySelector(".old") === null,
  );
}
