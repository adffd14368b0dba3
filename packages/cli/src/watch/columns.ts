import type { WireSession } from "@cctelemetry/core";
import {
  compactCount,
  compactRatio,
  compactUsd,
  costText,
  escapeUnsafe,
  MISSING,
  microsOf,
  stageText,
  textWidth,
  usdSpent,
} from "@cctelemetry/core/light";
import type { WatchPaint } from "./paint.ts";
import { ageText, modelName, sessionLabel } from "./words.ts";

/** A cell of the table of sessions. */
export interface SessionCell {
  readonly text: string;
  readonly paint?: ((text: string) => string) | undefined;
  /** Zeros and missing values stay in the background. */
  readonly quiet: boolean;
}

/** What cells depend on, apart from the session. */
export interface CellContext {
  readonly paint: WatchPaint;
  /** The time of the state. */
  readonly time: string;
  /** Decimals that make the amounts of a column alike. */
  readonly decimals: { readonly cost: number; readonly rate: number };
}

/** A column of the table of sessions. Its width does not depend on the data, so that nothing jumps. */
export interface SessionColumn {
  readonly heading: string;
  readonly align: "left" | "right";
  readonly least: number;
  /** What it may grow to where there is room. */
  readonly most: number;
  /** Which columns a narrow screen keeps: those with low numbers. */
  readonly rank: number;
  readonly cell: (session: WireSession, context: CellContext, width: number) => SessionCell;
}

/** Every column, in the order of the screen. */
export const sessionColumns: readonly SessionColumn[] = [
  text("session", 8, 8, 0, (session) => shown(sessionLabel(session.session_id))),
  text("workflow", 12, 24, 5, ({ workflow_id }) => named(workflow_id)),
  text("stage", 8, 20, 2, (session, { paint }) => {
    const stage = stageText(session);
    return stage === null ? named(stage) : { ...named(stage), paint: paint.stage(stage) };
  }),
  text("model", 10, 24, 3, ({ model }, _context, width) => shown(modelName(model, width))),
  number("tokens", 6, 0, ({ total_tokens }) => counted(Number(total_tokens))),
  number("cost", 9, 0, (session, { decimals }, width) =>
    money(usdSpent(session), decimals.cost, width, session.unpriced_requests ?? 0),
  ),
  number("$/h", 8, 1, ({ usd_per_minute, unpriced_requests_of_rate }, { decimals }, width) =>
    usd_per_minute === 0 || usd_per_minute === null
      ? missing
      : money(usd_per_minute * 60, decimals.rate, width, unpriced_requests_of_rate),
  ),
  number("tok/min", 7, 6, ({ tokens_per_minute }) =>
    tokens_per_minute === 0 ? missing : counted(Math.round(tokens_per_minute)),
  ),
  number("context", 7, 4, ({ context_tokens }) =>
    context_tokens === null ? missing : counted(Number(context_tokens)),
  ),
  number("errors", 6, 7, ({ errors }, { paint }) => failed(errors, paint)),
  number("failed tools", 12, 10, ({ tool_failures }, { paint }) => failed(tool_failures, paint)),
  number("requests", 8, 8, ({ requests }) => (requests === null ? missing : counted(requests))),
  number("cached", 6, 9, ({ cache_hit_rate }) =>
    cache_hit_rate === null ? missing : shown(compactRatio(cache_hit_rate)),
  ),
  number("last", 6, 0, ({ last_activity }, { time }) =>
    shown(ageText(microsOf(time) - microsOf(last_activity))),
  ),
];

type Cell = SessionColumn["cell"];

function text(heading: string, least: number, most: number, rank: number, cell: Cell) {
  return { heading, align: "left", least, most, rank, cell } as const;
}

function number(heading: string, width: number, rank: number, cell: Cell) {
  return { heading, align: "right", least: width, most: width, rank, cell } as const;
}

const missing: SessionCell = { text: MISSING, quiet: true };

function shown(text: string): SessionCell {
  return { text, quiet: text === MISSING };
}

function named(name: string | null): SessionCell {
  return name === null || name === "" ? missing : shown(escapeUnsafe(name));
}

function counted(value: number): SessionCell {
  return { text: compactCount(value), quiet: value === 0 };
}

function failed(count: number, paint: WatchPaint): SessionCell {
  return count === 0 ? counted(0) : { ...counted(count), paint: paint.bad };
}

/** An amount, `$5.46M` where its digits do not fit: a number that is cut off would be another. */
function money(
  usd: number | undefined,
  decimals: number,
  width: number,
  unpricedRequests: number,
): SessionCell {
  if (usd === undefined) return missing;
  const long = costText(usd, unpricedRequests, (amount) => compactUsd(amount, decimals));
  const short = (amount: number): string => `$${compactCount(Math.round(amount))}`;
  const text = textWidth(long) <= width ? long : costText(usd, unpricedRequests, short);
  return { text, quiet: usd === 0 };
}
