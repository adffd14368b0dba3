import type { WireSession, WireState } from "@cctelemetry/core";
import {
  backlogRead,
  compactCount,
  compactRatio,
  escapeUnsafe,
  microsOf,
  spentText,
} from "@cctelemetry/core/light";
import { problemsOf } from "./conditions.ts";
import { eventLine } from "./events.ts";
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
  private metered: ReadonlyMap<string, WireSession["total_tokens"]> = new Map();
  private problems: readonly string[] = [];
  private progress = 0;

  /** `clock` shows day and time of microseconds since 1970. */
  constructor(clock: (micros: number) => string) {
    this.clock = clock;
  }

  /** The lines for what is new in this view. */
  next(state: WireState): NewLines {
    const notes = [...this.newProblems(state), ...this.newProgress(state)];
    const events = this.newEvents(state);
    const usage = this.newUsage(state);
    const isCaughtUp = this.begun && backlogRead(state) === null;
    this.begun ||= state.ready;
    return { out: isCaughtUp ? [...events, ...usage] : [], notes };
  }

  private newEvents({ recent }: WireState): readonly string[] {
    const { seen } = this;
    this.seen = new Set(recent.map(({ record_id }) => record_id));
    const fresh = recent.filter(({ record_id }) => !seen.has(record_id)).toReversed();
    const gap = seen.size > 0 && fresh.length === recent.length;
    const lines = fresh.map((event) =>
      paintLine(
        eventLine(event, {
          time: this.clock(microsOf(event.time)),
          paint: plainWatchPaint,
          width: NO_LIMIT,
        }),
        NO_LIMIT,
      ),
    );
    return gap ? ["… more events than are listed one by one", ...lines] : lines;
  }

  private newUsage({ sessions }: WireState): readonly string[] {
    const before = this.metered;
    const metered = sessions.filter(({ ledger }) => ledger === "metrics");
    this.metered = new Map(metered.map((each) => [each.session_id, each.total_tokens]));
    return metered
      .filter((each) => before.get(each.session_id) !== each.total_tokens)
      .map((each) => this.usageLine(each));
  }

  /** The same columns as an event's line. */
  private usageLine(session: WireSession): string {
    const { session_id, last_time, model, total_tokens, cost_usd } = session;
    return [
      this.clock(microsOf(last_time)),
      sessionLabel(session_id).padEnd(8),
      "usage  ",
      ...(model === null ? [] : [escapeUnsafe(model)]),
      `${compactCount(Number(total_tokens))} tokens`,
      cost_usd === null ? "no price" : spentText(session),
      "in all, by metrics",
    ].join("  ");
  }

  private newProblems(state: WireState): readonly string[] {
    const before = new Set(this.problems);
    this.problems = problemsOf(state);
    const fresh = this.problems.filter((problem) => !before.has(problem));
    const mended = before.size > 0 && this.problems.length === 0;
    return mended ? ["all is well again"] : fresh;
  }

  private newProgress(state: WireState): readonly string[] {
    const read = backlogRead(state);
    if (read === null || read < this.progress) {
      this.progress = 0;
      return [];
    }
    this.progress = (Math.floor(read / PROGRESS_STEP) + 1) * PROGRESS_STEP;
    return [`catching up, ${compactRatio(read)}`];
  }
}
