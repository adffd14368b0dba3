import {
  cacheHitRate,
  costShare,
  costs,
  filters,
  ledger,
  measure,
  part,
  requests,
  tokens,
  usageSplits,
  work,
} from "./columns.ts";
import type { Report } from "./report.ts";
import sql from "./summary.sql";

/** What does it all come to? */
export const summary: Report = {
  name: "summary",
  title: "Everything in one line",
  question: "What does it all come to?",
  sql,
  parameters: [...filters, "by", "limit"],
  splits: usageSplits,
  columns: [
    part,
    measure("sessions", "sessions", "count", { shown: "without-split" }),
    ledger,
    requests,
    ...tokens,
    ...costs,
    cacheHitRate,
    { ...costShare, shown: "with-split" },
    ...work.map((column) => ({ ...column, shown: "without-split" as const })),
  ],
};
