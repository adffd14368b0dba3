import { KnownError } from "@cctelemetry/core/meter";

/** How much of a limit is used. */
export interface LimitUse {
  /** 0 to 100, and above where it is overdrawn. */
  readonly percent: number;
  /** When it begins anew, milliseconds since 1970. */
  readonly resetsAt: number | undefined;
}

/** What Claude Code tells a status line; what it leaves out is undefined. */
export interface StatusInput {
  readonly sessionId: string | undefined;
  /** The model's name for people. */
  readonly model: string | undefined;
  readonly agent: string | undefined;
  /** The folder it works in. */
  readonly folder: string | undefined;
  /** Its own reckoning of the session's cost, USD. */
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

/** Reads the JSON of a status line. Throws a KnownError where it is none. */
export function readInput(json: string): StatusInput {
  const root = parsed(json);
  const [workspace, context, limits] = [
    fieldsOf(root["workspace"]),
    fieldsOf(root["context_window"]),
    fieldsOf(root["rate_limits"]),
  ];
  return {
    sessionId: textOf(root["session_id"]),
    model: textOf(fieldsOf(root["model"])["display_name"]) ?? textOf(fieldsOf(root["model"])["id"]),
    agent: textOf(fieldsOf(root["agent"])["name"]),
    folder: textOf(workspace["current_dir"]) ?? textOf(root["cwd"]),
    costUsd: numberOf(fieldsOf(root["cost"])["total_cost_usd"]),
    contextPercent: numberOf(context["used_percentage"]),
    contextSize: numberOf(context["context_window_size"]),
    fiveHour: limitOf(limits["five_hour"]),
    sevenDay: limitOf(limits["seven_day"]),
    spend: limitOf(limits["spend_limit"]),
  };
}

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
  return new KnownError("bad-argument", "What came on stdin is no JSON of a status line.", {
    hint: 'Try: echo \'{"session_id":"…"}\' | cctelemetry statusline',
    cause,
  });
}

function limitOf(value: unknown): LimitUse | undefined {
  const { used_percentage: used, resets_at: resets } = fieldsOf(value);
  const percent = numberOf(used);
  if (percent === undefined) return undefined;
  const seconds = typeof resets === "string" ? Date.parse(resets) / 1000 : numberOf(resets);
  const known = seconds !== undefined && Math.abs(seconds) < 1e11;
  return { percent, resetsAt: known ? seconds * 1000 : undefined };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
