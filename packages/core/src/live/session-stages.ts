import { Evidence, type Subject } from "../attribution/evidence.ts";
import type { StageMark } from "../attribution/stage-marks.ts";
import type { Found } from "../attribution/tags.ts";
import type { LiveMark } from "./record.ts";
import type { FindStage } from "./untagged.ts";

/** What a record of a mark says; nothing where its action is unknown. */
export function stageMark({ action, ...record }: LiveMark): StageMark | undefined {
  if (action === undefined) return undefined;
  const { time, promptId, agentId, workflowId, stage, taskId, agent } = record;
  return { time, action, promptId, agentId, tags: { workflowId, stage, taskId, agent } };
}

/** What names the stages of one session beside the tags of its records: its marks, and the runs of its subagents. */
export class SessionStages {
  /** Time of the last mark, microseconds. */
  lastMark: number = Number.NEGATIVE_INFINITY;
  private readonly marks: StageMark[] = [];
  /** When each run of a subagent began, microseconds. */
  private readonly runs: Map<string, number> = new Map();
  private traces: ReadonlyMap<string, Found> | undefined;
  private evidence: Evidence | undefined;
  private finder: FindStage | undefined;

  /** Adds a mark. */
  add(record: LiveMark): void {
    const mark = stageMark(record);
    if (mark === undefined) return;
    this.marks.push(mark);
    this.lastMark = Math.max(this.lastMark, mark.time);
    this.evidence = undefined;
    this.finder = undefined;
  }

  /** Sets what spans of an orchestrator say, by trace and by `trace:span`. */
  setTraces(traces: ReadonlyMap<string, Found>): void {
    this.traces = traces;
    this.evidence = undefined;
    this.finder = undefined;
  }

  /** Adds that a subagent's run asked something that began at a time, microseconds. */
  addRun(agentId: string, began: number): void {
    const known = this.runs.get(agentId);
    if (known !== undefined && known <= began) return;
    this.runs.set(agentId, began);
    this.finder = undefined;
  }

  /** Whether something that began at a time begins the known run of a subagent earlier, where marks count. */
  movesRun(agentId: string, began: number): boolean {
    const known = this.runs.get(agentId);
    return known !== undefined && began < known && this.marks.length > 0;
  }

  /** What is found for a record without a stage tag. All that a subagent's run asks belongs to where the run began. */
  find(asked: Subject): Found | undefined {
    this.evidence ??= new Evidence(this.marks, this.traces);
    const since = asked.agentId === undefined ? undefined : this.runs.get(asked.agentId);
    return this.evidence.find(since === undefined ? asked : { ...asked, since, until: since });
  }

  /** The same, the stage alone: one function for as long as its answers stay the same. */
  get findStage(): FindStage {
    this.finder ??= (asked) => this.find(asked)?.tags.stage;
    return this.finder;
  }

  /** One of its own with the same contents. */
  clone(): SessionStages {
    const copy = new SessionStages();
    copy.marks.push(...this.marks);
    for (const [agentId, began] of this.runs) copy.runs.set(agentId, began);
    copy.lastMark = this.lastMark;
    copy.traces = this.traces;
    copy.evidence = this.evidence;
    copy.finder = this.findStage;
    return copy;
  }
}
