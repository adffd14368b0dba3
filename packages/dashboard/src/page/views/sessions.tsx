import type { VNode } from "preact";
import { Bars } from "../charts/bars.tsx";
import { readerOf } from "../data/rows.ts";
import { shortId } from "../data/text.ts";
import { useReport } from "../ui/asked.ts";
import { usePage } from "../ui/context.ts";
import { gapOf, View } from "../ui/parts.tsx";
import { DataTable } from "../ui/table.tsx";
import { SessionView } from "./session.tsx";
import { usageBars, usageHeadings } from "./usage.ts";

const MOST_BARS = 10;

/** Sessions, or the one that is open. */
export function SessionsView(): VNode {
  const { openSession } = usePage().state;
  return openSession === null ? (
    <AllSessions />
  ) : (
    <SessionView key={openSession} session={openSession} />
  );
}

function AllSessions(): VNode {
  const { change } = usePage();
  const asked = useReport("sessions", { limit: 1000 });
  const { table } = asked;
  const open = (session: string) => change({ openSession: session });
  const idOf = (name: string) => {
    const read = readerOf(table?.columns ?? []);
    const ids = (table?.rows ?? []).map((row) => read.text(row, "session_id"));
    return ids.find((id) => shortId(id) === name) ?? name;
  };
  return (
    <View question="Which sessions were there, and what did each cost?">
      {gapOf(asked, "sessions") ??
        (table !== undefined && (
          <>
            <Bars
              title="newest sessions"
              headings={usageHeadings}
              bars={usageBars({ ...table, rows: table.rows.slice(0, MOST_BARS) }, "session_id").map(
                (bar) => ({ ...bar, name: shortId(bar.name) }),
              )}
              onOpen={(name) => open(idOf(name))}
            />
            <DataTable
              table={table}
              caption="Sessions"
              isOld={asked.isOld}
              onOpen={(row) => open(readerOf(table.columns).text(row, "session_id"))}
            />
          </>
        ))}
    </View>
  );
}
