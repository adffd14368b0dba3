import sql from "./agents.sql";
import { dimension, filters, measure, totals } from "./columns.ts";
import type { Report } from "./report.ts";

/** Which agents and subagents did the work of each task? */
export const agents: Report = {
  name: "agents",
  title: "Agents and their subagents",
  question: "Which agents and subagents did the work of each task?",
  sql,
  parameters: [...filters, "task", "agent", "limit"],
  limit: 50,
  columns: [
    dimension("workflow_id", "workflow", { minor: true }),
    dimension("stage", "stage", { minor: true }),
    dimension("task_id", "task"),
    dimension("agent", "agent"),
    dimension("source_kind", "source"),
    dimension("agent_name", "subagent"),
    measure("runs", "runs", "count", { minor: true }),
    ...totals.filter(({ name }) => name !== "prompts"),
    measure("workflow_share", "of its workflow", "ratio", { bar: true }),
  ],
};
