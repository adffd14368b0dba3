import type { LiveEventGroup } from "./record.ts";

/** Events that are alike. */
export type Counted = Pick<LiveEventGroup, "of" | "failed" | "count" | "first" | "last">;

/** Counts of events other than requests. */
export class Counts {
  errors = 0;
  refusals = 0;
  toolCalls = 0;
  toolFailures = 0;
  prompts = 0;
  /** The time that errors, tools and prompts span. */
  first: number = Number.POSITIVE_INFINITY;
  last: number = Number.NEGATIVE_INFINITY;
  /** Time of the latest event of any of these kinds. */
  seen: number = Number.NEGATIVE_INFINITY;

  /** Adds other counts. */
  merge(other: Counts): void {
    this.errors += other.errors;
    this.refusals += other.refusals;
    this.toolCalls += other.toolCalls;
    this.toolFailures += other.toolFailures;
    this.prompts += other.prompts;
    this.first = Math.min(this.first, other.first);
    this.last = Math.max(this.last, other.last);
    this.seen = Math.max(this.seen, other.seen);
  }

  /** Counts events that are alike; a refusal is not part of the time that is spanned. */
  add({ of, failed, count, first, last }: Counted): void {
    if (of === "event") return;
    this.seen = Math.max(this.seen, last);
    if (of === "refusal") {
      this.refusals += count;
      return;
    }
    this.first = Math.min(this.first, first);
    this.last = Math.max(this.last, last);
    if (of === "error") this.errors += count;
    else if (of === "prompt") this.prompts += count;
    else this.toolCalls += count;
    if (failed) this.toolFailures += count;
  }
}
