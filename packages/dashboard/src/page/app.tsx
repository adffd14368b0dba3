import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { LiveMessage, PageState, ReportDescription, TabName } from "../host/protocol.ts";
import { Client } from "./data/client.ts";
import { type Change, firstState } from "./data/state.ts";
import { StateKeeper } from "./data/state-keeper.ts";
import type { Transport } from "./data/transport.ts";
import { type Page, PageContext } from "./ui/context.ts";
import { Ring, Tabs } from "./ui/controls.tsx";
import { Chips, Toolbar } from "./ui/toolbar.tsx";
import { useVersion } from "./ui/version.ts";
import { CacheView } from "./views/cache.tsx";
import { LiveView } from "./views/live.tsx";
import { ModelsView } from "./views/models.tsx";
import { SessionsView } from "./views/sessions.tsx";
import { SqlView } from "./views/sql.tsx";
import { ToolsView } from "./views/tools.tsx";
import { WorkflowsView } from "./views/workflows.tsx";

const views: Readonly<Record<TabName, { readonly label: string; readonly View: () => VNode }>> = {
  live: { label: "Live", View: LiveView },
  workflows: { label: "Workflows", View: WorkflowsView },
  sessions: { label: "Sessions", View: SessionsView },
  models: { label: "Models", View: ModelsView },
  tools: { label: "Tools", View: ToolsView },
  cache: { label: "Cache", View: CacheView },
  sql: { label: "SQL", View: SqlView },
};

const tabs = (Object.keys(views) as TabName[]).map((name) => ({ name, label: views[name].label }));

interface Welcomed {
  readonly timeZone: string;
  readonly reports: ReadonlyMap<string, ReportDescription>;
}

/** The whole page. */
export function App({ transport }: { readonly transport: Transport }): VNode {
  const [welcomed, welcome] = useState<Welcomed>();
  const [state, setState] = useState<PageState>(firstState);
  const [live, setLive] = useState<LiveMessage>();
  const [pinned, setPinned] = useState<string | null>(null);
  const [said, say] = useState("");
  const [version, grow] = useVersion();
  const client = useMemo(() => {
    const made = new Client(transport, {
      welcome: (message) => {
        setState(message.state ?? firstState);
        setPinned(message.pinned);
        const reports = new Map(message.reports.map((report) => [report.name, report]));
        welcome({ timeZone: message.timeZone, reports });
      },
      live: setLive,
      show: ({ tab, session, workflow, sql }) =>
        setState((before) => ({
          ...before,
          tab,
          openSession: session === undefined ? before.openSession : session,
          openWorkflow: workflow === undefined ? before.openWorkflow : workflow,
          sql: sql ?? before.sql,
        })),
      pinned: setPinned,
      changed: grow,
    });
    return made;
  }, [transport]);
  useEffect(() => client.post({ kind: "ready" }), [client]);
  useKept(client, welcomed === undefined ? undefined : state);
  if (welcomed === undefined) {
    return (
      <div class="waiting" role="status">
        <Ring /> <span>Starting</span>
      </div>
    );
  }
  const change = (changes: Change) => setState((before) => ({ ...before, ...changes }));
  const page: Page = { client, state, change, pinned, live, version, say, ...welcomed };
  const { View } = views[state.tab];
  return (
    <PageContext.Provider value={page}>
      <main>
        <Tabs
          tabs={tabs}
          chosen={state.tab}
          onChoose={(tab) => change({ tab })}
          addons={<Toolbar />}
        >
          <Chips />
          <View />
        </Tabs>
      </main>
      <div class="aside" role="status" aria-live="polite">
        {said}
      </div>
    </PageContext.Provider>
  );
}

/** Keeps the state with the host, which alone has it when the page is loaded again. */
function useKept(client: Client, state: PageState | undefined): void {
  const keeper = useMemo(
    () => new StateKeeper((changed) => client.post({ kind: "state", state: changed })),
    [client],
  );
  useEffect(() => {
    if (state !== undefined) keeper.changed(state);
  }, [keeper, state]);
}
