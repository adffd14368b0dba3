import type { VNode } from "preact";
import { Columns } from "../charts/columns.tsx";
import { bucketsOf } from "../data/buckets.ts";
import { tokensText } from "../data/text.ts";
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
  const buckets = bucketsOf(table, "minute", timeZone);
  return (
    <Part heading="Tokens in the last hour">
      <Columns
        title="Tokens by type and minute"
        labels={buckets.labels}
        series={tokensOver(table, buckets)}
        show={tokensText}
      />
      <Drawer name="activity" heading="As a table: minutes" parameters={own} />
    </Part>
  );
}
