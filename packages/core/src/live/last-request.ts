import { began } from "../attribution/evidence.ts";
import type { LiveRequest, LiveRequestGroup } from "./record.ts";

/** What names the stage of the last request of a session. Times are microseconds. */
export interface LastRequest {
  readonly time: number;
  readonly began: number;
  readonly agentId: string | undefined;
  readonly agentName: string | undefined;
  readonly promptId: string | undefined;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly workflowId: string | undefined;
  readonly stage: string | undefined;
  readonly taskId: string | undefined;
  readonly agent: string | undefined;
}

/** A request as the last one that is known. */
export function lastOf(request: LiveRequest): LastRequest {
  const { time, agentId, agentName, promptId, traceId, spanId, durationMs } = request;
  const asked = { agentId, agentName, promptId, traceId, spanId };
  return { ...tagsOf(request), ...asked, time, began: began(time, durationMs) };
}

/** The last request of a group. */
export function lastOfGroup(group: LiveRequestGroup): LastRequest {
  const { last, lastBegan, agentId, agentName, lastPromptId: promptId } = group;
  const asked = { agentId, agentName, promptId, traceId: undefined, spanId: undefined };
  return { ...tagsOf(group), ...asked, time: last, began: lastBegan };
}

/** The later of two; of two at one time it does not depend on which was known first. */
export function laterRequest(one: LastRequest | undefined, other: LastRequest): LastRequest {
  if (one === undefined || other.time > one.time) return other;
  if (other.time < one.time) return one;
  if (one.began !== other.began) return other.began > one.began ? other : one;
  return keyOf(other) > keyOf(one) ? other : one;
}

function tagsOf({ workflowId, stage, taskId, agent }: LiveRequest | LiveRequestGroup) {
  return { workflowId, stage, taskId, agent };
}

/** The type of the subagent and the prompt first, as the store finds the last of a group. */
function keyOf(request: LastRequest): string {
  const { agentId, agentName, promptId, traceId, spanId } = request;
  const { workflowId, stage, taskId, agent } = request;
  return [agentName, promptId, agentId, traceId, spanId, workflowId, stage, taskId, agent]
    .map((text) => `${text ?? ""}\0`)
    .join("");
}
