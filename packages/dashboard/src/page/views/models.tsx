import type { VNode } from "preact";
import type { TableMessage } from "../../host/protocol.ts";
import { Bars } from "../charts/bars.tsx";
import { costOfRow, readerOf } from "../data/rows.ts";
import { partlyKnownText, ratioText, tokensText, usdText } from "../data/text.ts";
import { useReport } from "../ui/asked.ts";
import { gapOf, Part, View } from "../ui/parts.tsx";
import { DataTable } from "../ui/table.tsx";
import { CostPerRequest } from "./cost-per-request.tsx";
import { usageBars } from "./usage.ts";
import { UsageOverTime } from "./usage-over-time.tsx";

/** Models: what each cost, over time, in all, and for a request. */
export function ModelsView(): VNode {
  const asked = useReport("models");
  const { table } = asked;
  return (
    <View question="Where does the money go?">
      {gapOf(asked, "models") ??
        (table !== undefined && (
          <>
            <UsageOverTime footer={table.footer} />
            <Part heading="Share and price of each model">
              <Bars
                title="model"
                headings={["cost", "share", "tokens", "a request", "a million tokens", "cached"]}
                bars={modelBars(table)}
              />
            </Part>
            <CostPerRequest />
            <DataTable table={table} caption="Models" isOld={asked.isOld} />
          </>
        ))}
    </View>
  );
}

function modelBars(table: TableMessage) {
  const read = readerOf(table.columns);
  return usageBars(table, "model").map((bar, at) => {
    const row = table.rows[at] ?? [];
    const { usd, unpricedRequests } = costOfRow(read, row);
    const tokens = read.number(row, "total_tokens");
    return {
      ...bar,
      facts: [
        bar.facts[0] ?? "",
        ratioText(read.cell(row, "cost_share") as number | null),
        tokensText(tokens),
        usdText(read.cell(row, "cost_per_request") as number | null),
        partlyKnownText({ usd: perMillion(usd, tokens), unpricedRequests }),
        ratioText(read.cell(row, "cache_hit_rate") as number | null),
      ],
      isBad: false,
    };
  });
}

function perMillion(usd: number | undefined, tokens: number): number | undefined {
  return usd === undefined || tokens === 0 ? undefined : (usd / tokens) * 1e6;
}
