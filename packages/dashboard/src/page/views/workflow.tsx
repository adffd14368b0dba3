import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { ReportParameters, TableMessage } from "../../host/protocol.ts";
import { Bars } from "../charts/bars.tsx";
import { Legend } from "../charts/legend.tsx";
import { Timeline } from "../charts/timeline.tsx";
import { readerOf } from "../data/rows.ts";
import { type Asked, useReport } from "../ui/asked.ts";
import { usePage } from "../ui/context.ts";
import { Button, Icon, Select } from "../ui/controls.tsx";
import { Drawer, Facts, gapOf, Part, View } from "../ui/parts.tsx";
import { DataTable } from "../ui/table.tsx";
import { comparison } from "./comparison.ts";
import { stageSpans } from "./spans.ts";
import { factsOf, usageBars, usageHeadings } from "./usage.ts";

/** A workflow is shown whole, whatever range was chosen. */
const wholeTime = { last: null, since: null, until: null } as const;

/** One workflow, stage by stage. */
export function WorkflowView({ workflow }: { readonly workflow: string }): VNode {
  const { change } = usePage();
  const own = { ...wholeTime, workflow, stage: null };
  const asked = useReport("stages", { ...own, limit: "all" });
  const total = useReport("workflows", own);
  const [stage, chooseStage] = useState<string | null>(null);
  const [row] = total.table?.rows ?? [];
  const { table } = asked;
  return (
    <View
      question="What did this workflow cost, stage by stage?"
      beside={
        <>
          <span class="subject">{workflow}</span>
          <span class="quiet">{pathText(total.table)}</span>
        </>
      }
    >
      <div class="actions">
        <Button secondary onClick={() => change({ openWorkflow: null })}>
          <Icon name="arrow-left" /> All workflows
        </Button>
      </div>
      {total.table !== undefined && row !== undefined && (
        <Facts facts={factsOf(total.table, row)} />
      )}
      {gapOf(asked, "stages") ??
        (table !== undefined && (
          <>
            <Bars
              title="stage"
              headings={usageHeadings}
              bars={usageBars(table, "stage")}
              onOpen={(name) => chooseStage(stage === name ? null : name)}
            />
            <Runs own={own} />
            <DataTable table={table} caption={`Stages of ${workflow}`} without={["workflow_id"]} />
          </>
        ))}
      <Details own={{ ...own, stage }} stage={stage} onAll={() => chooseStage(null)} />
      <Comparison workflow={workflow} asked={asked} />
    </View>
  );
}

function Runs({ own }: { readonly own: ReportParameters }): VNode | null {
  const { table } = useReport("timeline", own);
  if (table === undefined || table.rows.length === 0) return null;
  const spans = stageSpans(table);
  const colours = new Map(spans.map(({ name, colour }) => [name, colour]));
  return (
    <Part heading="What ran when">
      <Timeline title="Runs of stages over time" spans={spans} />
      <Legend items={[...colours].map(([name, colour]) => ({ name, colour }))} />
      <Drawer
        name="timeline"
        heading="As a table: runs"
        parameters={own}
        without={["workflow_id"]}
      />
    </Part>
  );
}

function Details(props: {
  readonly own: ReportParameters;
  readonly stage: string | null;
  readonly onAll: () => void;
}): VNode {
  const { own, stage, onAll } = props;
  const of = stage === null ? "" : ` of ${stage}`;
  return (
    <div class="drawers">
      {stage !== null && (
        <p>
          Only the stage <b>{stage}</b>.{" "}
          <Button secondary onClick={onAll}>
            All stages
          </Button>
        </p>
      )}
      <Drawer name="tasks" heading={`Tasks${of}`} parameters={own} without={["workflow_id"]} />
      <Drawer name="agents" heading={`Agents${of}`} parameters={own} without={["workflow_id"]} />
      <Drawer name="models" heading={`Models${of}`} parameters={own} />
      <Drawer name="tools" heading={`Tools${of}`} parameters={own} />
      <Drawer name="errors" heading={`Failures${of}`} parameters={own} />
      <Drawer name="requests" heading={`Requests${of}`} parameters={own} />
    </div>
  );
}

function Comparison(props: { readonly workflow: string; readonly asked: Asked }): VNode | null {
  const { workflow, asked } = props;
  const [other, choose] = useState("");
  const all = useReport("workflows", wholeTime);
  const second = useReport(other === "" ? undefined : "stages", {
    ...wholeTime,
    workflow: other,
    stage: null,
    limit: "all",
  });
  const read = readerOf(all.table?.columns ?? []);
  const names = (all.table?.rows ?? [])
    .map((row) => read.text(row, "workflow_id"))
    .filter((name) => name !== workflow);
  if (names.length === 0 || asked.table === undefined) return null;
  return (
    <Part heading="Compare with another workflow">
      <Select
        label="Compare with"
        value={other}
        choices={[
          { value: "", label: "compare with…" },
          ...names.map((name) => ({ value: name, label: name })),
        ]}
        onChoose={choose}
      />
      {second.table !== undefined && (
        <DataTable
          table={comparison(asked.table, second.table, workflow, other)}
          caption={`${workflow} and ${other}, stage by stage`}
        />
      )}
    </Part>
  );
}

function pathText(table: TableMessage | undefined): string {
  const [row] = table?.rows ?? [];
  if (table === undefined || row === undefined) return "";
  const read = readerOf(table.columns);
  return [read.text(row, "workflow_path"), read.text(row, "complexity")]
    .filter((text) => text !== "")
    .join(" · ");
}
