import type { LiveSession } from "@cctelemetry/core";
import { compactCount, compactRatio, costText, escapeUnsafe, usdOf } from "@cctelemetry/core/light";
import { problemsOf } from "./conditions.ts";
import { eventLine } from "./events.ts";
import type { WatchView } from "./frame.ts";
import { plainWatchPaint } from "./paint.ts";
import { paintLine } from "./spans.ts";
import { sessionLabel } from "./words.ts";

/** What is new since the last time: for standard output, and for standard error. */
export interface NewLines {
  readonly out: readonly string[];
  readonly notes: readonly string[];
}

const NO_LIMIT = Number.POSITIVE_INFINITY;

/** How often a backlog is mentioned. */
const PROGRESS_STEP = 0.1;

/**
 * Prints a live state in lines, for pipes and logs: one per event, one per change of a session that
 * only metrics report, and notes on conditions. What is known at the beginning is not printed.
 */
export class LineReporter {
  private readonly clock: (micros: number) => string;
  private begun = false;
  private seen: ReadonlySet<string> = new Set();
  private metered: ReadonlyMap<string, bigint> = new Map();
  private problems: readonly string[] = [];
  private progress = 0;

  /** `clock` shows day and time of microseconds since 1970. */
  constructor(clock: (micros: number) => string) {
    this.clock = clock;
  }

  /** The lines for what is new in this view. */
  next(view: WatchView): NewLines {
    const notes = [...this.newProblems(view), ...this.newProgress(view)];
    const events = this.newEvents(view);
    const usage = this.newUsage(view);
    const isCaughtUp = this.begun && view.catchingUp === undefined;
    this.begun ||= view.ready;
    return { out: isCaughtUp ? [...events, ...usage] : [], notes };
  }

  private newEvents({ snapshot: { recent } }: WatchView): readonly string[] {
    const { seen } = this;
    this.seen = new Set(recent.map(({ id }) => id));
    const fresh = recent.filter(({ id }) => !seen.has(id)).toReversed();
    const gap = seen.size > 0 && fresh.length === recent.length;
    const lines = fresh.map((event) =>
      paintLine(
        eventLine(event, { time: this.clock(event.time), paint: plainWatchPaint, width: NO_LIMIT }),
        NO_LIMIT,
      ),
    );
    return gap ? ["… more events than are listed one by one", ...lines] : lines;
  }

  private newUsage({ snapshot: { sessions } }: WatchView): readonly string[] {
    const before = this.metered;
    const metered = sessions.filter(({ ledger }) => ledger === "metrics");
    this.metered = new Map(metered.map((each) => [each.sessionId, each.totalTokens]));
    return metered
      .filter((each) => before.get(each.sessionId) !== each.totalTokens)
      .map((each) => this.usageLine(each));
  }

  /** The same columns as an event's line. */
  private usageLine({ sessionId, lastTime, model, totalTokens, ...spent }: LiveSession): string {
    const { costNanoUsd: cost, unpricedRequests } = spent;
    return [
      this.clock(lastTime),
      sessionLabel(sessionId).padEnd(8),
      "usage  ",
      ...(model === undefined ? [] : [escapeUnsafe(model)]),
      `${compactCount(Number(totalTokens))} tokens`,
      cost === undefined ? "no price" : costText(usdOf(cost), unpricedRequests),
      "in all, by metrics",
    ].join("  ");
  }

  private newProblems(view: WatchView): readonly string[] {
    const before = new Set(this.problems);
    this.problems = problemsOf(view);
    const fresh = this.problems.filter((problem) => !before.has(problem));
    const mended = before.size > 0 && this.problems.length === 0;
    return mended ? ["all is well again"] : fresh;
  }

  private newProgress({ catchingUp }: WatchView): readonly string[] {
    if (catchingUp === undefined || catchingUp < this.progress) {
      this.progress = 0;
      return [];
    }
    this.progress = (Math.floor(catchingUp / PROGRESS_STEP) + 1) * PROGRESS_STEP;
    return [`catching up, ${compactRatio(catchingUp)}`];
  }
}
