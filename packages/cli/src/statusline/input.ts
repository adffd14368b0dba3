import { KnownError } from "@cctelemetry/core/meter";

/** How much of a limit is used. */
export interface LimitUse {
  /** 0 to 100, and above where it is overdrawn. */
  readonly percent: number;
  /** When it is reset, milliseconds since 1970. */
  readonly resetsAt: number | undefined;
}

/** What Claude Code passes to a status line; what it leaves out is undefined. */
export interface StatusInput {
  readonly sessionId: string | undefined;
  /** The model's name for people. */
  readonly model: string | undefined;
  readonly agent: string | undefined;
  /** The folder it works in. */
  readonly folder: string | undefined;
  /** The session's cost as computed by Claude Code, USD. */
  readonly costUsd: number | undefined;
  /** How much of the context window is used, 0 to 100. */
  readonly contextPercent: number | undefined;
  /** Tokens the context window holds. */
  readonly contextSize: number | undefined;
  readonly fiveHour: LimitUse | undefined;
  readonly sevenDay: LimitUse | undefined;
  readonly spend: LimitUse | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the JSON of a status line. A part that is of no use is left out: a percentage that can be
 * none, as a time in its place (claude-code issue 60263), a cost below zero, a name without letters.
 * Throws a KnownError if it is no JSON object at all.
 */
export function readInput(json: string): StatusInput {
  const root = parsed(json);
  const [workspace, context, limits, model] = [
    fieldsOf(root["workspace"]),
    fieldsOf(root["context_window"]),
    fieldsOf(root["rate_limits"]),
    fieldsOf(root["model"]),
  ];
  return {
    sessionId: textOf(root["session_id"]),
    model: textOf(model["display_name"]) ?? textOf(model["id"]) ?? textOf(root["model"]),
    agent: textOf(fieldsOf(root["agent"])["name"]),
    folder: textOf(workspace["current_dir"]) ?? textOf(root["cwd"]),
    costUsd: within(numberOf(fieldsOf(root["cost"])["total_cost_usd"]), 0, MOST_USD),
    contextPercent: within(percentOf(context["used_percentage"]), 0, 100),
    contextSize: within(numberOf(context["context_window_size"]), 1, MOST_TOKENS),
    fiveHour: limitOf(limits["five_hour"]),
    sevenDay: limitOf(limits["seven_day"]),
    spend: limitOf(limits["spend_limit"]),
  };
}

/** What is beyond is no cost, size or percentage, but something else in its place. */
const MOST_USD = 1e9;
const MOST_TOKENS = 1e9;
/** A limit may be overdrawn, though not many times over. */
const MOST_PERCENT = 500;

function parsed(json: string): Fields {
  if (json.trim() === "") {
    throw new KnownError("bad-argument", "Claude Code's status line JSON is missing on stdin.", {
      hint: "Claude Code runs this command; `cctelemetry statusline --install` sets it up.",
    });
  }
  let read: unknown;
  try {
    read = JSON.parse(json);
  } catch (cause) {
    throw unsuitable(cause);
  }
  if (typeof read !== "object" || read === null || Array.isArray(read)) throw unsuitable(undefined);
  return read as Fields;
}

function unsuitable(cause: unknown): KnownError {
  return new KnownError("bad-argument", "stdin is not status line JSON.", {
    hint: 'Try: echo \'{"session_id":"…"}\' | cctelemetry statusline',
    cause,
  });
}

function limitOf(value: unknown): LimitUse | undefined {
  const { used_percentage: used, resets_at: resets } = fieldsOf(value);
  const percent = within(percentOf(used), 0, MOST_PERCENT);
  return percent === undefined ? undefined : { percent, resetsAt: timeOf(resets) };
}

/** Times before this are zeros, or counted from another day than 1970. */
const EARLIEST_MS = Date.UTC(2020, 0);
const LATEST_MS = Date.UTC(2100, 0);

/** A time in milliseconds since 1970, given in seconds or any finer unit, or as ISO 8601. */
function timeOf(value: unknown): number | undefined {
  const number = numberOf(value);
  if (number === undefined) {
    const parsed = typeof value === "string" ? Date.parse(value) : Number.NaN;
    return within(Number.isNaN(parsed) ? undefined : parsed, EARLIEST_MS, LATEST_MS);
  }
  const inMs = [1e3, 1, 1e-3, 1e-6].map((unit) => number * unit);
  return inMs.find((time) => within(time, EARLIEST_MS, LATEST_MS) !== undefined);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** A number, also as the text of one. */
function numberOf(value: unknown): number | undefined {
  const number =
    typeof value === "string" && /^\s*[-+]?\d{1,30}(\.\d{1,30})?\s*$/.test(value)
      ? Number(value)
      : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** A percentage, also as `42%`. */
function percentOf(value: unknown): number | undefined {
  return numberOf(typeof value === "string" ? value.replace(/\s*%\s*$/, "") : value);
}

function within(value: number | undefined, least: number, most: number): number | undefined {
  return value !== undefined && value >= least && value <= most ? value : undefined;
}
