import { cost, dimension, measure, tokens } from "./columns.ts";
import type { Report } from "./report.ts";
import sql from "./session.sql";

/** What happened in this session, step by step? */
export const session: Report = {
  name: "session",
  title: "One session, step by step",
  question: "What happened in this session, step by step?",
  sql,
  parameters: ["session", "since", "until", "last", "tz", "limit"],
  required: ["session"],
  limit: 500,
  columns: [
    dimension("time", "time", { unit: "time" }),
    dimension("prompt", "prompt", { unit: "count" }),
    dimension("step", "step"),
    dimension("subject", "what"),
    dimension("detail", "detail", { minor: true }),
    dimension("agent_name", "subagent", { minor: true }),
    dimension("stage", "stage", { minor: true }),
    dimension("outcome", "outcome"),
    measure("duration_ms", "took", "ms"),
    ...tokens,
    cost,
  ],
};
