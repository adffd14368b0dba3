import {
  cacheHitRate,
  costs,
  dimension,
  ledger,
  measure,
  requests,
  tokens,
  work,
} from "./columns.ts";
import sql from "./prompts.sql";
import type { Report } from "./report.ts";

/** What did each prompt of this session cost? */
export const prompts: Report = {
  name: "prompts",
  title: "The prompts of one session",
  question: "What did each prompt of this session cost?",
  sql,
  parameters: ["session", "since", "until", "last", "tz", "limit"],
  required: ["session"],
  limit: 500,
  columns: [
    dimension("prompt", "prompt", { unit: "count" }),
    dimension("prompt_id", "prompt id", { minor: true }),
    dimension("command_name", "command"),
    measure("prompt_length", "characters", "count"),
    dimension("stages", "stages", { minor: true }),
    dimension("first_time", "from", { unit: "time" }),
    dimension("last_time", "to", { unit: "time", minor: true }),
    measure("wall_seconds", "wall time", "seconds"),
    ledger,
    requests,
    ...tokens,
    ...costs,
    cacheHitRate,
    ...work,
    measure("subagents", "subagents", "count", { minor: true }),
    dimension("models", "models", { minor: true }),
  ],
};
