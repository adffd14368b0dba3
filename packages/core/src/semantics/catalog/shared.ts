import { type ColumnEntry, type ColumnText, columnsOf, type Relation } from "../relation.ts";

/** Columns that mean the same wherever they stand. */
const texts = {
  time: "When it happened.",
  session_id: "Session of Claude Code; NULL if session ids are switched off.",
  prompt_id: "Prompt it belongs to; NULL before Claude Code 2.1.51 and at start-up.",
  event_sequence:
    "Number of the event within its process, from 0; restarts when a session is resumed.",
  request_id: "Request id of the API; NULL before Claude Code 2.1.112.",
  model: "Model, as sent.",
  canonical_model:
    "The model's one name, whatever its provider calls it; as sent if it is not a Claude model.",
  input_tokens: "Input tokens that were not in the cache.",
  output_tokens: "Output tokens.",
  cache_read_tokens: "Input tokens read from the cache.",
  cache_creation_tokens: "Input tokens written to the cache.",
  total_tokens: "Input, output, cache read and cache creation tokens together.",
  duration_ms: "How long it took, milliseconds.",
  ttft_ms: "Time to the first token, milliseconds; NULL before Claude Code 2.1.274.",
  speed: "normal or fast.",
  effort: "Effort the model was asked for; NULL for models without effort.",
  query_source:
    "Who asked, as sent, e.g. sdk, repl_main_thread, agent:builtin:general-purpose, compact.",
  source_kind:
    "Who asked: main, subagent or auxiliary; unknown if it was not sent, as before 2.1.122.",
  agent_name: "Type of the subagent; `custom` if Claude Code masks it.",
  agent_id: "Id of the subagent's run.",
  skill_name: "Skill that asked.",
  mcp_server_name: "MCP server that asked.",
  mcp_tool_name: "MCP tool that asked.",
  workflow_id: "Tag workflow_id, or as attribution says.",
  workflow_path: "Tag workflow_path, e.g. full or fast-track.",
  complexity: "Tag complexity.",
  stage: "Tag stage, e.g. analyze, plan, implement, review, or as attribution says.",
  task_id: "Tag task_id, or as attribution says.",
  agent: "Tag agent: the agent the task was given to.",
  model_expected: "Tag model_expected: the model the stage was planned for.",
  attribution:
    "How the stage was found: tag (its own), session_map, mark, hook, trace, agent (type of the subagent), ambiguous (several stages open at once), or none.",
  user_id: "Random id of the installation.",
  user_email: "E-mail of the signed-in user.",
  organization_id: "Organization of the signed-in user.",
  terminal_type: "Terminal Claude Code ran in.",
  app_entrypoint: "How Claude Code was started, e.g. cli, sdk-ts, claude-vscode.",
  service_name: "Resource attribute service.name.",
  service_version: "Version of Claude Code.",
  tags: "JSON object of all custom resource attributes, the record's copy before the resource's.",
  attributes: "JSON object of the attributes that have no column here or in log_records.",
  first_time: "Time of the first request, prompt, tool or error.",
  last_time: "Time of the last request, prompt, tool or error.",
  wall_seconds: "Seconds from the first time to the last.",
  ledger: "Where the usage comes from: events, metrics, or mixed.",
  requests: "Requests that the API answered; NULL if only metrics report them.",
  prompts: "Prompts, synthetic ones included.",
  cost_usd:
    "Cost as Claude Code computes it at list price, USD, as far as it is known; NULL if nothing has a price.",
  unpriced_requests:
    "Requests that were sent without a price, so that cost_usd is too low; NULL if only metrics report them.",
  cache_hit_rate:
    "Cache read tokens divided by all input tokens: input, cache read and cache creation.",
  errors: "Requests that failed for good.",
  tool_calls: "Results of tools.",
  tool_failures: "Results of tools that were no success.",
  models: "Models that were used, in alphabetical order.",
  unattributed_share: "Part of the cost that carries no stage, 0 to 1; NULL if nothing was spent.",
  tool_name: "Tool; mcp_tool if Claude Code masks the name.",
  tool_use_id: "Id of the tool's use.",
  success: "Whether it succeeded.",
  error: "Text of the error.",
  tool_parameters: "Parameters of the tool, JSON text; NULL unless opted in.",
  start_time: "Begin of the increment.",
  temporality: "How it was exported: delta or cumulative.",
} as const;

type SharedColumn = keyof typeof texts;
export type Entry = ColumnEntry<SharedColumn>;

/** The tags of staged workflows. */
export const tagEntries: readonly SharedColumn[] = [
  "workflow_id",
  "workflow_path",
  "complexity",
  "stage",
  "task_id",
  "agent",
  "model_expected",
  "attribution",
];

/** Who and where. */
export const whoEntries: readonly SharedColumn[] = [
  "user_id",
  "user_email",
  "organization_id",
  "terminal_type",
  "app_entrypoint",
  "service_name",
  "service_version",
  "tags",
];

/** The columns of a total of usage. */
export const totalEntries: readonly SharedColumn[] = [
  "ledger",
  "requests",
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_creation_tokens",
  "total_tokens",
  "cost_usd",
  "unpriced_requests",
  "cache_hit_rate",
  "errors",
  "tool_calls",
  "tool_failures",
  "models",
  "unattributed_share",
];

/** Columns from shared and own entries. */
export function columns(...entries: readonly Entry[]): readonly ColumnText[] {
  return columnsOf(texts, entries);
}

/** A view of schema main. */
export function view(name: string, row: string, columns: readonly ColumnText[]): Relation {
  return { kind: "view", schema: "main", name, row, columns };
}
