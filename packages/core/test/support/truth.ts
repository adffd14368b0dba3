import type { Session, Value } from "../../src/store/session.ts";

/** The content of a truth file: plain JSON. */
export type Truth =
  | { readonly [key: string]: Truth }
  | readonly Truth[]
  | string
  | number
  | boolean
  | null;

/** A tree of numbers by the same keys as in a truth file. */
interface Tree {
  [key: string]: Tree | number | string;
}

/** Sums of floating point numbers are compared to a millionth of a millionth. */
const TOLERANCE = 1e-9;

/**
 * Compares a database that holds exactly the records of a run with the truth of
 * that run. Gives one line per difference; none where everything is the same.
 */
export async function compareWithTruth(session: Session, truth: Truth): Promise<string[]> {
  const actual: Tree = {
    counts: await counts(session),
    logs: await logs(session),
    metrics: await metrics(session),
    sessions: await sessions(session),
  };
  const found = ["counts", "logs", "metrics", "sessions"].flatMap((part) =>
    differences(part, prune(part, member(truth, part)), actual[part] ?? {}),
  );
  return [...found, ...differences("by_task", tasksOf(truth), await tasks(session))];
}

async function counts(session: Session): Promise<Tree> {
  return {
    log_records: await count(session, "FROM log_records"),
    log_records_by_event: await map(session, "SELECT event_name, count(*) FROM events GROUP BY 1"),
    data_points: await count(session, "FROM metric_points"),
    data_points_by_metric: await map(
      session,
      "SELECT metric_name, count(*) FROM metric_points GROUP BY 1",
    ),
    spans: await count(session, "FROM spans"),
    spans_by_name: await map(session, "SELECT span_name, count(*) FROM spans GROUP BY 1"),
  };
}

async function logs(session: Session): Promise<Tree> {
  const tools: Tree = {};
  const results = await session.rows(
    `SELECT tool_name, count(*) FILTER (WHERE success) AS yes, count(*) FILTER (WHERE NOT success) AS no
     FROM tool_results GROUP BY 1`,
  );
  for (const row of results) {
    tools[text(row["tool_name"])] = {
      success_true: number(row["yes"]),
      success_false: number(row["no"]),
    };
  }
  return {
    ...((await usageBy(session, "'all'"))["all"] as Tree | undefined),
    distinct_request_ids: await count(
      session,
      "FROM (SELECT DISTINCT request_id FROM api_requests WHERE request_id IS NOT NULL)",
    ),
    requests_without_request_id: await count(session, "FROM api_requests WHERE request_id IS NULL"),
    distinct_prompt_ids: await count(
      session,
      "FROM (SELECT DISTINCT prompt_id FROM events WHERE prompt_id IS NOT NULL)",
    ),
    api_errors: await count(session, "FROM api_errors"),
    api_errors_by_status_code: await map(
      session,
      "SELECT status_code, count(*) FROM api_errors GROUP BY 1",
    ),
    tool_results: tools,
    by_model: await usageBy(session, "model"),
    by_session: await usageBy(session, "session_id"),
    by_query_source: await usageBy(session, "query_source"),
    by_agent_name: await usageBy(session, "agent_name"),
  };
}

/** Requests, tokens and cost by events. */
async function usageBy(session: Session, key: string): Promise<Tree> {
  const rows = await session.rows(
    `SELECT coalesce(${key}, '(none)') AS key, count(*) AS requests,
       sum(input_tokens) AS input, sum(output_tokens) AS output,
       sum(cache_read_tokens) AS read, sum(cache_creation_tokens) AS creation,
       sum(cost_usd) AS cost, coalesce(sum(cost_usd_micros), 0) AS micros,
       count(cost_usd_micros) AS with_micros,
       sum(cache_creation_5m_tokens) AS five_minutes, sum(cache_creation_1h_tokens) AS one_hour
     FROM log_records WHERE event_name = 'api_request' GROUP BY 1`,
  );
  const public_ = await map(
    session,
    `SELECT coalesce(${key}, '(none)'), sum(cost_usd) FROM api_requests GROUP BY 1`,
  );
  return tree(rows, (row) => ({
    requests: number(row["requests"]),
    tokens: tokensOf(row),
    cost_usd: public_[text(row["key"])] ?? 0,
    cost_usd_micros: number(row["micros"]),
    requests_with_cost_usd_micros: number(row["with_micros"]),
    tokens_cache_creation_split: {
      cache_creation_1h_tokens: number(row["one_hour"]),
      cache_creation_5m_tokens: number(row["five_minutes"]),
    },
  }));
}

async function metrics(session: Session): Promise<Tree> {
  const all = (await measuredBy(session, "'all'"))["all"] as Tree;
  const bySession = await measuredBy(session, "session_id");
  const starts = await map(
    session,
    "SELECT session_id, sum(starts) FROM session_starts GROUP BY 1",
  );
  for (const id of Object.keys(starts)) {
    bySession[id] ??= {
      tokens: { input: 0, output: 0, cacheRead: 0, cacheCreation: 0 },
      cost_usd: 0,
    };
  }
  for (const [id, each] of Object.entries(bySession)) {
    (each as Tree)["session_count"] = starts[id] ?? 0;
  }
  return {
    tokens: all["tokens"] ?? {},
    cost_usd: all["cost_usd"] ?? 0,
    by_model: await measuredBy(session, "model"),
    by_session: bySession,
    by_query_source: await measuredBy(session, "query_source"),
    other: await otherMetrics(session),
  };
}

/** Tokens and cost by metrics. */
async function measuredBy(session: Session, key: string): Promise<Tree> {
  const rows = await session.rows(
    `WITH increments AS (
       SELECT coalesce(${key}, '(none)') AS key, type, tokens, NULL AS cost FROM token_usage
       UNION ALL
       SELECT coalesce(${key}, '(none)'), NULL, NULL, cost_usd FROM cost_usage
     )
     SELECT key,
       coalesce(sum(tokens) FILTER (WHERE type = 'input'), 0) AS input,
       coalesce(sum(tokens) FILTER (WHERE type = 'output'), 0) AS output,
       coalesce(sum(tokens) FILTER (WHERE type = 'cacheRead'), 0) AS read,
       coalesce(sum(tokens) FILTER (WHERE type = 'cacheCreation'), 0) AS creation,
       coalesce(sum(cost), 0) AS cost
     FROM increments GROUP BY 1`,
  );
  return tree(rows, (row) => ({ tokens: tokensOf(row), cost_usd: number(row["cost"]) }));
}

async function otherMetrics(session: Session): Promise<Tree> {
  const views = [
    ["claude_code.session.count", "session_starts", "starts", "by_start_type", "start_type"],
    ["claude_code.active_time.total", "active_time", "seconds", "by_type", "type"],
    ["claude_code.lines_of_code.count", "lines_of_code", "lines", "by_type", "type"],
    ["claude_code.commit.count", "commits", "commits", "", ""],
    ["claude_code.pull_request.count", "pull_requests", "pull_requests", "", ""],
    [
      "claude_code.code_edit_tool.decision",
      "edit_decisions",
      "decisions",
      "by_tool_name_decision_source",
      "tool_name || '|' || decision || '|' || decision_source",
    ],
  ] as const;
  const metrics: Tree = {};
  for (const [name, view, value, split, key] of views) {
    const total = await map(session, `SELECT 'total', sum(${value}) FROM ${view} GROUP BY 1`);
    if (total["total"] === undefined) continue;
    metrics[name] = total;
    if (split === "") continue;
    (metrics[name] as Tree)[split] = await map(
      session,
      `SELECT coalesce(${key}, '(none)'), sum(${value}) FROM ${view} GROUP BY 1`,
    );
  }
  return metrics;
}

async function sessions(session: Session): Promise<Tree> {
  const ids = async (relation: string): Promise<string> =>
    Object.keys(
      await map(
        session,
        `SELECT session_id, 1 FROM ${relation} WHERE session_id IS NOT NULL GROUP BY 1`,
      ),
    )
      .sort()
      .join(" ");
  return {
    in_log_records: await ids("log_records"),
    in_data_points: await ids("metric_points"),
    log_records_without_session_id: await count(
      session,
      "FROM log_records WHERE session_id IS NULL",
    ),
    data_points_without_session_id: await count(
      session,
      "FROM metric_points WHERE session_id IS NULL",
    ),
  };
}

const TASK =
  "concat_ws('|', coalesce(workflow_id, '(none)'), coalesce(stage, '(none)'), coalesce(task_id, '(none)'), coalesce(agent, '(none)'))";

async function tasks(session: Session): Promise<Tree> {
  const requested = await usageBy(session, TASK);
  const measured = await measuredBy(session, TASK);
  const starts = await map(session, `SELECT ${TASK}, sum(starts) FROM session_starts GROUP BY 1`);
  const records = await map(session, `SELECT ${TASK}, count(*) FROM log_records GROUP BY 1`);
  const errors = await map(session, `SELECT ${TASK}, count(*) FROM api_errors GROUP BY 1`);
  const results = await map(session, `SELECT ${TASK}, count(*) FROM tool_results GROUP BY 1`);
  const keys = new Set([requested, measured, starts, records].flatMap((each) => Object.keys(each)));
  const all: Tree = {};
  for (const key of keys) {
    all[key] = {
      log_records: records[key] ?? 0,
      api_errors: errors[key] ?? 0,
      tool_results: results[key] ?? 0,
      logs: requested[key] ?? {},
      metrics: { ...(measured[key] as Tree | undefined), session_count: starts[key] ?? 0 },
    };
  }
  return all;
}

function tasksOf(truth: Truth): Truth {
  const list = member(truth, "by_task");
  if (!Array.isArray(list)) return {};
  const key = (task: Truth): string =>
    ["workflow_id", "stage", "task_id", "agent"]
      .map((name) => member(task, name) ?? "(none)")
      .join("|");
  const parts = ["log_records", "api_errors", "tool_results", "logs", "metrics"];
  return Object.fromEntries(
    list.map((task: Truth) => [
      key(task),
      Object.fromEntries(parts.map((name) => [name, member(task, name) ?? null])),
    ]),
  );
}

/** A truth file without what a database cannot know; lists become texts. */
function prune(part: string, truth: Truth | undefined): Truth {
  if (typeof truth !== "object" || truth === null || Array.isArray(truth)) return truth ?? {};
  const left = ["lines", "lines_by_signal", "exact_duplicates", "if_read_wrongly"];
  return Object.fromEntries(
    Object.entries(truth)
      .filter(([name]) => part === "logs" || !left.includes(name))
      .map(([name, value]) => [name, Array.isArray(value) ? [...value].sort().join(" ") : value]),
  );
}

/** Lines that say where two trees differ. A split of cache writes is only compared if it is known. */
function differences(path: string, expected: Truth, actual: Tree | number | string): string[] {
  if (typeof expected !== "object" || expected === null) {
    const same =
      typeof expected === "number" && typeof actual === "number"
        ? Math.abs(expected - actual) <= TOLERANCE * Math.max(1, Math.abs(expected))
        : expected === actual;
    return same ? [] : [`${path}: expected ${String(expected)}, found ${JSON.stringify(actual)}`];
  }
  if (typeof actual !== "object") return [`${path}: expected an object, found ${actual}`];
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...keys].flatMap((key) => {
    const wanted = member(expected, key);
    const found = actual[key];
    if (wanted === undefined && key === "tokens_cache_creation_split") return [];
    if (wanted === undefined)
      return [`${path}.${key}: not expected, found ${JSON.stringify(found)}`];
    const nothing = typeof wanted === "object" ? {} : 0;
    return differences(`${path}.${key}`, wanted, found ?? nothing);
  });
}

function member(truth: Truth | undefined, name: string): Truth | undefined {
  if (typeof truth !== "object" || truth === null || Array.isArray(truth)) return undefined;
  return (truth as { readonly [key: string]: Truth })[name];
}

async function count(session: Session, from: string): Promise<number> {
  const [row] = await session.rows(`SELECT count(*) AS n ${from}`);
  return number(row?.["n"]);
}

/** Keys and numbers of a statement with two columns. */
async function map(session: Session, sql: string): Promise<Record<string, number>> {
  const { rows } = await session.table(sql);
  return Object.fromEntries(rows.map(([key, value]) => [text(key), number(value)]));
}

function tree(
  rows: readonly Readonly<Record<string, Value>>[],
  read: (row: Readonly<Record<string, Value>>) => Tree,
): Tree {
  return Object.fromEntries(rows.map((row) => [text(row["key"]), read(row)]));
}

function tokensOf(row: Readonly<Record<string, Value>>): Tree {
  return {
    input: number(row["input"]),
    output: number(row["output"]),
    cacheRead: number(row["read"]),
    cacheCreation: number(row["creation"]),
  };
}

function number(value: Value | undefined): number {
  return Number(value ?? 0);
}

function text(value: Value | undefined): string {
  return value === null || value === undefined ? "(none)" : String(value);
}
