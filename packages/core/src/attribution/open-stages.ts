import type { StageMark } from "./stage-marks.ts";
import type { StageTags } from "./tags.ts";

/** A stage from the mark that starts it to the one that ends it; times in microseconds. */
export interface StageSpan {
  readonly since: number;
  /** Undefined where no mark ends it. */
  readonly until: number | undefined;
  readonly tags: StageTags;
}

/** What the marks of a session start, whatever order they come in; in the order of its begin. */
export function stageSpans(marks: readonly StageMark[]): readonly StageSpan[] {
  const ends = marks.filter(({ action }) => action === "end");
  return marks
    .filter(({ action }) => action === "start")
    .map(({ time, tags }) => {
      const until = ends
        .filter((end) => end.time > time && endsWhatHas(end.tags, tags))
        .reduce((first, end) => Math.min(first, end.time), Number.POSITIVE_INFINITY);
      return { since: time, until: Number.isFinite(until) ? until : undefined, tags };
    })
    .sort((a, b) => a.since - b.since);
}

/** The stages that are open at a time, microseconds. */
export function openAt(spans: readonly StageSpan[], time: number): readonly StageSpan[] {
  return spans.filter(({ since, until }) => since <= time && (until === undefined || until > time));
}

/** The stages that no mark ends, in the order of their begin. */
export function openStages(marks: readonly StageMark[]): readonly StageSpan[] {
  return stageSpans(marks).filter(
    ({ until, tags }) => until === undefined && tags.stage !== undefined,
  );
}

/**
 * An end is for every stage that agrees with the stage, task and agent that it names. A workflow
 * is no part of that: stage, task and agent distinguish what runs in a session.
 */
function endsWhatHas(end: StageTags, start: StageTags): boolean {
  if (start.stage === undefined) return false;
  return (["stage", "taskId", "agent"] as const).every(
    (name) => end[name] === undefined || end[name] === start[name],
  );
}
