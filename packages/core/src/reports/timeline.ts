import {
  cacheHitRate,
  costs,
  dimension,
  filters,
  ledger,
  measure,
  requests,
  tokens,
} from "./columns.ts";
import type { Report } from "./report.ts";
import sql from "./timeline.sql";

/** When did each stage of a workflow run, and what ran beside it? */
export const timeline: Report = {
  name: "timeline",
  title: "Runs of stages, by when they began",
  question: "When did each stage of a workflow run, and what ran beside it?",
  sql,
  parameters: [...filters.filter((name) => name !== "model"), "task", "agent", "limit"],
  limit: 200,
  columns: [
    dimension("workflow_id", "workflow"),
    dimension("lane", "lane", { unit: "count" }),
    dimension("stage", "stage"),
    dimension("task_id", "task", { minor: true }),
    dimension("agent", "agent", { minor: true }),
    dimension("session_id", "session", { minor: true }),
    dimension("start_time", "from", { unit: "time" }),
    dimension("end_time", "to", { unit: "time" }),
    measure("wall_seconds", "wall time", "seconds", { bar: true }),
    ledger,
    requests,
    ...tokens,
    ...costs,
    cacheHitRate,
    measure("errors", "errors", "count"),
    measure("tool_calls", "tools", "count", { minor: true }),
    dimension("models", "models", { minor: true }),
  ],
};
