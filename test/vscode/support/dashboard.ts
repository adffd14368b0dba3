import type { Frame, Page } from "playwright-core";
import type { TabName } from "../../../packages/dashboard/src/host/protocol.ts";
import { waitFor } from "./waiting.ts";

/** Chooses a tab of the dashboard and waits for its answers. */
export async function chooseTab(frame: Frame, name: TabName): Promise<void> {
  await frame.locator(`[data-tab="${name}"]`).click();
  await settled(frame);
}

/** Waits until nothing is being loaded. */
export async function settled(frame: Frame): Promise<void> {
  await frame.waitForTimeout(200);
  const pending = frame.locator(".waiting, .old");
  const answered = async (): Promise<boolean> => (await pending.count()) === 0;
  await waitFor("the answers of the page", answered, 60_000).catch(async (error: unknown) => {
    const heading = await frame.locator("h1").textContent();
    throw new Error(`No answer under “${heading}”.`, { cause: error });
  });
}

/** The exact values of a table, row by row, each by the name of its column. */
export async function exactRows(
  frame: Frame,
  caption: string,
): Promise<readonly Readonly<Record<string, string>>[]> {
  const box = frame.locator(`section.table-box[aria-label='${caption}']`);
  await box.waitFor();
  const wider = box.getByText("all columns");
  if ((await wider.count()) > 0) await wider.click();
  return box.evaluate((section) => {
    const names = [...section.querySelectorAll("thead button.head")].map(
      (head) => head.getAttribute("title") ?? "",
    );
    return [...section.querySelectorAll("tbody tr")].map((row) => {
      const cells = [...row.querySelectorAll("td, th")];
      return Object.fromEntries(
        names.map((name, index) => [name, cells[index]?.getAttribute("data-exact") ?? ""]),
      );
    });
  });
}

/** Runs a statement in the SQL tab and gives its rows. */
export async function runSql(
  page: Page,
  frame: Frame,
  sql: string,
): Promise<readonly Readonly<Record<string, string>>[]> {
  await chooseTab(frame, "sql");
  await frame.locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(sql);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Enter");
  await frame.locator("section[aria-label='Result']").waitFor();
  await settled(frame);
  return exactRows(frame, "Result");
}
