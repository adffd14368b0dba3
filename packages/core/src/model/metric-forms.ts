import type { MetricDataType, Temporality } from "../otlp/sink.ts";

/**
 * How the values of a metric's points add up: `delta` by themselves, `cumulative` by their
 * differences. `assumed` if it was not sent which of them they are (a gauge, a sum without a
 * temporality): such values are read as cumulative ones that restart when they fall. A point
 * with a start of its own then counts in full, which is right for either kind; points that share a
 * start count for what they come to at least.
 */
export type Counting = "delta" | "cumulative" | "assumed";

/** The metrics of Claude Code, by their names without prefix, unit and type, in lower case. */
const metrics: ReadonlyMap<string, string> = new Map([
  ["session_count", "claude_code.session.count"],
  ["token_usage", "claude_code.token.usage"],
  ["cost_usage", "claude_code.cost.usage"],
  ["active_time", "claude_code.active_time.total"],
  ["lines_of_code_count", "claude_code.lines_of_code.count"],
  ["commit_count", "claude_code.commit.count"],
  ["pull_request_count", "claude_code.pull_request.count"],
  ["code_edit_tool_decision", "claude_code.code_edit_tool.decision"],
]);

const PREFIX = "claude_code_";
/** What a translation to Prometheus puts behind a name: the unit, and the type of a counter. */
const SUFFIX = /_(?:total|tokens|usd|seconds|s)$/;

/**
 * The name that Claude Code gives a metric, whatever a pipeline made of it: claude_code.token.usage
 * for claude_code_token_usage_tokens_total. Undefined for any other metric.
 */
export function canonicalMetric(name: string): string | undefined {
  let plain = name.replace(/[^A-Za-z0-9]+/g, "_").toLowerCase();
  if (!plain.startsWith(PREFIX)) return undefined;
  plain = plain.slice(PREFIX.length);
  while (!metrics.has(plain) && SUFFIX.test(plain)) plain = plain.replace(SUFFIX, "");
  return metrics.get(plain);
}

/** What tokens are counted for. */
export type TokenKind = "input" | "output" | "cacheRead" | "cacheCreation";

const tokenKinds: ReadonlyMap<string | undefined, TokenKind> = new Map([
  ["input", "input"],
  ["output", "output"],
  ["cacheRead", "cacheRead"],
  ["cache_read", "cacheRead"],
  ["cacheCreation", "cacheCreation"],
  ["cache_creation", "cacheCreation"],
]);

/** The kind of token that the attribute type of a point names; undefined for any other type. */
export function tokenKind(type: string | undefined): TokenKind | undefined {
  return tokenKinds.get(type);
}

/** What of a metric decides how its points count. */
export interface MetricForm {
  readonly name: string;
  readonly dataType: MetricDataType;
  readonly temporality: Temporality | undefined;
}

/** How the points of a metric count; undefined where they do not. */
export function countingOf({ name, dataType, temporality }: MetricForm): Counting | undefined {
  if (canonicalMetric(name) === undefined || dataType === "summary") return undefined;
  return temporality === "delta" || temporality === "cumulative" ? temporality : "assumed";
}

/**
 * Whether a point has a value that counts: a finite one, and not marked as without one. The further
 * fields of the point are a JSON object.
 */
export function hasValue(value: number | undefined, otherFields: string | undefined): boolean {
  return value !== undefined && Number.isFinite(value) && !isMarkedEmpty(otherFields);
}

/** Whether the value of such points is the sum of a distribution. */
export function isHistogram(dataType: MetricDataType): boolean {
  return dataType === "histogram" || dataType === "exponential_histogram";
}

/** The sum of a distribution's values, from the JSON object of its fields; undefined without one. */
export function sumOfDistribution(distribution: string): number | undefined {
  const fields: unknown = JSON.parse(distribution);
  if (typeof fields !== "object" || fields === null || !("sum" in fields)) return undefined;
  return typeof fields.sum === "number" ? fields.sum : undefined;
}

/** Whether the flags of a point say that it has no recorded value. */
function isMarkedEmpty(otherFields: string | undefined): boolean {
  if (otherFields === undefined || !otherFields.includes('"flags"')) return false;
  const fields: unknown = JSON.parse(otherFields);
  if (typeof fields !== "object" || fields === null || !("flags" in fields)) return false;
  return (Number(fields.flags) & 1) === 1;
}
