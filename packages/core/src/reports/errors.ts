import { dimension, filters, measure } from "./columns.ts";
import sql from "./errors.sql";
import type { Report } from "./report.ts";

/** What went wrong, and how often? */
export const errors: Report = {
  name: "errors",
  title: "Failures",
  question: "What went wrong, and how often?",
  sql,
  parameters: [...filters, "limit"],
  limit: 50,
  columns: [
    dimension("kind", "kind"),
    dimension("subject", "model or tool"),
    dimension("status_code", "status"),
    dimension("error", "error"),
    measure("failures", "failures", "count"),
    measure("sessions", "sessions", "count"),
    dimension("first_time", "first", { unit: "time", minor: true }),
    dimension("last_time", "last", { unit: "time" }),
  ],
};
