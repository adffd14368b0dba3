import type { LiveSession } from "@cctelemetry/core";
import {
  compactCount,
  compactRatio,
  compactUsd,
  costText,
  escapeUnsafe,
  MISSING,
  stageText,
  textWidth,
  usdOf,
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
  /** Microseconds since 1970. */
  readonly now: number;
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
  readonly cell: (session: LiveSession, context: CellContext, width: number) => SessionCell;
}

/** Every column, in the order of the screen. */
export const sessionColumns: readonly SessionColumn[] = [
  text("session", 8, 8, 0, (session) => shown(sessionLabel(session.sessionId))),
  text("workflow", 12, 24, 5, ({ workflowId }) => named(workflowId)),
  text("stage", 8, 20, 2, (session, { paint }) => {
    const stage = stageText(session);
    return stage === undefined ? named(stage) : { ...named(stage), paint: paint.stage(stage) };
  }),
  text("model", 10, 24, 3, ({ model }, _context, width) => shown(modelName(model, width))),
  number("tokens", 6, 0, ({ totalTokens }) => counted(Number(totalTokens))),
  number("cost", 9, 0, ({ costNanoUsd, unpricedRequests }, { decimals }, width) =>
    costNanoUsd === undefined
      ? missing
      : money(usdOf(costNanoUsd), { decimals: decimals.cost, width, unpricedRequests }),
  ),
  number("$/h", 8, 1, ({ burn: { usdPerMinute = 0, unpricedRequests } }, { decimals }, width) =>
    usdPerMinute === 0
      ? missing
      : money(usdPerMinute * 60, { decimals: decimals.rate, width, unpricedRequests }),
  ),
  number("tok/min", 7, 6, ({ burn }) =>
    burn.tokensPerMinute === 0 ? missing : counted(Math.round(burn.tokensPerMinute)),
  ),
  number("context", 7, 4, ({ contextTokens }) =>
    contextTokens === undefined ? missing : counted(Number(contextTokens)),
  ),
  number("errors", 6, 7, ({ errors }, { paint }) => failed(errors, paint)),
  number("failed tools", 12, 10, ({ toolFailures }, { paint }) => failed(toolFailures, paint)),
  number("requests", 8, 8, ({ requests }) =>
    requests === undefined ? missing : counted(requests),
  ),
  number("cached", 6, 9, ({ cacheHitRate }) =>
    cacheHitRate === undefined ? missing : shown(compactRatio(cacheHitRate)),
  ),
  number("last", 6, 0, ({ lastActivity }, { now }) => shown(ageText(now - lastActivity))),
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

function named(name: string | undefined): SessionCell {
  return name === undefined || name === "" ? missing : shown(escapeUnsafe(name));
}

function counted(value: number): SessionCell {
  return { text: compactCount(value), quiet: value === 0 };
}

function failed(count: number, paint: WatchPaint): SessionCell {
  return count === 0 ? counted(0) : { ...counted(count), paint: paint.bad };
}

interface MoneyOptions {
  readonly decimals: number;
  readonly width: number;
  readonly unpricedRequests: number;
}

/** An amount, `$5.46M` where its digits do not fit: a number that is cut off would be another. */
function money(usd: number, { decimals, width, unpricedRequests }: MoneyOptions): SessionCell {
  const long = costText(usd, unpricedRequests, (amount) => compactUsd(amount, decimals));
  const short = (amount: number): string => `$${compactCount(Math.round(amount))}`;
  const text = textWidth(long) <= width ? long : costText(usd, unpricedRequests, short);
  return { text, quiet: usd === 0 };
}
