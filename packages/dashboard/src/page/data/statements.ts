/** Statements to start from, each the short form of a report on the public views. */
export interface Starter {
  readonly title: string;
  readonly sql: string;
}

export const starters: readonly Starter[] = [
  {
    title: "Usage by day",
    sql: `-- What did each day cost?
SELECT date_trunc('day', time) AS day, sum(total_tokens) AS tokens, sum(cost_usd) AS cost_usd
FROM usage
GROUP BY day
ORDER BY day DESC`,
  },
  {
    title: "Sessions",
    sql: `-- Which sessions were there, and what did each cost?
SELECT session_id, first_time, requests, total_tokens, cost_usd, cache_hit_rate, errors
FROM sessions
ORDER BY last_time DESC
LIMIT 100`,
  },
  {
    title: "Workflows",
    sql: `-- What did each workflow cost?
SELECT workflow_id, first_time, requests, total_tokens, cost_usd, errors
FROM workflows
ORDER BY cost_usd DESC`,
  },
  {
    title: "Stages of workflows",
    sql: `-- What did each workflow cost, stage by stage?
SELECT workflow_id, stage, requests, total_tokens, cost_usd, cache_hit_rate, errors
FROM stages
ORDER BY workflow_id, first_time`,
  },
  {
    title: "Tasks and their agents",
    sql: `-- What did each task cost?
SELECT workflow_id, stage, task_id, agent, requests, total_tokens, cost_usd
FROM tasks
ORDER BY cost_usd DESC
LIMIT 100`,
  },
  {
    title: "Models",
    sql: `-- Where does the money go?
SELECT model, count(*) AS requests, sum(cost_usd) AS cost_usd, avg(cost_usd) AS cost_per_request,
  quantile_cont(duration_ms, 0.95) AS duration_p95_ms
FROM api_requests
GROUP BY model
ORDER BY cost_usd DESC`,
  },
  {
    title: "Most expensive requests",
    sql: `-- Which requests cost most?
SELECT time, model, stage, total_tokens, cost_usd, duration_ms, session_id
FROM api_requests
ORDER BY cost_usd DESC
LIMIT 50`,
  },
  {
    title: "Tools",
    sql: `-- Which tools were used, and how well did they work?
SELECT tool_name, count(*) AS calls, count(*) FILTER (WHERE NOT success) AS failures,
  median(duration_ms) AS duration_p50_ms
FROM tool_results
GROUP BY tool_name
ORDER BY calls DESC`,
  },
  {
    title: "Failures",
    sql: `-- What went wrong?
SELECT time, model, status_code, error, session_id
FROM api_errors
ORDER BY time DESC
LIMIT 100`,
  },
  {
    title: "Coverage",
    sql: `-- Can I trust these numbers?
FROM coverage`,
  },
];

/** The relations of a schema that a statement names, for completing their columns. */
export function mentioned<R extends { readonly name: string }>(
  sql: string,
  relations: readonly R[],
): readonly R[] {
  const words = new Set(sql.toLowerCase().match(/[a-z_][a-z0-9_]*/g));
  return relations.filter(({ name }) => words.has(name.toLowerCase().split(".").at(-1) ?? ""));
}
