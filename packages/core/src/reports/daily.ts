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
import sql from "./daily.sql";
import type { Report } from "./report.ts";

/** What did each day cost? */
export const daily: Report = {
  name: "daily",
  title: "Usage by day",
  question: "What did each day cost?",
  sql,
  parameters: [...filters, "by"],
  splits: usageSplits,
  columns: [dimension("day", "day"), part, ledger, requests, ...tokens, ...costs, cacheHitRate],
};
