import {
  cacheHitRate,
  costs,
  dimension,
  filters,
  ledger,
  part,
  requests,
  tokens,
  usageSplits,
} from "./columns.ts";
import type { Report } from "./report.ts";
import sql from "./weekly.sql";

/** What did each week cost? */
export const weekly: Report = {
  name: "weekly",
  title: "Usage by week",
  question: "What did each week cost?",
  sql,
  parameters: [...filters, "by"],
  splits: usageSplits,
  columns: [
    dimension("week", "week"),
    dimension("monday", "from", { minor: true }),
    part,
    ledger,
    requests,
    ...tokens,
    ...costs,
    cacheHitRate,
  ],
};
