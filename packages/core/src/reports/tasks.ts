import { costShare, dimension, filters, totals } from "./columns.ts";
import type { Report } from "./report.ts";
import sql from "./tasks.sql";

/** What did each task cost? */
export const tasks: Report = {
  name: "tasks",
  title: "Tasks and their agents",
  question: "What did each task cost?",
  sql,
  parameters: [...filters, "limit"],
  limit: 50,
  columns: [
    dimension("workflow_id", "workflow", { minor: true }),
    dimension("stage", "stage", { minor: true }),
    dimension("task_id", "task"),
    dimension("agent", "agent"),
    ...totals,
    costShare,
  ],
};
