import sql from "./activity.sql";
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

/** When was how much used? */
export const activity: Report = {
  name: "activity",
  title: "Usage by minute, hour or day",
  question: "When was how much used?",
  sql,
  parameters: [...filters, "by", "bucket", "limit"],
  splits: usageSplits,
  buckets: ["hour", "minute", "day"],
  limit: 1000,
  columns: [
    dimension("start_time", "from", { unit: "time" }),
    part,
    ledger,
    requests,
    ...tokens,
    ...costs,
    cacheHitRate,
  ],
};
