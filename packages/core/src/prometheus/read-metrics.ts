import type { Instant, Session, Value } from "../store/session.ts";
import countersSql from "./counters.sql";
import { type Family, type FamilyHead, familyOf, type Labels, type Part } from "./family.ts";
import { type CounterName, type MetricNameStyle, namesOf } from "./names.ts";
import { SeriesLimit } from "./series-limit.ts";
import usageSql from "./usage.sql";

/** What is exposed to Prometheus, and how. */
export interface MetricsOptions {
  readonly names: readonly MetricNameStyle[];
  /** Whether series have the label session_id. */
  readonly sessions: boolean;
  /** A series without a new record for so long is left out, milliseconds. */
  readonly windowMs: number;
  /** Series of a family that keep their labels. */
  readonly mostSeries: number;
}

type Row = Readonly<Record<string, Value>>;

const NANO = 1_000_000_000;
const MILLIONTH = 1_000_000;

/** Labels of usage as it was sent, and as attribution completes it. */
const sentLabels = (row: Row): Labels => ({
  workflow_id: text(row["sent_workflow_id"]),
  stage: text(row["sent_stage"]),
  task_id: text(row["sent_task_id"]),
  agent: text(row["sent_agent"]),
  ...commonLabels(row),
});
const foundLabels = (row: Row): Labels => ({
  workflow_id: text(row["workflow_id"]),
  stage: text(row["stage"]),
  task_id: text(row["task_id"]),
  agent: text(row["agent"]),
  attribution: text(row["attribution"]),
  ...commonLabels(row),
});

/** Tokens by the names that Claude Code's metric has for their kinds. */
const tokenKinds = [
  ["input", "input"],
  ["output", "output"],
  ["cacheRead", "cache_read"],
  ["cacheCreation", "cache_creation"],
] as const;

/** What else is counted about usage: name, column, sentence. */
const counts = [
  ["cctelemetry_requests", "requests", "Requests to the API by the stage that was found for them"],
  ["cctelemetry_unpriced_requests", "unpriced_requests", "Requests whose cost is not known"],
  ["cctelemetry_prompts", "prompts", "Prompts"],
  ["cctelemetry_tool_calls", "tool_calls", "Calls of tools"],
  ["cctelemetry_tool_failures", "tool_failures", "Calls of tools that failed"],
  ["cctelemetry_api_errors", "errors", "Requests that the API answered with an error"],
] as const;

const otherCounters: readonly (readonly [CounterName, string, readonly string[]])[] = [
  ["claude_code.session.count", "Sessions that began", ["start_type"]],
  ["claude_code.lines_of_code.count", "Lines of code that were added or removed", ["type"]],
  ["claude_code.commit.count", "Commits", []],
  ["claude_code.pull_request.count", "Pull requests", []],
  [
    "claude_code.code_edit_tool.decision",
    "Decisions about edits",
    ["tool_name", "decision", "source", "language"],
  ],
  ["claude_code.active_time.total", "Time in use, seconds", ["type"]],
];

/**
 * Reads what the store holds as metrics for Prometheus: every record once, from all of its time.
 * Remembers which series kept their labels; one reader for one endpoint.
 */
export class MetricsReader {
  private readonly options: MetricsOptions;
  private readonly limit: SeriesLimit;

  constructor(options: MetricsOptions) {
    this.options = options;
    this.limit = new SeriesLimit(options.mostSeries);
  }

  /** The families now; `now` in microseconds since 1970. */
  async read(session: Session, now: number): Promise<readonly Family[]> {
    const { sessions, windowMs } = this.options;
    const usage = await session.rows(usageSql, { sessions });
    const counters = await session.rows(countersSql, { sessions });
    const since = now - windowMs * 1000;
    const all = [...this.countersOf(usage, counters), ...gaugesOf(usage)];
    const limited = all.map((family) =>
      this.limit.apply({
        ...family,
        series: family.series.filter(({ lastTime }) => lastTime >= since),
      }),
    );
    return [...limited.map(({ family }) => family), foldedSeries(limited)].filter(
      ({ series }) => series.length > 0,
    );
  }

  private countersOf(usage: readonly Row[], counters: readonly Row[]): readonly Family[] {
    const named = (
      metric: CounterName,
      head: Pick<FamilyHead, "help" | "scale">,
      parts: readonly Part[],
    ) =>
      namesOf(metric, this.options.names).map((name) =>
        familyOf({ name, type: "counter", ...head }, parts),
      );
    const cost = partsOf(usage, "cost_nano_usd", sentLabels);
    return [
      ...named("claude_code.cost.usage", { help: "Cost, USD", scale: NANO }, cost),
      ...named("claude_code.token.usage", { help: "Tokens", scale: 1 }, tokens(usage, sentLabels)),
      ...otherCounters.flatMap(([metric, help, labels]) => {
        const rows = counters.filter((row) => row["canonical_metric"] === metric);
        const own = (row: Row): Labels =>
          Object.fromEntries(
            ["workflow_id", "stage", "task_id", "agent", ...labels, "user", "session_id"].map(
              (label) => [label, text(row[label])],
            ),
          );
        return named(metric, { help, scale: MILLIONTH }, partsOf(rows, "millionths", own));
      }),
    ];
  }
}

/** What depends on the stage that was found, which may change when a mark comes later: gauges. */
function gaugesOf(usage: readonly Row[]): readonly Family[] {
  const gauge = (name: string, help: string, scale: number, parts: readonly Part[]): Family =>
    familyOf({ name, type: "gauge", help, scale }, parts);
  const cost = partsOf(usage, "cost_nano_usd", foundLabels);
  const lastSeen = usage.map((row) => ({
    labels: { user: text(row["user"]) },
    value: 0n,
    firstTime: micros(row["first_time"]),
    lastTime: micros(row["last_time"]),
  }));
  return [
    gauge(
      "cctelemetry_cost_usd",
      "Cost by the stage that was found for it, and how it was found",
      NANO,
      cost,
    ),
    gauge(
      "cctelemetry_tokens",
      "Tokens by the stage that was found for them, and how it was found",
      1,
      tokens(usage, foundLabels),
    ),
    ...counts.map(([name, column, help]) =>
      gauge(name, help, 1, partsOf(usage, column, foundLabels)),
    ),
    gauge(
      "cctelemetry_unattributed_cost_usd",
      "Cost that no stage was found for",
      NANO,
      cost.map((part) => ({
        ...part,
        value: part.labels["stage"] === null ? part.value : 0n,
        labels: {},
      })),
    ),
    timesOf(
      gauge(
        "cctelemetry_last_seen_timestamp_seconds",
        "Time of the latest request, prompt, tool call or error",
        MILLIONTH,
        lastSeen,
      ),
    ),
  ];
}

/** The family with the last time of each series for its value. */
function timesOf(family: Family): Family {
  const series = family.series.map((each) => ({ ...each, value: BigInt(each.lastTime) }));
  return { ...family, series };
}

function foldedSeries(limited: readonly { family: Family; folded: number }[]): Family {
  return familyOf(
    {
      name: "cctelemetry_folded_series",
      type: "gauge",
      help: "Series beyond the limit, which have (other) for their labels",
      scale: 1,
    },
    limited
      .filter(({ folded }) => folded > 0)
      .map(({ family, folded }) => ({
        ...{ labels: { family: family.name }, value: BigInt(folded) },
        ...{ firstTime: 0, lastTime: 0 },
      })),
  );
}

function tokens(usage: readonly Row[], labelsOf: (row: Row) => Labels): readonly Part[] {
  return tokenKinds.flatMap(([type, column]) =>
    partsOf(usage, column, (row) => ({ ...labelsOf(row), type })),
  );
}

/** The parts that rows give a family; of none where there is nothing of it. */
function partsOf(
  rows: readonly Row[],
  column: string,
  labelsOf: (row: Row) => Labels,
): readonly Part[] {
  return rows.flatMap((row) => {
    const value = row[column];
    if (typeof value !== "bigint" || value === 0n) return [];
    const [firstTime, lastTime] = [micros(row["first_time"]), micros(row["last_time"])];
    return [{ labels: labelsOf(row), value, firstTime, lastTime }];
  });
}

function commonLabels(row: Row): Labels {
  return {
    model: text(row["model"]),
    query_source: text(row["query_source"]),
    user: text(row["user"]),
    session_id: text(row["session_id"]),
  };
}

function text(value: Value | undefined): string | null {
  return typeof value === "string" ? value : null;
}

function micros(value: Value | undefined): number {
  return value !== null && typeof value === "object" && "micros" in value
    ? Number((value as Instant).micros)
    : 0;
}
