import type { VNode } from "preact";
import { MOST_ROWS, type TableFooter, type TableMessage } from "../../host/protocol.ts";
import { Bars } from "../charts/bars.tsx";
import { Columns } from "../charts/columns.tsx";
import { Lines } from "../charts/lines.tsx";
import { type Buckets, bucketFor, bucketsOf } from "../data/buckets.ts";
import { numberOf } from "../data/cells.ts";
import { tokenTypes } from "../data/colours.ts";
import { readerOf } from "../data/rows.ts";
import { ratioText, tokensText, usdText } from "../data/text.ts";
import { useReport } from "../ui/asked.ts";
import { usePage } from "../ui/context.ts";
import { Drawer, Facts, gapOf, Part, ReportTable, View } from "../ui/parts.tsx";
import { DataTable } from "../ui/table.tsx";
import { tokensOver, usageBars } from "./usage.ts";

/** The cache: what came from it, over time and by stage. */
export function CacheView(): VNode {
  const asked = useReport("cache", { limit: MOST_ROWS });
  const { table } = asked;
  return (
    <View question="What would make it cheaper?">
      {gapOf(asked, "days") ??
        (table !== undefined && (
          <>
            <Facts facts={savings(table)} />
            <OverTime footer={table.footer} />
            <ByStage />
            <DataTable table={table} caption="Cache by day" isOld={asked.isOld} />
            <div class="drawers">
              <Drawer
                name="cache"
                heading="Cache by model"
                parameters={{ by: "model", limit: MOST_ROWS }}
              />
              <Drawer
                name="cache"
                heading="Cache by session"
                parameters={{ by: "session", limit: MOST_ROWS }}
              />
            </div>
          </>
        ))}
    </View>
  );
}

function savings(table: TableMessage) {
  const read = readerOf(table.columns);
  const sum = (name: string) => table.rows.reduce((all, row) => all + read.number(row, name), 0);
  const [readTokens, written, plain] = [
    sum("cache_read_tokens"),
    sum("cache_creation_tokens"),
    sum("input_tokens"),
  ];
  const input = readTokens + written + plain;
  return [
    { label: "of the input was cached", text: input === 0 ? "–" : ratioText(readTokens / input) },
    { label: "saved by list prices", text: usdText(sum("saved_usd")) },
    { label: "tokens read", text: tokensText(readTokens), exact: String(readTokens) },
    { label: "tokens written", text: tokensText(written), exact: String(written) },
    { label: "written, never read", text: tokensText(sum("never_read_tokens")) },
  ];
}

function OverTime({ footer }: { readonly footer: TableFooter | null }): VNode | null {
  const { timeZone } = usePage();
  const bucket = bucketFor(footer?.firstTime ?? null, footer?.lastTime ?? null);
  const own = { bucket, limit: MOST_ROWS };
  const { table } = useReport("activity", own);
  if (table === undefined || table.rows.length === 0) return null;
  const buckets = bucketsOf(table, bucket, timeZone);
  return (
    <>
      <Part heading={`Part of the input that was read from the cache, by ${bucket}`}>
        <Lines
          title={`Cache hit rate by ${bucket}`}
          labels={buckets.labels}
          series={hitRates(table, buckets)}
          show={ratioText}
          most={1}
        />
      </Part>
      <Part heading={`Tokens by type and ${bucket}`}>
        <Columns
          title={`Tokens by type and ${bucket}`}
          labels={buckets.labels}
          series={tokensOver(table, buckets)}
          show={tokensText}
        />
        <Drawer name="activity" heading={`As a table: tokens by ${bucket}`} parameters={own} />
      </Part>
    </>
  );
}

function ByStage(): VNode | null {
  const { table } = useReport("stages", { limit: "all" });
  if (table === undefined || table.rows.length === 0) return null;
  return (
    <Part heading="By workflow and stage, the least cached first">
      <Bars
        title="stage"
        headings={["cached", "read", "written", "not cached"]}
        bars={stageBars(table)}
      />
      <ReportTable
        name="cache"
        heading="Cache by stage"
        parameters={{ by: "stage", limit: MOST_ROWS }}
      />
    </Part>
  );
}

function hitRates(table: TableMessage, buckets: Buckets) {
  const read = readerOf(table.columns);
  const values = buckets.rows.map(([row]) =>
    row === undefined ? undefined : numberOf(read.cell(row, "cache_hit_rate")),
  );
  return [{ name: "cached", colour: "token-cache-read", values }];
}

/** The input of each stage by where it came from. */
function stageBars(table: TableMessage) {
  const read = readerOf(table.columns);
  const input = tokenTypes.filter(({ name }) => name !== "output_tokens");
  const bars = usageBars(table, "stage").map((bar, at) => {
    const row = table.rows[at] ?? [];
    const rate = numberOf(read.cell(row, "cache_hit_rate"));
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
