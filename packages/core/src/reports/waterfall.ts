import { cost, dimension, measure, tokens } from "./columns.ts";
import type { Report } from "./report.ts";
import sql from "./waterfall.sql";

/** What ran when in this session? */
export const waterfall: Report = {
  name: "waterfall",
  title: "One session, by when each step began",
  question: "What ran when in this session?",
  sql,
  parameters: ["session", "prompt", "since", "until", "last", "tz", "limit"],
  required: ["session"],
  limit: 500,
  columns: [
    dimension("start_time", "from", { unit: "time" }),
    dimension("end_time", "to", { unit: "time", minor: true }),
    measure("duration_ms", "took", "ms", { bar: true }),
    dimension("prompt", "prompt", { unit: "count" }),
    dimension("prompt_id", "prompt id", { minor: true }),
    dimension("step", "step"),
    dimension("subject", "what"),
    dimension("detail", "detail", { minor: true }),
    dimension("agent_name", "subagent"),
    dimension("agent_id", "subagent id", { minor: true }),
    dimension("stage", "stage", { minor: true }),
    dimension("outcome", "outcome"),
    measure("ttft_ms", "first token", "ms", { minor: true }),
    ...tokens,
    cost,
    dimension("step_id", "request or tool id", { minor: true }),
  ],
};
