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
import sql from "./monthly.sql";
import type { Report } from "./report.ts";

/** What did each month cost? */
export const monthly: Report = {
  name: "monthly",
  title: "Usage by month",
  question: "What did each month cost?",
  sql,
  parameters: [...filters, "by"],
  splits: usageSplits,
  columns: [dimension("month", "month"), part, ledger, requests, ...tokens, ...costs, cacheHitRate],
};
