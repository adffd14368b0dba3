import { began } from "../attribution/evidence.ts";
import { amountOf } from "./amounts.ts";
import { lastOfGroup, laterRequest } from "./last-request.ts";
import type {
  LiveEventGroup,
  LiveGroup,
  LiveLog,
  LiveMark,
  LiveRequestGroup,
  LiveUsage,
} from "./record.ts";
import { later } from "./usage.ts";

/** Marks stand for themselves. */
type GroupedLog = Exclude<LiveLog, LiveMark>;

/** Groups of log records that are alike, whatever their time: a few, however long a session is. */
export class Grouping {
  private readonly groups: Map<string, LiveGroup>;

  constructor(groups: readonly LiveGroup[] = []) {
    this.groups = new Map(groups.map((group) => [keyOf(group), group]));
  }

  /** Adds a log record other than a mark. */
  add(log: GroupedLog): void {
    const group = groupOf(log);
    const key = keyOf(group);
    const known = this.groups.get(key);
    this.groups.set(key, known === undefined ? group : merged(known, group));
  }

  /** All groups. */
  list(): readonly LiveGroup[] {
    return [...this.groups.values()];
  }
}

/**
 * Points of delta metrics that are alike as two of each kind: the first one, so that it is known
 * when the session began, and the sum of the others. Points of counters are as they were.
 */
export function summedPoints(points: readonly LiveUsage[]): readonly LiveUsage[] {
  const kinds = new Map<string, LiveUsage[]>();
  const kept: LiveUsage[] = [];
  for (const point of points) {
    if (point.series !== undefined) kept.push(point);
    else {
      const { metric, tokenKind, userId, workflowId, stage, taskId, agent, model } = point;
      const key = JSON.stringify([
        metric,
        tokenKind,
        userId,
        workflowId,
        stage,
        taskId,
        agent,
        model,
      ]);
      kinds.set(key, [...(kinds.get(key) ?? []), point]);
    }
  }
  for (const alike of kinds.values()) {
    const [first, ...others] = alike.sort((a, b) => a.time - b.time);
    const last = others.at(-1);
    if (first !== undefined) kept.push(first);
    if (last !== undefined) kept.push({ ...last, ...sumOf(others) });
  }
  return kept;
}

/** The sum of what each point counts for, so that no rounding is lost. */
function sumOf(
  points: readonly LiveUsage[],
): Partial<Pick<LiveUsage, "value" | "valueInt" | "sumNanoUsd">> {
  let tokens = 0n;
  let nanoUsd = 0n;
  let priced = 0;
  for (const point of points) {
    const amount = amountOf(point, {
      value: point.value,
      exact: point.valueInt,
      start: point.start,
    });
    tokens += amount.inputTokens + amount.outputTokens;
    tokens += amount.cacheReadTokens + amount.cacheCreationTokens;
    nanoUsd += amount.costNanoUsd;
    priced += amount.priced;
  }
  if (points[0]?.metric === "cost") return priced === 0 ? {} : { sumNanoUsd: nanoUsd };
  return { value: Number(tokens), valueInt: tokens };
}

function groupOf(log: GroupedLog): LiveGroup {
  const { sessionId, workflowId, stage, taskId, agent, model, time, promptId } = log;
  const common = {
    sessionId,
    workflowId,
    stage,
    taskId,
    agent,
    model,
    first: time,
    last: time,
    count: 1,
    prompt: promptId === undefined ? undefined : { time, id: promptId },
  };
  if (log.kind !== "request") {
    const failed = log.kind === "tool" && log.success === false;
    return { kind: "events", ...common, of: log.kind, failed };
  }
  const {
    source,
    agentId,
    agentName,
    inputTokens,
    outputTokens,
    cacheReadTokens,
    cacheCreationTokens,
  } = log;
  return {
    kind: "requests",
    ...common,
    source,
    inputTokens,
    outputTokens,
    cacheReadTokens,
    cacheCreationTokens,
    priced: log.costNanoUsd === undefined ? 0 : 1,
    costNanoUsd: log.costNanoUsd ?? 0n,
    context: inputTokens + cacheReadTokens + cacheCreationTokens,
    agentId,
    firstBegan: began(time, log.durationMs),
    lastBegan: began(time, log.durationMs),
    agentName,
    lastPromptId: promptId,
  };
}

function keyOf(group: LiveGroup): string {
  const { sessionId, workflowId, stage, taskId, agent, model } = group;
  const own = group.kind === "requests" ? [group.source, group.agentId] : [group.of, group.failed];
  return JSON.stringify([sessionId, workflowId, stage, taskId, agent, model, ...own]);
}

/** Two groups of one key as one. */
function merged(one: LiveGroup, other: LiveGroup): LiveGroup {
  if (one.kind === "events" || other.kind === "events") return spanned(one, other);
  const last = laterRequest(lastOfGroup(one), lastOfGroup(other));
  return {
    ...spanned(one, other),
    firstBegan: Math.min(one.firstBegan, other.firstBegan),
    lastBegan: last.began,
    agentName: last.agentName,
    lastPromptId: last.promptId,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cacheReadTokens: one.cacheReadTokens + other.cacheReadTokens,
    cacheCreationTokens: one.cacheCreationTokens + other.cacheCreationTokens,
    priced: one.priced + other.priced,
    costNanoUsd: one.costNanoUsd + other.costNanoUsd,
    context: later({ time: one.last, value: one.context }, other.last, other.context).value,
  };
}

function spanned<G extends LiveEventGroup | LiveRequestGroup>(one: G, other: LiveGroup): G {
  return {
    ...one,
    first: Math.min(one.first, other.first),
    last: Math.max(one.last, other.last),
    count: one.count + other.count,
    prompt: laterPrompt(one.prompt, other.prompt),
  };
}

function laterPrompt(one: LiveGroup["prompt"], other: LiveGroup["prompt"]): LiveGroup["prompt"] {
  if (one === undefined || other === undefined) return one ?? other;
  const { time, value } = later({ time: one.time, value: one.id }, other.time, other.id);
  return { time, id: value };
}
