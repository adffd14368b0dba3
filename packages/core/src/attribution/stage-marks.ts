import type { StageTags } from "./tags.ts";

/** The event of a mark. */
export const MARK_EVENT = "stage_mark";

/**
 * What a mark is about: a stage that begins or ends, what a whole session is for, or what a hook
 * saw of a prompt or a subagent.
 */
export const markActions = ["start", "end", "session", "prompt", "subagent"] as const;

export type MarkAction = (typeof markActions)[number];

/** A mark of one session. */
export interface StageMark {
  /** Microseconds since 1970 UTC. */
  readonly time: number;
  readonly action: MarkAction;
  readonly promptId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly tags: StageTags;
}

/** The action of a mark by its name; undefined for a name that is none. */
export function markAction(name: unknown): MarkAction | undefined {
  return markActions.find((action) => action === name);
}
