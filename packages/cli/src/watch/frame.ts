import type { LiveSession, LiveSnapshot } from "@cctelemetry/core";
import { hourlyText, RUNNING_MS, usdDecimals, usdOf } from "@cctelemetry/core/light";
import {
  type Conditions,
  emptyLines,
  followedText,
  problemsOf,
  progressLine,
} from "./conditions.ts";
import { eventLine } from "./events.ts";
import type { WatchPaint } from "./paint.ts";
import { sessionHead, sessionLine } from "./sessions.ts";
import { type Line, paintLine, spread } from "./spans.ts";
import { todayLine, tokenTypesLine } from "./totals.ts";
import { plural } from "./words.ts";

/** Everything the screen shows. */
export interface WatchView extends Conditions {
  readonly snapshot: LiveSnapshot;
}

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
export function drawFrame(view: WatchView, options: FrameOptions): readonly string[] {
  const { width, height } = options;
  const top = topLines(view, options);
  const bottom = bottomLines(view, options);
  const room = Math.max(0, height - top.length - bottom.length);
  const middle = middleLines(view, options, room).slice(0, room);
  const blanks = Array.from({ length: room - middle.length }, (): Line => []);
  return [...top, ...middle, ...blanks, ...bottom]
    .slice(0, height)
    .map((line) => paintLine(line, width));
}

/** Whether a session still does something. */
function isRunning({ lastActivity }: LiveSession, now: number): boolean {
  return now - lastActivity < RUNNING_MS * 1000;
}

function topLines(view: WatchView, { width, height, paint }: FrameOptions): readonly Line[] {
  const { snapshot } = view;
  const progress = progressLine(view, paint);
  const running = snapshot.sessions.filter((each) => isRunning(each, snapshot.now)).length;
  const rate = hourlyText(snapshot.today.burn);
  const text = `${running} running${rate === "" ? "" : `   ${rate}`}`;
  const right = progress.length > 0 ? progress : [{ text }];
  return [
    spread([{ text: "What is running now?", paint: paint.head }], right, width),
    todayLine(snapshot.today, paint, width),
    ...(height >= ROOMY.tokenTypes ? [tokenTypesLine(snapshot.today, paint, width)] : []),
    ...(height >= ROOMY.blanks ? [[]] : []),
  ];
}

function bottomLines(view: WatchView, { width, height, paint }: FrameOptions): readonly Line[] {
  const problems = problemsOf(view);
  const shown = problems.slice(0, height >= ROOMY.blanks ? MOST_PROBLEMS : 1);
  const hidden = problems.length - shown.length;
  const more = hidden === 0 ? "" : ` · ${plural(hidden, "more problem")}`;
  const left = [{ text: `${followedText(view)}${more}`, paint: paint.quiet }];
  return [
    ...(height >= ROOMY.blanks ? [[]] : []),
    ...shown.map((problem): Line => [{ text: `! ${problem}`, paint: paint.bad }]),
    spread(left, [{ text: "q quits", paint: paint.quiet }], width),
  ];
}

function middleLines(view: WatchView, options: FrameOptions, room: number): readonly Line[] {
  const { sessions, recent, today } = view.snapshot;
  if (sessions.length + recent.length === 0 && today.totalTokens === 0n)
    return emptyLines(view, options.paint);
  const forEvents = Math.min(recent.length + 2, Math.floor(room * EVENTS_SHARE));
  const table = sessionTable(view, options, Math.max(2, room - forEvents));
  const left = room - table.length - 2;
  return left < 1 ? table : [...table, [], ...eventList(view, options, left)];
}

/** The sessions in at most so many lines, head included. */
function sessionTable(
  { snapshot: { sessions, now } }: WatchView,
  { width, paint }: FrameOptions,
  room: number,
): readonly Line[] {
  const head = sessionHead(width, { paint }).slice(0, headRows(room));
  const rows = room - head.length;
  const shown = sessions.length <= rows ? sessions : sessions.slice(0, Math.max(1, rows - 1));
  const hidden = sessions.length - shown.length;
  const largest = (amount: (session: LiveSession) => number) => Math.max(0, ...shown.map(amount));
  const decimals = {
    cost: usdDecimals(largest(({ costNanoUsd }) => usdOf(costNanoUsd ?? 0n))),
    rate: usdDecimals(largest(({ burn }) => (burn.usdPerMinute ?? 0) * 60)),
  };
  const context = { paint, now, decimals };
  return [
    ...head,
    ...shown.map((session) => sessionLine(session, isRunning(session, now), width, context)),
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
  { snapshot: { recent } }: WatchView,
  { width, paint, clock }: FrameOptions,
  rows: number,
): readonly Line[] {
  if (recent.length === 0) return [];
  return [
    [{ text: "last events", paint: paint.head }],
    ...recent
      .slice(0, rows)
      .map((event) => eventLine(event, { time: clock(event.time), paint, width })),
  ];
}
