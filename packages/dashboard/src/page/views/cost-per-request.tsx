import type { VNode } from "preact";
import type { TableMessage } from "../../host/protocol.ts";
import { Ranges } from "../charts/ranges.tsx";
import { huesOf } from "../data/colours.ts";
import { costOfRow, readerOf } from "../data/rows.ts";
import { usdText } from "../data/text.ts";
import { useReport } from "../ui/asked.ts";
import { Part } from "../ui/parts.tsx";

const MOST_REQUESTS = 2_000;

/** How the cost of a request is spread, by model; of the newest requests. */
export function CostPerRequest(): VNode | null {
  const { table } = useReport("requests", { limit: MOST_REQUESTS });
  if (table === undefined || table.rows.length === 0) return null;
  const rows = spreadByModel(table);
  if (rows.length === 0) return null;
  const newest = table.more ? ` of the newest ${table.rows.length}` : "";
  return (
    <Part heading={`Cost of a request${newest}: half within, 95 % within`}>
      <Ranges title="Cost of a request by model" rows={rows} show={usdText} />
    </Part>
  );
}

function spreadByModel(table: TableMessage) {
  const read = readerOf(table.columns);
  const costs = new Map<string, number[]>();
  for (const row of table.rows) {
    const model = read.text(row, "model");
    const known = costs.get(model) ?? [];
    const { usd } = costOfRow(read, row);
    if (usd === undefined) continue;
    known.push(usd);
    costs.set(model, known);
  }
  const hues = huesOf([...costs.keys()]);
  return [...costs]
    .map(([name, values]) => ({
      name,
      colour: hues.get(name) ?? "hue-other",
      middle: quantile(values, 0.5),
      high: quantile(values, 0.95),
    }))
    .filter(({ middle, high }) => middle > 0 && high > 0)
    .sort((a, b) => b.high - a.high);
}

/** The value that a part of all values do not exceed. */
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
