import { Evidence } from "../attribution/evidence.ts";
import type { StageMark } from "../attribution/stage-marks.ts";
import type { LiveMark } from "./record.ts";

/** What a record of a mark says; nothing where its action is unknown. */
export function stageMark({ action, ...record }: LiveMark): StageMark | undefined {
  if (action === undefined) return undefined;
  const { time, promptId, agentId, workflowId, stage, taskId, agent } = record;
  return { time, action, promptId, agentId, tags: { workflowId, stage, taskId, agent } };
}

/** The marks of one session, and what they say of its stages. */
export class SessionMarks {
  /** Time of the last one, microseconds. */
  last: number = Number.NEGATIVE_INFINITY;
  private readonly marks: StageMark[] = [];
  private found: Evidence | undefined;

  /** Adds a mark. */
  add(record: LiveMark): void {
    const mark = stageMark(record);
    if (mark !== undefined) this.put(mark);
  }

  /** Adds all marks of others. */
  merge({ marks }: SessionMarks): void {
    for (const mark of marks) this.put(mark);
  }

  /** What they say together. */
  get evidence(): Evidence {
    this.found ??= new Evidence(this.marks);
    return this.found;
  }

  private put(mark: StageMark): void {
    this.marks.push(mark);
    this.last = Math.max(this.last, mark.time);
    this.found = undefined;
  }
}
