import type { VNode } from "preact";
import { MOST_ROWS, type TableFooter, type TableMessage } from "../../host/protocol.ts";
import { Bars } from "../charts/bars.tsx";
import { Columns } from "../charts/columns.tsx";
import { type Bucket, bucketFor, bucketsOf } from "../data/buckets.ts";
import { type Row, readerOf } from "../data/rows.ts";
import { plural, ratioText, type Shown, tokensText, usdText } from "../data/text.ts";
import { useReport } from "../ui/asked.ts";
import { usePage } from "../ui/context.ts";
import { type Choice, Select } from "../ui/controls.tsx";
import { Drawer, gapOf, Part } from "../ui/parts.tsx";
import { partsOver, usageBars } from "./usage.ts";

const BY_MODEL = "model";
/** What stands among the splits of a report for any tag; the tags that there are stand in its place. */
const ANY_TAG = "tag:NAME";
/** Parts that are drawn as bars; the table below has all of them. */
const MOST_BARS = 20;
/** Characters of a heading beside which the bars still have room. */
const LONGEST_HEAD = 24;

/** Usage over time, split by what is chosen: a column of a request, or a tag of the user's own. */
export function UsageOverTime({ footer }: { readonly footer: TableFooter | null }): VNode {
  const { change, reports, state } = usePage();
  const by = state.split ?? BY_MODEL;
  const bucket = bucketFor(footer?.firstTime ?? null, footer?.lastTime ?? null);
  const own = { by, bucket, limit: MOST_ROWS };
  const asked = useReport("activity", own);
  const { table, isOld } = asked;
  const heading = `Cost by ${by} and ${bucket}`;
  const choices = splitChoices(
    reports.get("activity")?.splits ?? [],
    table?.footer?.tags ?? [],
    by,
  );
  return (
    <>
      <Part heading={heading}>
        <Select
          label="Split by"
          value={by}
          choices={choices}
          onChoose={(chosen) => change({ split: chosen === BY_MODEL ? null : chosen })}
        />
        {gapOf(asked, "costs") ??
          (table !== undefined && (
            <div class={isOld ? "old" : ""}>
              <Chart title={heading} table={table} bucket={bucket} />
            </div>
          ))}
        <Drawer name="activity" heading={`As a table: ${heading.toLowerCase()}`} parameters={own} />
      </Part>
      {by !== BY_MODEL && <Parts by={by} />}
    </>
  );
}

/** What usage can be split by, with the one that is chosen even if nothing in the range has it. */
function splitChoices(
  splits: readonly string[],
  tags: readonly string[],
  chosen: string,
): readonly Choice[] {
  const offered = splits.flatMap((split) =>
    split === ANY_TAG ? tags.map((tag) => `tag:${tag}`) : [split],
  );
  return [...new Set([...offered, chosen])].map((value) => ({ value, label: `by ${value}` }));
}

function Chart(props: {
  readonly title: string;
  readonly table: TableMessage;
  readonly bucket: Bucket;
}): VNode {
  const { title, table, bucket } = props;
  const { timeZone } = usePage();
  const buckets = bucketsOf(table, bucket, timeZone);
  const read = readerOf(table.columns);
  const series = partsOver(table, buckets, "cost_usd");
  const unpriced = table.rows.reduce((sum, row) => sum + read.number(row, "unpriced_requests"), 0);
  return (
    <>
      {series.length > 0 && (
        <Columns title={title} labels={buckets.labels} series={series} show={usdText} />
      )}
      {unpriced > 0 && (
        <p class="quiet">
          {series.length === 0
            ? "No request of this range has a price."
            : `${plural(unpriced, "request")} without a price ${unpriced === 1 ? "is" : "are"} not in it.`}
        </p>
      )}
    </>
  );
}

/** What each part comes to in the whole range. */
function Parts({ by }: { readonly by: string }): VNode {
  const asked = useReport("summary", { by, limit: MOST_BARS });
  const { table, isOld } = asked;
  const most = table?.more === true ? `, the ${MOST_BARS} largest` : "";
  const heading = `Share of each ${by}${most}`;
  return (
    <Part heading={heading}>
      {gapOf(asked, "costs") ??
        (table !== undefined && (
          <div class={isOld ? "old" : ""}>
            <Bars title={by.length > LONGEST_HEAD ? "part" : by} {...barsOf(table)} />
          </div>
        ))}
      <Drawer
        name="summary"
        heading={`As a table: each ${by}`}
        parameters={{ by, limit: MOST_ROWS }}
      />
    </Part>
  );
}

function barsOf(table: TableMessage) {
  const read = readerOf(table.columns);
  const unpriced = (row: Row) => read.number(row, "unpriced_requests");
  const isPriced = !table.rows.some((row) => unpriced(row) > 0);
  const bars = usageBars(table, "part").map((bar, at) => {
    const row = table.rows[at] ?? [];
    const shown = (name: string) => read.cell(row, name) as Shown;
    return {
      ...bar,
      facts: [
        bar.facts[0] ?? "",
        ratioText(shown("cost_share")),
        tokensText(shown("total_tokens")),
        tokensText(shown("requests")),
        ratioText(shown("cache_hit_rate")),
        ...(isPriced ? [] : [unpriced(row) > 0 ? tokensText(unpriced(row)) : ""]),
      ],
      isBad: false,
    };
  });
  const headings = ["cost", "share", "tokens", "requests", "cached"];
  return { headings: isPriced ? headings : [...headings, "no price"], bars };
}
