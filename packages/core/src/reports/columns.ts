import type { ReportColumn, ReportParameter } from "./report.ts";

/** A column the row is about. */
export function dimension(
  name: string,
  label: string,
  more: Partial<ReportColumn> = {},
): ReportColumn {
  return { name, label, role: "dimension", unit: "text", ...more };
}

/** A column of what was counted. */
export function measure(
  name: string,
  label: string,
  unit: ReportColumn["unit"],
  more: Partial<ReportColumn> = {},
): ReportColumn {
  return { name, label, role: "measure", unit, ...more };
}

/** The tokens by type, which a narrow table may do without, and all of them. */
export const tokens: readonly ReportColumn[] = [
  measure("input_tokens", "input", "tokens", { minor: true }),
  measure("output_tokens", "output", "tokens", { minor: true }),
  measure("cache_read_tokens", "cache read", "tokens", { minor: true }),
  measure("cache_creation_tokens", "cache write", "tokens", { minor: true }),
  measure("total_tokens", "tokens", "tokens"),
];

export const ledger: ReportColumn = dimension("ledger", "ledger", { minor: true });
export const requests: ReportColumn = measure("requests", "requests", "count");
export const cost: ReportColumn = measure("cost_usd", "cost", "usd");

export const unpriced: ReportColumn = measure("unpriced_requests", "no price", "count", {
  whenSome: true,
});

/** The cost of several requests as far as it is known, and how many have none. */
export const costs: readonly ReportColumn[] = [cost, unpriced];

export const cacheHitRate: ReportColumn = measure("cache_hit_rate", "cached", "ratio");
export const costShare: ReportColumn = measure("cost_share", "share", "ratio", { bar: true });
export const part: ReportColumn = dimension("part", "part", { shown: "with-split" });

/** From when to when. */
const span: readonly ReportColumn[] = [
  dimension("first_time", "from", { unit: "time", minor: true }),
  dimension("last_time", "to", { unit: "time", minor: true }),
  measure("wall_seconds", "wall time", "seconds"),
];

/** Errors and tools, which a narrow table may do without. */
export const work: readonly ReportColumn[] = [
  measure("errors", "errors", "count"),
  measure("tool_calls", "tools", "count", { minor: true }),
  measure("tool_failures", "tools failed", "count", { minor: true }),
];

/** The columns of a total of a session, workflow, stage or task. */
export const totals: readonly ReportColumn[] = [
  ...span,
  measure("prompts", "prompts", "count", { minor: true }),
  ledger,
  requests,
  ...tokens,
  ...costs,
  cacheHitRate,
  ...work,
  dimension("models", "models", { minor: true }),
];

/** The parameters of nearly every report. */
export const filters: readonly ReportParameter[] = [
  "since",
  "until",
  "last",
  "tz",
  "session",
  "workflow",
  "stage",
  "model",
];

/** What usage can be split by; `tag:` stands before the name of any tag. */
export const usageSplits: readonly string[] = [
  "model",
  "source",
  "workflow",
  "stage",
  "task",
  "agent",
  "subagent",
  "skill",
  "mcp",
  "session",
  "user",
  "organization",
  "host",
  "terminal",
  "entrypoint",
  "service",
  "version",
  "provider",
  "repository",
  "branch",
  "effort",
  "speed",
  "tag:NAME",
];
