import type { Page } from "playwright-core";
import { waitFor } from "./waiting.ts";

/**
 * Waits until VS Code has written something with this text to the browser's storage. It writes there
 * at its own time, and what it has not written is lost when the page is loaded again.
 */
export async function stored(page: Page, text: string): Promise<void> {
  const isStored = async (): Promise<boolean> => {
    const values = await page.evaluate<readonly string[]>(allStored);
    return values.some((value) => value.includes(text));
  };
  await waitFor(`${text} in VS Code's storage`, isStored, 60_000);
}

/** Gives every text that VS Code has stored, in the words of the page. */
const allStored = `(async () => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const texts = [];
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith("vscode-web-state-db-")) continue;
    const database = await done(indexedDB.open(name));
    for (const table of database.objectStoreNames) {
      const values = await done(database.transaction(table).objectStore(table).getAll());
      texts.push(...values.filter((value) => typeof value === "string"));
    }
    await database.close();
  }
  return texts;
})()`;
