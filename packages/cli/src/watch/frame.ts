import type { WireSession, WireState } from "@cctelemetry/core";
import {
  counted,
  isRunning,
  microsOf,
  rateText,
  usdDecimals,
  usdSpent,
} from "@cctelemetry/core/light";
import { emptyLines, followedText, problemsOf, progressLine } from "./conditions.ts";
import { eventLine } from "./events.ts";
import type { WatchPaint } from "./paint.ts";
import { sessionHead, sessionLine } from "./sessions.ts";
import { type Line, paintLine, spread } from "./spans.ts";
import { todayLine, tokenTypesLine } from "./totals.ts";

/** What a frame is drawn for. */
export interface FrameOptions {
  readonly width: number;
  readonly height: number;
  readonly paint: WatchPaint;
  /** The clock of the user's time zone: `14:03:19` for microseconds since 1970. */
  readonly clock: (micros: number) => string;
}

/** From which heights on there is room for more than the numbers. */
const ROOMY = { blanks: 14, tokenTypes: 20 } as const;
const MOST_PROBLEMS = 3;
/** Of the rows below the totals, the events may have so many at the cost of sessions. */
const EVENTS_SHARE = 0.4;

/** One screen, as exactly `height` lines of at most `width` columns; colours are in them. */
export function drawFrame(state: WireState, options: FrameOptions): readonly string[] {
  const { width, height } = options;
  const top = topLines(state, options);
  const bottom = bottomLines(state, options);
  const room = Math.max(0, height - top.length - bottom.length);
  const middle = middleLines(state, options, room).slice(0, room);
  const blanks = Array.from({ length: room - middle.length }, (): Line => []);
  return [...top, ...middle, ...blanks, ...bottom]
    .slice(0, height)
    .map((line) => paintLine(line, width));
}

function topLines(state: WireState, { width, height, paint }: FrameOptions): readonly Line[] {
  const { today, sessions, time } = state;
  const progress = progressLine(state, paint);
  const running = sessions.filter((each) => isRunning(each, time)).length;
  const rate = rateText(today);
  const text = `${running} running${rate === "" ? "" : `   ${rate}`}`;
  // Before anything is read, zeros would be no answer.
  const isKnown = state.ready || !isEmpty(state);
  const right = progress.length > 0 ? progress : isKnown ? [{ text }] : [];
  return [
    spread([{ text: "What is running now?", paint: paint.head }], right, width),
    isKnown ? todayLine(today, paint, width) : [],
    ...(height >= ROOMY.tokenTypes ? [isKnown ? tokenTypesLine(today, paint, width) : []] : []),
    ...(height >= ROOMY.blanks ? [[]] : []),
  ];
}

function bottomLines(state: WireState, { width, height, paint }: FrameOptions): readonly Line[] {
  const problems = problemsOf(state);
  const shown = problems.slice(0, height >= ROOMY.blanks ? MOST_PROBLEMS : 1);
  const hidden = problems.length - shown.length;
  const more = hidden === 0 ? "" : ` · ${counted(hidden, "more problem")}`;
  const left = [{ text: `${followedText(state)}${more}`, paint: paint.quiet }];
  return [
    ...(height >= ROOMY.blanks ? [[]] : []),
    ...shown.map((problem): Line => [{ text: `! ${problem}`, paint: paint.bad }]),
    spread(left, [{ text: "q quits", paint: paint.quiet }], width),
  ];
}

function middleLines(state: WireState, options: FrameOptions, room: number): readonly Line[] {
  const { recent } = state;
  if (isEmpty(state)) return emptyLines(state, options.paint);
  const forEvents = Math.min(recent.length + 2, Math.floor(room * EVENTS_SHARE));
  const table = sessionTable(state, options, Math.max(2, room - forEvents));
  const left = room - table.length - 2;
  return left < 1 ? table : [...table, [], ...eventList(state, options, left)];
}

/** Whether nothing has arrived, as far as it is read. */
function isEmpty({ sessions, recent, today }: WireState): boolean {
  return sessions.length + recent.length === 0 && today.total_tokens === 0;
}

/** The sessions in at most so many lines, head included. */
function sessionTable(
  { sessions, time }: WireState,
  { width, paint }: FrameOptions,
  room: number,
): readonly Line[] {
  const head = sessionHead(width, { paint }).slice(0, headRows(room));
  const rows = room - head.length;
  const shown = sessions.length <= rows ? sessions : sessions.slice(0, Math.max(1, rows - 1));
  const hidden = sessions.length - shown.length;
  const largest = (amount: (session: WireSession) => number) => Math.max(0, ...shown.map(amount));
  const decimals = {
    cost: usdDecimals(largest((session) => usdSpent(session) ?? 0)),
    rate: usdDecimals(largest(({ usd_per_minute }) => (usd_per_minute ?? 0) * 60)),
  };
  const context = { paint, time, decimals };
  return [
    ...head,
    ...shown.map((session) => sessionLine(session, isRunning(session, time), width, context)),
    ...(hidden === 0 ? [] : [[{ text: `${hidden} more`, paint: paint.quiet }]]),
  ];
}

/** A low table does without the rule, one of two rows without headings. */
function headRows(room: number): number {
  if (room < 3) return 0;
  return room < 6 ? 1 : 2;
}

/** A heading and the last events in so many lines below it. */
function eventList(
  { recent }: WireState,
  { width, paint, clock }: FrameOptions,
  rows: number,
): readonly Line[] {
  if (recent.length === 0) return [];
  return [
    [{ text: "last events", paint: paint.head }],
    ...recent
      .slice(0, rows)
      .map((event) => eventLine(event, { time: clock(microsOf(event.time)), paint, width })),
  ];
}
