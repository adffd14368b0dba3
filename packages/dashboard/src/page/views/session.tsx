import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { TableMessage } from "../../host/protocol.ts";
import { Legend } from "../charts/legend.tsx";
import { Timeline } from "../charts/timeline.tsx";
import { type Row, readerOf } from "../data/rows.ts";
import { shortId } from "../data/text.ts";
import { useReport } from "../ui/asked.ts";
import { usePage } from "../ui/context.ts";
import { Button, type Choice, Icon, Select } from "../ui/controls.tsx";
import { Drawer, Facts, gapOf, Part, ReportTable, View } from "../ui/parts.tsx";
import { DataTable } from "../ui/table.tsx";
import { stepSpans } from "./spans.ts";
import { factsOf } from "./usage.ts";

const MOST_STEPS = 2_000;
const MOST_SPANS = 60;
const ALL = "";

/** One session: its prompts, each with its requests and tools. */
export function SessionView({ session }: { readonly session: string }): VNode {
  const { change, client, pinned } = usePage();
  const own = {
    session,
    last: null,
    since: null,
    until: null,
    workflow: null,
    stage: null,
    model: null,
  };
  const total = useReport("sessions", own);
  const asked = useReport("waterfall", { ...own, limit: MOST_STEPS });
  const [prompt, choosePrompt] = useState(ALL);
  const { table } = asked;
  const [row] = total.table?.rows ?? [];
  const isPinned = pinned === session;
  return (
    <View
      question="What happened in this session, prompt by prompt?"
      beside={
        <span class="subject" title={session}>
          {shortId(session)}
        </span>
      }
    >
      <div class="actions">
        <Button secondary onClick={() => change({ openSession: null })}>
          <Icon name="arrow-left" /> All sessions
        </Button>
        <Button
          secondary
          onClick={() => client.post({ kind: "pin", sessionId: isPinned ? null : session })}
        >
          <Icon name={isPinned ? "pinned" : "pin"} /> {isPinned ? "Unpin" : "Pin to the status bar"}
        </Button>
      </div>
      {total.table !== undefined && row !== undefined && (
        <Facts facts={factsOf(total.table, row)} />
      )}
      <Part heading="Prompts">
        <ReportTable
          name="prompts"
          heading="Prompts"
          parameters={own}
          onOpen={(row, { table: prompts }) =>
            choosePrompt(readerOf(prompts?.columns ?? []).text(row, "prompt"))
          }
        />
      </Part>
      {gapOf(asked, "steps") ??
        (table !== undefined && (
          <Steps table={table} prompt={prompt} onPrompt={choosePrompt} session={session} />
        ))}
      <div class="drawers">
        <Drawer name="models" heading="Models" parameters={own} />
        <Drawer name="tools" heading="Tools" parameters={own} />
        <Drawer name="requests" heading="Requests" parameters={own} />
        <Drawer name="errors" heading="Failures" parameters={own} />
        <Drawer name="coverage" heading="Coverage" parameters={own} />
      </div>
    </View>
  );
}

function Steps(props: {
  readonly table: TableMessage;
  readonly prompt: string;
  readonly onPrompt: (prompt: string) => void;
  readonly session: string;
}): VNode {
  const { table, prompt, onPrompt, session } = props;
  const rows = prompt === ALL ? table.rows : ofPrompt(table, prompt);
  const spans = stepSpans(table, rows.slice(0, MOST_SPANS));
  return (
    <Part heading="Requests and tools, by when they began">
      <Select label="Prompt" value={prompt} choices={promptChoices(table)} onChoose={onPrompt} />
      <Legend
        items={[
          { name: "request", colour: "token-input" },
          { name: "tool", colour: "token-output" },
          { name: "subagent", colour: "token-cache-write" },
          { name: "failed", colour: "hue-error" },
        ]}
      />
      <Timeline
        title="Requests and tools over time"
        spans={spans}
        laneNames={spans.map(({ name }) => name)}
        laneHeight={18}
      />
      {rows.length > MOST_SPANS && (
        <p class="quiet">
          The first {MOST_SPANS} of {rows.length} steps; choose a prompt to see the others.
        </p>
      )}
      <DataTable table={{ ...table, rows }} caption={`Steps of session ${shortId(session)}`} />
    </Part>
  );
}

function ofPrompt(table: TableMessage, prompt: string): readonly Row[] {
  const read = readerOf(table.columns);
  return table.rows.filter((row) => read.text(row, "prompt") === prompt);
}

function promptChoices(table: TableMessage): readonly Choice[] {
  const read = readerOf(table.columns);
  const prompts = new Set(table.rows.map((row) => read.text(row, "prompt")));
  prompts.delete("");
  return [
    { value: ALL, label: "all prompts" },
    ...[...prompts].map((value) => ({ value, label: `prompt ${value}` })),
  ];
}
