/** Rows of usage as charts and facts want them. */

import type { TableMessage } from "../../host/protocol.ts";
import type { Bar } from "../charts/bars.tsx";
import { largestSeries, type Series } from "../charts/stack.ts";
import type { Buckets } from "../data/buckets.ts";
import { numberOf } from "../data/cells.ts";
import { huesOf, tokenTypes } from "../data/colours.ts";
import { costOfRow, type Row, readerOf } from "../data/rows.ts";
import { costTexts, durationText, partlyKnownText, ratioText, tokensText } from "../data/text.ts";
import type { Fact } from "../ui/parts.tsx";

/** The headings of `usageBars`. */
export const usageHeadings = ["cost", "share", "tokens", "took", "cached", "errors"] as const;

/** A bar per row: its length is the cost, its parts are the types of tokens. */
export function usageBars(table: TableMessage, nameColumn: string): readonly Bar[] {
  const read = readerOf(table.columns);
  const hues = huesOf(table.rows.map((row) => read.text(row, nameColumn)));
  const costs = table.rows.map((row) => costOfRow(read, row));
  const whole = costs.reduce((sum, { usd }) => sum + (usd ?? 0), 0);
  const texts = costTexts(costs);
  return table.rows.map((row, at) => {
    const name = read.text(row, nameColumn);
    const errors = read.number(row, "errors");
    const cost = costs[at]?.usd;
    return {
      name,
      colour: hues.get(name) ?? "hue-other",
      value: cost ?? 0,
      parts: tokenTypes.map((type) => ({
        name: type.label,
        colour: type.colour,
        value: read.number(row, type.name),
      })),
      facts: [
        texts[at] ?? "",
        whole > 0 ? ratioText(cost === undefined ? undefined : cost / whole) : "",
        tokensText(read.number(row, "total_tokens")),
        read.has("wall_seconds") ? durationText(read.number(row, "wall_seconds") * 1000) : "",
        ratioText(read.cell(row, "cache_hit_rate") as number | null),
        errors > 0 ? String(errors) : "",
      ],
      isBad: errors > 0,
    };
  });
}

/** The facts of a row of totals, for the head of a view. */
export function factsOf(table: TableMessage, row: Row): readonly Fact[] {
  const read = readerOf(table.columns);
  const exact = (name: string) => read.text(row, name);
  const errors = read.number(row, "errors");
  const facts: readonly (Fact & { readonly needs: string })[] = [
    {
      needs: "cost_usd",
      label: "cost",
      text: partlyKnownText(costOfRow(read, row)),
      exact: exact("cost_usd") || "no price",
    },
    {
      needs: "total_tokens",
      label: "tokens",
      text: tokensText(exact("total_tokens")),
      exact: exact("total_tokens"),
    },
    { needs: "requests", label: "requests", text: tokensText(read.cell(row, "requests") as Shown) },
    {
      needs: "wall_seconds",
      label: "from first to last",
      text: durationText(read.number(row, "wall_seconds") * 1000),
    },
    {
      needs: "cache_hit_rate",
      label: "cached",
      text: ratioText(read.cell(row, "cache_hit_rate") as Shown),
      exact: exact("cache_hit_rate"),
    },
    {
      needs: "unattributed_share",
      label: "without a stage",
      text: ratioText(read.cell(row, "unattributed_share") as Shown),
      exact: exact("unattributed_share"),
    },
    { needs: "errors", label: "errors", text: tokensText(errors), isBad: errors > 0 },
  ];
  return facts.filter(({ needs }) => read.has(needs));
}

type Shown = number | string | null;

/** What each part used within each bucket, the largest few by themselves; without parts of which nothing is known. */
export function partsOver(table: TableMessage, buckets: Buckets, value: string): readonly Series[] {
  const read = readerOf(table.columns);
  const partOf = (row: Row): string => nameOf(read.text(row, "part"));
  const hues = huesOf([...new Set(table.rows.map(partOf))]);
  const known = table.rows.filter((row) => numberOf(read.cell(row, value)) !== undefined);
  const names = [...new Set(known.map(partOf))];
  const series = names.map((name) => ({
    name,
    colour: hues.get(name) ?? "hue-other",
    values: buckets.rows.map((rows) =>
      rows
        .filter((row) => partOf(row) === name)
        .reduce((sum, row) => sum + read.number(row, value), 0),
    ),
  }));
  return largestSeries(series, 8);
}

/** The types of tokens within each bucket. */
export function tokensOver(table: TableMessage, buckets: Buckets): readonly Series[] {
  const read = readerOf(table.columns);
  return tokenTypes.map(({ name, label, colour }) => ({
    name: label,
    colour,
    values: buckets.rows.map((rows) => rows.reduce((sum, row) => sum + read.number(row, name), 0)),
  }));
}

function nameOf(text: string): string {
  return text === "" ? "(none)" : text;
}
