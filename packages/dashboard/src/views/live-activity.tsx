import type { VNode } from "preact";
import { Columns } from "../charts/columns.tsx";
import { microsOf } from "../data/cells.ts";
import { clockText, tokensText } from "../data/text.ts";
import { useReport } from "../ui/asked.ts";
import { usePage } from "../ui/context.ts";
import { Drawer, Part } from "../ui/parts.tsx";
import { tokensOver } from "./usage.ts";

const own = { last: "1h", since: null, until: null, bucket: "minute" } as const;

/** Tokens by type, minute by minute, of the last hour. */
export function LiveActivity(): VNode | null {
  const { timeZone } = usePage();
  const { table } = useReport("activity", own);
  if (table === undefined || table.rows.length === 0) return null;
  const [time = "time"] = table.columns.map(({ name }) => name);
  const { labels, series } = tokensOver(table, time);
  const clocks = labels.map((label) => {
    const micros = microsOf(label);
    return micros === undefined ? label : clockText(Number(micros), timeZone).slice(0, 5);
  });
  return (
    <Part heading="Tokens in the last hour">
      <Columns
        title="Tokens by type and minute"
        labels={clocks}
        series={series}
        show={tokensText}
      />
      <Drawer name="activity" heading="Minutes" parameters={own} />
    </Part>
  );
}
