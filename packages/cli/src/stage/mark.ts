import type { TagSet } from "../run/tags.ts";

/** What a mark says: a stage that begins or ends, what a whole session is for, or what a hook saw. */
export type MarkAction = "start" | "end" | "session" | "prompt" | "subagent";

/** A mark of a stage, to be joined with telemetry by session and time. */
export interface Mark {
  readonly action: MarkAction;
  readonly session: string;
  /** workflow_id, stage, task_id, agent and other tags. */
  readonly tags: TagSet;
  readonly promptId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly note?: string | undefined;
}

/**
 * Marks as one line of a Collector's JSON, line feed included: log records of the event stage_mark.
 * `now` in milliseconds since 1970.
 */
export function marksLine(marks: readonly Mark[], now: number, version: string): string {
  const time = `${BigInt(now) * 1_000_000n}`;
  const logRecords = marks.map((mark) => ({
    timeUnixNano: time,
    observedTimeUnixNano: time,
    body: { stringValue: "cctelemetry.stage_mark" },
    attributes: attributes({
      // First: a tag that has a name of the mark's own says nothing about the mark.
      ...Object.fromEntries(mark.tags),
      "event.name": "stage_mark",
      "event.timestamp": new Date(now).toISOString(),
      "session.id": mark.session,
      action: mark.action,
      "prompt.id": mark.promptId,
      agent_id: mark.agentId,
      note: mark.note,
    }),
  }));
  const resource = attributes({ "service.name": "cctelemetry", "service.version": version });
  const scopeLogs = [{ scope: { name: "cctelemetry.stages", version }, logRecords }];
  return `${JSON.stringify({ resourceLogs: [{ resource: { attributes: resource }, scopeLogs }] })}\n`;
}

function attributes(values: Readonly<Record<string, string | undefined>>): readonly unknown[] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ key, value: { stringValue: value?.toWellFormed() } }));
}
