import type { VNode } from "preact";
import type { TableMessage } from "../../host/protocol.ts";
import { Bars } from "../charts/bars.tsx";
import { Ranges } from "../charts/ranges.tsx";
import { huesOf } from "../data/colours.ts";
import { readerOf } from "../data/rows.ts";
import { durationText, ratioText, tokensText } from "../data/text.ts";
import { useReport } from "../ui/asked.ts";
import { gapOf, Part, ReportTable, View } from "../ui/parts.tsx";
import { DataTable } from "../ui/table.tsx";

/** Tools: how often, how well, how long. */
export function ToolsView(): VNode {
  const asked = useReport("tools");
  const { table } = asked;
  return (
    <View question="Which tools were used, and how well did they work?">
      {gapOf(asked, "tools") ??
        (table !== undefined && (
          <>
            <Bars
              title="tool"
              headings={["calls", "half within", "95 % within", "failed", "failure rate"]}
              bars={toolBars(table)}
            />
            <Part heading="How long a call takes: half within, 95 % within">
              <Ranges title="Duration by tool" rows={durations(table)} show={durationText} />
            </Part>
            <DataTable table={table} caption="Tools" isOld={asked.isOld} />
          </>
        ))}
      <Part heading="What went wrong">
        <ReportTable name="errors" heading="Failures" />
      </Part>
    </View>
  );
}

function toolBars(table: TableMessage) {
  const read = readerOf(table.columns);
  const hues = huesOf(table.rows.map((row) => read.text(row, "tool_name")));
  return table.rows.map((row) => {
    const calls = read.number(row, "calls");
    const failures = read.number(row, "failures");
    const name = read.text(row, "tool_name");
    return {
      name,
      colour: hues.get(name) ?? "hue-other",
      value: calls,
      parts: [
        { name: "done", colour: "token-input", value: calls - failures },
        { name: "failed", colour: "hue-error", value: failures },
      ],
      facts: [
        tokensText(calls),
        durationText(read.cell(row, "duration_p50_ms") as number | null),
        durationText(read.cell(row, "duration_p95_ms") as number | null),
        failures > 0 ? tokensText(failures) : "",
        failures > 0 ? ratioText(read.cell(row, "failure_rate") as number | null) : "",
      ],
      isBad: failures > 0,
    };
  });
}

function durations(table: TableMessage) {
  const read = readerOf(table.columns);
  const hues = huesOf(table.rows.map((row) => read.text(row, "tool_name")));
  return table.rows.map((row) => ({
    name: read.text(row, "tool_name"),
    colour: hues.get(read.text(row, "tool_name")) ?? "hue-other",
    middle: read.number(row, "duration_p50_ms"),
    high: read.number(row, "duration_p95_ms"),
  }));
}
