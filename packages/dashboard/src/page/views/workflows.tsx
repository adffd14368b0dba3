import type { VNode } from "preact";
import type { TableMessage } from "../../host/protocol.ts";
import { type Bar, Bars } from "../charts/bars.tsx";
import { huesOf } from "../data/colours.ts";
import { costOfRow, readerOf } from "../data/rows.ts";
import { type PartlyKnown, partlyKnownText } from "../data/text.ts";
import { useReport } from "../ui/asked.ts";
import { usePage } from "../ui/context.ts";
import { gapOf, Part, View } from "../ui/parts.tsx";
import { DataTable } from "../ui/table.tsx";
import { usageBars, usageHeadings } from "./usage.ts";
import { WorkflowView } from "./workflow.tsx";

/** Workflows, or the one that is open. */
export function WorkflowsView(): VNode {
  const { state } = usePage();
  const { openWorkflow } = state;
  return openWorkflow === null ? (
    <AllWorkflows />
  ) : (
    <WorkflowView key={openWorkflow} workflow={openWorkflow} />
  );
}

function AllWorkflows(): VNode {
  const { change } = usePage();
  const asked = useReport("workflows");
  const stages = useReport("stages", { limit: "all" });
  const open = (workflow: string) => change({ openWorkflow: workflow });
  const { table } = asked;
  const gap = gapOf(asked, "workflows");
  return (
    <View question="What did each workflow cost?">
      {gap ??
        (table !== undefined && (
          <>
            <Bars
              title="workflow"
              headings={usageHeadings}
              bars={usageBars(table, "workflow_id")}
              onOpen={open}
            />
            <DataTable
              table={table}
              caption="Workflows"
              isOld={asked.isOld}
              onOpen={(row) => open(readerOf(table.columns).text(row, "workflow_id"))}
            />
            {stages.table !== undefined && stages.table.rows.length > 0 && (
              <Part heading="Stages side by side">
                <Bars title="stage" {...acrossWorkflows(stages.table)} />
              </Part>
            )}
          </>
        ))}
    </View>
  );
}

const MOST_BESIDE = 5;

/** A bar per stage, of the workflows that had it; a column per workflow. */
function acrossWorkflows(table: TableMessage): {
  readonly headings: readonly string[];
  readonly bars: readonly Bar[];
} {
  const read = readerOf(table.columns);
  const costs = new Map<string, Map<string, PartlyKnown>>();
  const sums = new Map<string, number>();
  for (const row of table.rows) {
    const workflow = read.text(row, "workflow_id");
    const cost = costOfRow(read, row);
    const ofStage = costs.get(read.text(row, "stage")) ?? new Map<string, PartlyKnown>();
    ofStage.set(workflow, together(ofStage.get(workflow), cost));
    costs.set(read.text(row, "stage"), ofStage);
    sums.set(workflow, (sums.get(workflow) ?? 0) + (cost.usd ?? 0));
  }
  const workflows = [...sums.keys()]
    .sort((a, b) => (sums.get(b) ?? 0) - (sums.get(a) ?? 0))
    .slice(0, MOST_BESIDE);
  const hues = huesOf(workflows);
  const stageHues = huesOf([...costs.keys()]);
  const bars = [...costs].map(([stage, ofStage]) => ({
    name: stage,
    colour: stageHues.get(stage) ?? "hue-other",
    value: [...ofStage.values()].reduce((sum, { usd }) => sum + (usd ?? 0), 0),
    parts: workflows.map((workflow) => ({
      name: workflow,
      colour: hues.get(workflow) ?? "hue-other",
      value: ofStage.get(workflow)?.usd ?? 0,
    })),
    facts: workflows.map((workflow) => {
      const cost = ofStage.get(workflow);
      return cost === undefined ? "" : partlyKnownText(cost);
    }),
  }));
  return { headings: workflows, bars };
}

function together(one: PartlyKnown | undefined, other: PartlyKnown): PartlyKnown {
  if (one === undefined) return other;
  const isKnown = one.usd !== undefined || other.usd !== undefined;
  return {
    usd: isKnown ? (one.usd ?? 0) + (other.usd ?? 0) : undefined,
    unpricedRequests: one.unpricedRequests + other.unpricedRequests,
  };
}
