import { posix, win32 } from "node:path";
import {
  compactCount,
  compactRatio,
  compactUsd,
  costText,
  counted,
  ellipsize,
  escapeUnsafe,
  hourlyText,
  type LiveSession,
  stageText,
  usdOf,
} from "@cctelemetry/core/meter";
import type { LimitUse, StatusInput } from "./input.ts";

/** How loud a value is. */
export type Tone = "plain" | "quiet" | "warning" | "error";

/** A value of the line; an empty text where there is none. Safe to show. */
export interface StatusValue {
  readonly text: string;
  readonly tone: Tone;
}

/** What values are made of. */
export interface StatusFacts {
  readonly input: StatusInput;
  /** The session by telemetry; undefined while there is none. */
  readonly session: LiveSession | undefined;
  /** Why there is no telemetry. */
  readonly missing: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** From so many percent on a value warns, and from so many it alarms. */
const CONTEXT_LIMITS = [75, 90] as const;
const USE_LIMITS = [80, 95] as const;
const LONGEST_NAME = 30;
const DAY_MS = 24 * 3_600_000;

const values = {
  tokens: ({ session }) => plain(session && compactCount(Number(session.totalTokens))),
  input: ({ session }) => plain(session && compactCount(Number(session.inputTokens))),
  output: ({ session }) => plain(session && compactCount(Number(session.outputTokens))),
  cached: ({ session }) =>
    plain(session?.cacheHitRate && `${compactRatio(session.cacheHitRate)} cached`),
  cost: costOf,
  hourly: ({ session }) => quiet(session && hourlyText(session.burn)),
  speed: ({ session }) =>
    quiet(
      session?.burn.tokensPerMinute &&
        `${compactCount(Math.round(session.burn.tokensPerMinute))}/min`,
    ),
  requests: ({ session }) => plain(session?.requests && compactCount(session.requests)),
  errors: ({ session }) => ({
    text: countedIfAny(session?.errors ?? 0, "error"),
    tone: "error",
  }),
  failed_tools: ({ session }) => ({
    text: countedIfAny(session?.toolFailures ?? 0, "failed tool"),
    tone: "warning",
  }),
  unpriced: ({ session }) => quiet(unpricedText(session)),
  stage: ({ session }) => plain(named(session && stageText(session))),
  workflow: ({ session }) => plain(named(session?.workflowId)),
  task: ({ session }) => plain(named(session?.taskId)),
  agent: ({ session, input }) => plain(named(session?.agent ?? input.agent)),
  model: ({ session, input }) => quiet(named(input.model ?? session?.model)),
  context: contextOf,
  five_hour: ({ input, now }) => limitOf("5h", input.fiveHour, now),
  seven_day: ({ input, now }) => limitOf("7d", input.sevenDay, now),
  spend: ({ input, now }) => limitOf("spend", input.spend, now),
  folder: ({ input }) => quiet(named(input.folder && folderName(input.folder))),
  session: ({ input }) => quiet(named(input.sessionId?.slice(0, 8))),
  note: ({ session, missing }) => quiet(session === undefined ? missing : ""),
} as const satisfies Record<string, (facts: StatusFacts) => StatusValue>;

/** The name of a value in a template. */
export type ValueName = keyof typeof values;

/** Every name, the ones that are least missed first: so they go where a line is too long. */
export const valueNames: readonly ValueName[] = [
  ...(["session", "folder", "speed", "input", "output", "cached", "requests"] as const),
  ...(["unpriced", "failed_tools"] as const),
  ...(["agent", "task", "workflow", "seven_day", "model", "hourly", "five_hour"] as const),
  ...(["spend", "errors", "context", "note", "stage", "tokens", "cost"] as const),
];

/** One value of the line. */
export function statusValue(name: ValueName, facts: StatusFacts): StatusValue {
  return values[name](facts);
}

/** Whether a name is one of a value. */
export function isValueName(name: string): name is ValueName {
  return Object.hasOwn(values, name);
}

/**
 * What telemetry says, at least where requests have no price. Where it says nothing, what Claude Code
 * works out itself, marked as such.
 */
function costOf({ session, input }: StatusFacts): StatusValue {
  const cost = session?.costNanoUsd;
  if (session !== undefined && cost !== undefined) {
    return plain(costText(usdOf(cost), session.unpricedRequests));
  }
  if (input.costUsd !== undefined) return quiet(`~${compactUsd(input.costUsd)}`);
  return quiet(session === undefined ? "" : "no price");
}

function unpricedText(session: LiveSession | undefined): string {
  const count = session?.unpricedRequests ?? 0;
  return count === 0 ? "" : `${compactCount(count)} without a price`;
}

function contextOf({ session, input }: StatusFacts): StatusValue {
  const tokens = session?.contextTokens;
  const size = input.contextSize ?? 0;
  const computed = tokens === undefined || size <= 0 ? undefined : (Number(tokens) / size) * 100;
  const percent = input.contextPercent ?? computed;
  if (percent === undefined) return plain("");
  return { text: `context ${compactRatio(percent / 100)}`, tone: toneAt(percent, CONTEXT_LIMITS) };
}

/** How long each limit lasts at most, with room for a clock that is wrong, milliseconds. */
const LONGEST_MS: Readonly<Record<string, number>> = { "5h": 6 * 3_600_000, "7d": 8 * DAY_MS };

function limitOf(name: string, use: LimitUse | undefined, now: number): StatusValue {
  if (use === undefined) return plain("");
  const text = `${name} ${compactRatio(use.percent / 100)}`;
  // A limit that began again since has no cause for alarm.
  if (use.resetsAt !== undefined && use.resetsAt <= now) return plain(text);
  const tone = toneAt(use.percent, USE_LIMITS);
  // A time beyond the limit's own length is not when it ends.
  const isSure = (use.resetsAt ?? now) - now <= (LONGEST_MS[name] ?? 400 * DAY_MS);
  if (tone === "plain" || !isSure) return { text, tone };
  return { text: `${text}${untilText(use.resetsAt, now)}`, tone };
}

/** The last name of a path; a drive or share marks a path of Windows, on any system. */
function folderName(path: string): string {
  const { basename } = /^\\|^[A-Za-z]:[\\/]/.test(path) ? win32 : posix;
  return basename(path) || path;
}

/** Until when a limit lasts, on the clock of this machine; a limit of days shows the day. */
function untilText(resetsAt: number | undefined, now: number): string {
  if (resetsAt === undefined) return "";
  const date = new Date(resetsAt);
  const clock = [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, "0"));
  const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const day = resetsAt - now < DAY_MS ? "" : `${days[date.getDay()]} `;
  return ` until ${day}${clock.join(":")}`;
}

function toneAt(percent: number, [warning, error]: readonly [number, number]): Tone {
  if (percent >= error) return "error";
  return percent >= warning ? "warning" : "plain";
}

function countedIfAny(count: number, noun: string): string {
  return count === 0 ? "" : counted(count, noun, compactCount);
}

/** A name from outside: nothing in it that fools the eye or the terminal, and not too long. */
function named(name: string | undefined): string {
  return ellipsize(escapeUnsafe((name ?? "").slice(0, 200)), LONGEST_NAME);
}

function plain(text: string | 0 | undefined): StatusValue {
  return { text: text || "", tone: "plain" };
}

function quiet(text: string | 0 | undefined): StatusValue {
  return { text: text || "", tone: "quiet" };
}
