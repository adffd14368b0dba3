import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { MOST_ROWS } from "../../host/protocol.ts";
import type { Request } from "../data/client.ts";
import { remembered } from "../data/state.ts";
import { starters } from "../data/statements.ts";
import { useTable } from "../ui/asked.ts";
import { usePage } from "../ui/context.ts";
import { Button, Icon, Select } from "../ui/controls.tsx";
import { gapOf, View } from "../ui/parts.tsx";
import { DataTable } from "../ui/table.tsx";
import { QuickChart } from "./quick-chart.tsx";
import { SqlField } from "./sql-field.tsx";

const limits = [100, 1_000, MOST_ROWS];

/** SQL of one's own. */
export function SqlView(): VNode {
  const { state, change } = usePage();
  const [limit, setLimit] = useState(1_000);
  const [request, ask] = useState<Request>();
  const run = (sql: string) => {
    if (sql.trim() === "") return;
    change({ sql, history: remembered(state.history, sql) });
    ask({ kind: "query", sql, limit });
  };
  return (
    <View question="What else do you want to know?">
      <SqlField text={state.sql} onText={(sql) => change({ sql })} onRun={run} />
      <div class="actions">
        <Button onClick={() => run(state.sql)}>
          <Icon name="play" /> Run
        </Button>
        <span class="quiet">Ctrl+Enter</span>
        <Select
          label="Most rows"
          value={String(limit)}
          choices={limits.map((rows) => ({ value: String(rows), label: `${rows} rows` }))}
          onChoose={(value) => setLimit(Number(value))}
        />
        <Starters onChoose={(sql) => change({ sql })} />
        {state.history.length > 0 && (
          <Select
            label="History"
            value=""
            choices={[
              { value: "", label: "history…" },
              ...state.history.map((sql, at) => ({ value: String(at), label: firstLine(sql) })),
            ]}
            onChoose={(at) => {
              const sql = state.history[Number(at)];
              if (at !== "" && sql !== undefined) change({ sql });
            }}
          />
        )}
      </div>
      {request !== undefined && <Answer request={request} />}
    </View>
  );
}

function Answer({ request }: { readonly request: Request }): VNode | null {
  const asked = useTable(request);
  if (asked.isOld || asked.table === undefined || asked.refusal !== undefined) {
    return gapOf({ ...asked, table: undefined }, "the answer") ?? null;
  }
  return (
    <>
      <QuickChart table={asked.table} />
      <DataTable key={JSON.stringify(request)} table={asked.table} caption="Result" />
    </>
  );
}

/** Statements to start from. */
function Starters({ onChoose }: { readonly onChoose: (sql: string) => void }): VNode {
  return (
    <Select
      label="Start from a report"
      value=""
      choices={[
        { value: "", label: "start from a report…" },
        ...starters.map(({ title }) => ({ value: title, label: title })),
      ]}
      onChoose={(title) => {
        const starter = starters.find((each) => each.title === title);
        if (starter !== undefined) onChoose(starter.sql);
      }}
    />
  );
}

function firstLine(sql: string): string {
  const text = sql
    .replace(/^\s*--[^\n]*\n/, "")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
