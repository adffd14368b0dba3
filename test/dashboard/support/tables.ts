import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { Sums } from "./truth.ts";

/** The exact values of a table's cells, row by row. */
export function exactRows(page: Page, caption: string): Promise<string[][]> {
  return page
    .locator(`section.table-box[aria-label='${caption}'] tbody tr`)
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.dataset["exact"] ?? "")),
    );
}

/** That tokens and cost stand among the cells. */
export function expectSums(cells: readonly string[], sums: Sums | undefined): void {
  expect(cells.map(Number)).toContain(sums?.tokens);
  expectCost(cells, sums?.cost ?? Number.NaN);
}

/** That a cost stands among the cells. */
export function expectCost(cells: readonly string[], cost: number): void {
  expect(cells.some((cell) => Math.abs(Number(cell) - cost) < 1e-9)).toBe(true);
}
