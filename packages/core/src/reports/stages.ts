import { costShare, dimension, filters, totals } from "./columns.ts";
import type { Report } from "./report.ts";
import sql from "./stages.sql";

/** What did each workflow cost, stage by stage? */
export const stages: Report = {
  name: "stages",
  title: "Stages of workflows",
  question: "What did each workflow cost, stage by stage?",
  sql,
  parameters: [...filters, "limit"],
  limit: 50,
  columns: [
    dimension("workflow_id", "workflow"),
    dimension("stage", "stage"),
    ...totals,
    costShare,
  ],
};
