import {
  cacheHitRate,
  costShare,
  costs,
  dimension,
  filters,
  ledger,
  measure,
  part,
  requests,
  tokens,
} from "./columns.ts";
import sql from "./models.sql";
import type { Report } from "./report.ts";

/** Where does the money go? */
export const models: Report = {
  name: "models",
  title: "Models",
  question: "Where does the money go?",
  sql,
  parameters: [...filters, "by", "limit"],
  splits: ["stage"],
  columns: [
    dimension("model", "model"),
    { ...part, label: "stage" },
    ledger,
    requests,
    ...tokens,
    ...costs,
    cacheHitRate,
    costShare,
    measure("cost_per_request", "a request", "usd"),
    measure("duration_p50_ms", "half within", "ms", { minor: true }),
    measure("duration_p95_ms", "95 % within", "ms", { minor: true }),
    dimension("names", "names as sent", { minor: true }),
  ],
};
