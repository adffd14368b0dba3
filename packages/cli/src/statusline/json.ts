import { formats, type SheetColumn, type Value } from "@cctelemetry/core/light";
import { type LiveSession, wireSession } from "@cctelemetry/core/meter";
import { sessionFields } from "../watch/json.ts";
import type { LimitUse, StatusInput } from "./input.ts";

const columns: readonly SheetColumn[] = [
  { name: "session", type: "STRUCT" },
  { name: "claude_code", type: "STRUCT" },
];

/** What the line is made of as one line of JSON: numbers of telemetry, and Claude Code's input. */
export function statusJson(input: StatusInput, session: LiveSession | undefined): string {
  const reported: Readonly<Record<string, Value>> = {
    session_id: input.sessionId ?? null,
    model: input.model ?? null,
    cost_usd: input.costUsd ?? null,
    context_percent: input.contextPercent ?? null,
    context_window_size: input.contextSize ?? null,
    five_hour: limit(input.fiveHour),
    seven_day: limit(input.sevenDay),
    spend: limit(input.spend),
  };
  const row = [session === undefined ? null : sessionFields(wireSession(session)), reported];
  return formats.jsonl(columns).rows([row]);
}

function limit(use: LimitUse | undefined): Value {
  if (use === undefined) return null;
  const { percent, resetsAt } = use;
  const resets: Value =
    resetsAt === undefined ? null : { kind: "time", micros: BigInt(Math.trunc(resetsAt * 1000)) };
  return { percent, resets_at: resets };
}
