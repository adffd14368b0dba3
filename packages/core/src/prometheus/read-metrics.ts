import type { Session } from "../store/session.ts";
import countersSql from "./counters.sql";
import type { Family, FamilyHead, Labels, Series } from "./family.ts";
import { type CounterName, type MetricNameStyle, namesOf } from "./names.ts";
import recentSql from "./recent.sql";
import { type Group, grouped, type Row, seriesOf, summed, text } from "./rows.ts";
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

/** Decimals of costs, of other increments, and of times. */
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

const columns = [
  "cost_usd",
  ...tokenKinds.map(([, column]) => column),
  ...counts.map(([, column]) => column),
];

/** What is known of the last hour, day and week: name, column, scale, sentence. */
const recents = [
  ["cctelemetry_recent_cost_usd", "cost_usd", NANO, "Cost within the span"],
  [
    "cctelemetry_recent_unattributed_cost_usd",
    "unattributed_usd",
    NANO,
    "Cost within the span that no stage was found for",
  ],
  ["cctelemetry_recent_requests", "requests", 1, "Requests to the API within the span"],
  ["cctelemetry_recent_api_errors", "errors", 1, "Requests that failed within the span"],
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
    const recent = await session.rows(recentSql, {
      now: { kind: "time", micros: BigInt(Math.trunc(now)) },
    });
    const since = now - windowMs * 1000;
    const live = (groups: readonly Group[]) => groups.filter(({ lastTime }) => lastTime >= since);
    const limited = [
      ...this.usageCounters(live(grouped(usage, sentLabels, columns))),
      ...this.otherCounters(counters, live),
      ...gaugesOf(live(grouped(usage, foundLabels, columns))),
      ...recentOf(recent),
      lastSeen(usage, now),
    ].map((family) => this.limit.apply(family));
    return [...limited.map(({ family }) => settled(family)), foldedSeries(limited)].filter(
      ({ series }) => series.length > 0,
    );
  }

  private usageCounters(groups: readonly Group[]): readonly Family[] {
    return [
      ...this.named("claude_code.cost.usage", "Cost, USD", NANO, seriesOf(groups, "cost_usd")),
      ...this.named("claude_code.token.usage", "Tokens", 1, tokens(groups)),
    ];
  }

  private otherCounters(
    rows: readonly Row[],
    live: (groups: readonly Group[]) => readonly Group[],
  ): readonly Family[] {
    return otherCounters.flatMap(([metric, help, labels]) => {
      const own = ["workflow_id", "stage", "task_id", "agent", ...labels, "user", "session_id"];
      const groups = grouped(
        rows.filter((row) => row["canonical_metric"] === metric),
        (row) => Object.fromEntries(own.map((label) => [label, text(row[label])])),
        ["increment"],
      );
      return this.named(metric, help, MILLIONTH, seriesOf(live(groups), "increment"));
    });
  }

  /** The family of a metric by each of its names. */
  private named(
    metric: CounterName,
    help: string,
    scale: number,
    series: readonly Series[],
  ): readonly Family[] {
    return namesOf(metric, this.options.names).map((name) => ({
      ...{ name, help, scale, series },
      type: "counter",
    }));
  }
}

/** What depends on the stage that was found, which may change when a mark comes later: gauges. */
function gaugesOf(groups: readonly Group[]): readonly Family[] {
  const cost = seriesOf(groups, "cost_usd");
  const unattributed = groups.filter(({ labels }) => labels["stage"] === null);
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
      tokens(groups),
    ),
    ...counts.map(([name, column, help]) => gauge(name, help, 1, seriesOf(groups, column))),
    gauge(
      "cctelemetry_unattributed_cost_usd",
      "Cost that no stage was found for",
      NANO,
      summed(seriesOf(unattributed, "cost_usd")),
    ),
  ];
}

/** What was spent within the last hour, day and week, by when it was spent. */
function recentOf(rows: readonly Row[]): readonly Family[] {
  const groups = grouped(
    rows,
    (row) => ({ user: text(row["user"]), span: text(row["span"]) }),
    recents.map(([, column]) => column),
  );
  return recents.map(([name, column, scale, help]) =>
    gauge(name, help, scale, seriesOf(groups, column)),
  );
}

const LAST_SEEN = "cctelemetry_last_seen_timestamp_seconds";

/** When each user was last heard of, whatever the window; a clock that is ahead makes it now. */
function lastSeen(usage: readonly Row[], now: number): Family {
  const groups = grouped(usage, (row) => ({ user: text(row["user"]) }), []);
  const series = groups.map(({ key, labels, firstTime, lastTime }) => ({
    ...{ key, labels, firstTime, value: 0n },
    lastTime: Math.min(lastTime, now),
  }));
  return gauge(
    LAST_SEEN,
    "Time of the latest request, prompt, tool call or error",
    MILLIONTH,
    series,
  );
}

/** A family as it is shown: times are no sums, and follow from their series when these are folded. */
function settled(family: Family): Family {
  if (family.name !== LAST_SEEN) return family;
  const series = family.series.map((each) => ({
    ...each,
    value: BigInt(Math.trunc(each.lastTime)),
  }));
  return { ...family, series };
}

function foldedSeries(limited: readonly { family: Family; folded: number }[]): Family {
  return gauge(
    "cctelemetry_folded_series",
    "Series beyond the limit, which have (other) for their labels",
    1,
    limited
      .filter(({ folded }) => folded > 0)
      .map(({ family: { name }, folded }) => ({
        ...{ key: name, labels: { family: name }, value: BigInt(folded) },
        ...{ firstTime: 0, lastTime: 0 },
      })),
  );
}

function gauge(
  name: string,
  help: FamilyHead["help"],
  scale: number,
  series: readonly Series[],
): Family {
  return { name, type: "gauge", help, scale, series };
}

function tokens(groups: readonly Group[]): readonly Series[] {
  return tokenKinds.flatMap(([type, column]) => seriesOf(groups, column, { type }));
}

function commonLabels(row: Row): Labels {
  return {
    model: text(row["model"]),
    query_source: text(row["query_source"]),
    user: text(row["user"]),
    session_id: text(row["session_id"]),
  };
}
