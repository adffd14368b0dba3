import { cost, dimension, filters, measure, tokens } from "./columns.ts";
import type { Report } from "./report.ts";
import sql from "./requests.sql";

/** What did each request use? */
export const requests: Report = {
  name: "requests",
  title: "Single requests",
  question: "What did each request use?",
  sql,
  parameters: [...filters, "task", "agent", "prompt", "limit"],
  limit: 50,
  columns: [
    dimension("time", "time", { unit: "time" }),
    dimension("session_id", "session", { minor: true }),
    dimension("prompt_id", "prompt", { minor: true }),
    dimension("request_id", "request", { minor: true }),
    dimension("model", "model"),
    dimension("source_kind", "source"),
    dimension("agent_name", "subagent", { minor: true }),
    dimension("workflow_id", "workflow", { minor: true }),
    dimension("stage", "stage"),
    dimension("task_id", "task", { minor: true }),
    dimension("agent", "agent", { minor: true }),
    ...tokens,
    cost,
    measure("duration_ms", "took", "ms"),
    measure("ttft_ms", "first token", "ms", { minor: true }),
    dimension("speed", "speed", { minor: true }),
    dimension("effort", "effort", { minor: true }),
  ],
};
