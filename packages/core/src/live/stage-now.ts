import type { Attribution } from "../attribution/tags.ts";
import type { Session } from "./session.ts";
import type { Usage } from "./usage.ts";

/** The stage that a session is in, with the tags beside it. */
export interface StageNow {
  readonly attribution: Attribution;
  readonly workflowId: string | undefined;
  readonly stage: string | undefined;
  readonly taskId: string | undefined;
  readonly agent: string | undefined;
}

/**
 * The stage of the last request, as the views find it; of a mark that came since, what a request of
 * the main thread has from then on.
 */
export function stageNow(session: Session, { labels }: Usage): StageNow {
  const { lastRequest: last, stages } = session;
  const sent = {
    workflowId: labels.workflowId?.value,
    stage: labels.stage?.value,
    taskId: labels.taskId?.value,
    agent: labels.agent?.value,
  };
  const isLater = last === undefined || (labels.stage?.time ?? 0) > last.time;
  const { workflowId, stage, taskId, agent } = isLater ? sent : last;
  if (stage !== undefined) return { attribution: "tag", workflowId, stage, taskId, agent };
  const at = Math.max(stages.lastMark, last?.time ?? session.lastRecord);
  const found =
    last === undefined || stages.lastMark > last.time
      ? stages.find({ since: at, until: at, promptId: labels.promptId?.value })
      : stages.find({ ...last, since: last.began, until: last.began });
  return {
    attribution: found?.attribution ?? "none",
    workflowId: workflowId ?? found?.tags.workflowId,
    stage: found?.tags.stage,
    taskId: taskId ?? found?.tags.taskId,
    agent: agent ?? found?.tags.agent,
  };
}
