import { dimension, filters, measure } from "./columns.ts";
import type { Report } from "./report.ts";
import sql from "./tools.sql";

/** Which tools were used, and how well did they work? */
export const tools: Report = {
  name: "tools",
  title: "Tools",
  question: "Which tools were used, and how well did they work?",
  sql,
  parameters: [...filters.filter((name) => name !== "model"), "limit"],
  columns: [
    dimension("tool_name", "tool"),
    measure("calls", "calls", "count", { bar: true }),
    measure("failures", "failed", "count"),
    measure("failure_rate", "failure rate", "ratio"),
    measure("rejections", "rejected", "count"),
    measure("duration_p50_ms", "half within", "ms"),
    measure("duration_p95_ms", "95 % within", "ms"),
    measure("total_seconds", "all together", "seconds"),
    measure("result_bytes", "output", "bytes", { minor: true }),
  ],
};
