import { dimension, filters, measure, totals } from "./columns.ts";
import type { Report } from "./report.ts";
import sql from "./sessions.sql";

/** Which sessions were there, and what did each cost? */
export const sessions: Report = {
  name: "sessions",
  title: "Sessions",
  question: "Which sessions were there, and what did each cost?",
  sql,
  parameters: [...filters, "limit"],
  limit: 50,
  columns: [
    dimension("session_id", "session"),
    ...totals,
    measure("unattributed_share", "no stage", "ratio", { minor: true }),
  ],
};
