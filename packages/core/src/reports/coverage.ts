import { dimension, measure, unpriced } from "./columns.ts";
import sql from "./coverage.sql";
import type { Report } from "./report.ts";

/** Can I trust these numbers? */
export const coverage: Report = {
  name: "coverage",
  title: "Coverage",
  question: "Can I trust these numbers?",
  sql,
  parameters: ["since", "until", "last", "tz", "session", "limit"],
  limit: 50,
  columns: [
    dimension("session_id", "session"),
    dimension("first_time", "from", { unit: "time", minor: true }),
    dimension("last_time", "to", { unit: "time", minor: true }),
    dimension("service_version", "version", { minor: true }),
    measure("requests", "requests", "count", { minor: true }),
    unpriced,
    measure("event_tokens", "by events", "tokens"),
    measure("metric_tokens", "by metrics", "tokens"),
    measure("token_difference", "difference", "tokens"),
    measure("event_cost_usd", "cost by events", "usd", { minor: true }),
    measure("metric_cost_usd", "cost by metrics", "usd", { minor: true }),
    measure("cost_difference_usd", "cost difference", "usd"),
    measure("repeated_requests", "repeats", "count", { minor: true }),
    measure("suspected_repeats", "suspected repeats", "count", { minor: true }),
    measure("left_out_tokens", "left out", "tokens", { minor: true }),
    measure("left_out_cost_usd", "cost left out", "usd", { minor: true }),
    dimension("finding", "finding"),
  ],
};
