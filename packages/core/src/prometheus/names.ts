/** Whose names the metrics of Claude Code have. */
export const metricNameStyles = ["plain", "collector", "claude-code"] as const;
export type MetricNameStyle = (typeof metricNameStyles)[number];

/** The metrics of Claude Code that are exposed as counters. */
export type CounterName = keyof typeof names;

/**
 * Names by style. `plain` has the name alone; `collector` the unit and `_total` that a Collector's
 * Prometheus exporters append; `claude-code` what Claude Code's own Prometheus exporter writes.
 */
const names = {
  "claude_code.cost.usage": {
    plain: "claude_code_cost_usage",
    collector: "claude_code_cost_usage_USD_total",
    "claude-code": "claude_code_cost_usage_total",
  },
  "claude_code.token.usage": {
    plain: "claude_code_token_usage",
    collector: "claude_code_token_usage_tokens_total",
    "claude-code": "claude_code_token_usage_total",
  },
  "claude_code.session.count": counted("claude_code_session_count"),
  "claude_code.lines_of_code.count": counted("claude_code_lines_of_code_count"),
  "claude_code.commit.count": counted("claude_code_commit_count"),
  "claude_code.pull_request.count": counted("claude_code_pull_request_count"),
  "claude_code.code_edit_tool.decision": counted("claude_code_code_edit_tool_decision"),
  "claude_code.active_time.total": {
    plain: "claude_code_active_time_total",
    collector: "claude_code_active_time_seconds_total",
    "claude-code": "claude_code_active_time_total",
  },
} as const satisfies Record<string, Record<MetricNameStyle, string>>;

/** The names of a metric in these styles, each once. */
export function namesOf(
  metric: CounterName,
  styles: readonly MetricNameStyle[],
): readonly string[] {
  return [...new Set(styles.map((style) => names[metric][style]))];
}

function counted(plain: string) {
  return { plain, collector: `${plain}_total`, "claude-code": `${plain}_total` };
}
