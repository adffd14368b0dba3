import { costShare, dimension, filters, measure, totals } from "./columns.ts";
import type { Report } from "./report.ts";
import sql from "./workflows.sql";

/** What did each workflow cost? */
export const workflows: Report = {
  name: "workflows",
  title: "Workflows",
  question: "What did each workflow cost?",
  sql,
  parameters: [...filters, "limit"],
  columns: [
    dimension("workflow_id", "workflow"),
    dimension("workflow_path", "path", { minor: true }),
    dimension("complexity", "complexity", { minor: true }),
    ...totals,
    costShare,
    measure("unattributed_share", "no stage", "ratio", { minor: true }),
  ],
};
