import type { VNode } from "preact";
import { Bars } from "../charts/bars.tsx";
import { Columns } from "../charts/columns.tsx";
import { Lines } from "../charts/lines.tsx";
import { numberOf } from "../data/cells.ts";
import { tokenTypes } from "../data/colours.ts";
import { readerOf } from "../data/rows.ts";
import { ratioText, tokensText } from "../data/text.ts";
import type { TableMessage } from "../protocol.ts";
import { useReport } from "../ui/asked.ts";
import { gapOf, Part, ReportTable, View } from "../ui/parts.tsx";
import { DataTable } from "../ui/table.tsx";
import { tokensOver, usageBars } from "./usage.ts";

/** The cache: what came from it, over time and by stage. */
export function CacheView(): VNode {
  const asked = useReport("daily");
  const { table } = asked;
  return (
    <View question="What would make it cheaper?">
      {gapOf(asked, "days") ??
        (table !== undefined && (
          <>
            <Part heading="Part of the input that was read from the cache">
              <Lines title="Cache hit rate by day" {...hitRates(table)} show={ratioText} most={1} />
            </Part>
            <Part heading="Tokens by type and day">
              <Columns
                title="Tokens by type and day"
                {...tokensOver(table, "day")}
                show={tokensText}
              />
            </Part>
            <ReportTable name="cache" heading="Cache by day" />
            <ByStage />
            <DataTable table={table} caption="Days" isOld={asked.isOld} />
          </>
        ))}
    </View>
  );
}

function ByStage(): VNode | null {
  const asked = useReport("stages", { limit: "all" });
  const { table } = asked;
  if (table === undefined || table.rows.length === 0) return null;
  return (
    <Part heading="By workflow and stage">
      <Bars
        title="stage"
        headings={["cached", "read", "written", "not cached"]}
        bars={stageBars(table)}
      />
      <DataTable table={table} caption="Cache by workflow and stage" />
    </Part>
  );
}

function hitRates(table: TableMessage) {
  const read = readerOf(table.columns);
  return {
    labels: table.rows.map((row) => read.text(row, "day")),
    series: [
      {
        name: "cached",
        colour: "token-cache-read",
        values: table.rows.map((row) => numberOf(read.cell(row, "cache_hit_rate"))),
      },
    ],
  };
}

/** The input of each stage by where it came from, the least cached first. */
function stageBars(table: TableMessage) {
  const read = readerOf(table.columns);
  const bars = usageBars(table, "stage").map((bar, at) => {
    const row = table.rows[at] ?? [];
    const rate = numberOf(read.cell(row, "cache_hit_rate"));
    const input = tokenTypes.filter(({ name }) => name !== "output_tokens");
    return {
      ...bar,
      name: `${read.text(row, "workflow_id")} ${read.text(row, "stage")}`,
      value: input.reduce((sum, { name }) => sum + read.number(row, name), 0),
      parts: input.map(({ name, label, colour }) => ({
        name: label,
        colour,
        value: read.number(row, name),
      })),
      facts: [
        ratioText(rate),
        tokensText(read.number(row, "cache_read_tokens")),
        tokensText(read.number(row, "cache_creation_tokens")),
        tokensText(read.number(row, "input_tokens")),
      ],
      isBad: false,
      rate: rate ?? 2,
    };
  });
  return bars.toSorted((a, b) => a.rate - b.rate);
}
