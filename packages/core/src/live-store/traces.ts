import { AMBIGUOUS, type Found } from "../attribution/tags.ts";
import type { SessionTraces } from "../live/record.ts";
import type { Session, Value } from "../store/session.ts";
import liveTraces from "./sql/live_traces.sql";

/** What spans of an orchestrator say of the stages of some sessions. */
export async function tracesOf(
  session: Session,
  sessions: readonly string[],
): Promise<readonly SessionTraces[]> {
  if (sessions.length === 0) return [];
  const rows = await session.rows(liveTraces, { sessions });
  return rows.map(({ session_id: id, traces }) => ({
    sessionId: String(id),
    traces: new Map(entriesOf(traces).map(([key, text]) => [key, foundIn(String(text))])),
  }));
}

function entriesOf(map: Value | undefined): readonly (readonly [string, unknown])[] {
  return typeof map === "object" && map !== null ? Object.entries(map) : [];
}

/** A stage as the views of evidence hold it: a JSON object. */
function foundIn(text: string): Found {
  const { stage, workflow_id, task_id, agent } = JSON.parse(text) as Record<string, string>;
  if (stage === undefined) return AMBIGUOUS;
  return { attribution: "trace", tags: { stage, workflowId: workflow_id, taskId: task_id, agent } };
}
