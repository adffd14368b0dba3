import type { Relation } from "../relation.ts";
import { columns, type Entry, tagEntries, view, whoEntries } from "./shared.ts";

/** Views of single events. */
const head: readonly Entry[] = ["time", "session_id", "prompt_id", "event_sequence"];
const tail: readonly Entry[] = [...tagEntries, ...whoEntries, "attributes"];
const asker: readonly Entry[] = [
  "query_source",
  "source_kind",
  "agent_name",
  "agent_id",
  "skill_name",
  "mcp_server_name",
  "mcp_tool_name",
];

function event(name: string, row: string, own: readonly Entry[]): Relation {
  return view(name, row, columns(...head, ...own, ...tail));
}

/** The views of events, requests first. */
export const eventViews: readonly Relation[] = [
  view(
    "api_requests",
    "One api_request event: a request that the API answered.",
    columns(
      "time",
      "session_id",
      "prompt_id",
      "request_id",
      ["model", "Model that answered, as sent."],
      "canonical_model",
      "input_tokens",
      "output_tokens",
      "cache_read_tokens",
      "cache_creation_tokens",
      [
        "cache_creation_5m_tokens",
        "Of these, written for five minutes; NULL before Claude Code 2.1.300.",
      ],
      [
        "cache_creation_1h_tokens",
        "Of these, written for an hour; NULL before Claude Code 2.1.300.",
      ],
      "total_tokens",
      [
        "cost_usd",
        "Cost at list price as computed by Claude Code, USD; may include an interrupted attempt whose tokens are not reported.",
      ],
      "duration_ms",
      "ttft_ms",
      "speed",
      "effort",
      ...asker,
      ...tail,
    ),
  ),
  event("api_errors", "One api_error event: a request that failed for good.", [
    "request_id",
    "model",
    "canonical_model",
    "error",
    ["status_code", "HTTP status as text."],
    ["attempt", "Ordinary attempts that were made; not every call over the network."],
    "duration_ms",
    "speed",
    "effort",
    ...asker,
  ]),
  event("api_refusals", "One api_refusal event: a request that the model refused.", [
    "request_id",
    "model",
    "canonical_model",
    ["category", "Kind of refusal; NULL unless opted in."],
    ["attempt", "Attempts that were made."],
    "speed",
    "effort",
    ...asker,
  ]),
  event("tool_results", "One tool_result event: a tool that ran, or was kept from running.", [
    "request_id",
    "tool_name",
    "tool_use_id",
    "success",
    [
      "duration_ms",
      "How long it took, milliseconds; an agent in the background is not waited for.",
    ],
    "error",
    ["error_type", "Kind of the error."],
    ["decision", "accept or reject; NULL in many runs without a terminal."],
    ["decision_source", "Who decided: config, hook, user_permanent, user_temporary and others."],
    ["tool_input_size_bytes", "Size of the tool's input."],
    ["tool_result_size_bytes", "Size of the tool's result."],
    "tool_parameters",
    ["tool_input", "Input of the tool, JSON text; NULL unless opted in."],
    ["bash_command", "Command of the Bash tool, from tool_parameters."],
    ["mcp_server_scope", "Scope of the MCP server."],
    "agent_name",
    "agent_id",
  ]),
  event("tool_decisions", "One tool_decision event: a tool that was allowed or rejected.", [
    "request_id",
    "tool_name",
    "tool_use_id",
    ["decision", "accept or reject."],
    [
      "decision_source",
      "Who decided: config, hook, user_permanent, user_temporary, user_abort, user_reject.",
    ],
    ["tool_source", "builtin, mcp or sdk_host_builtin_mcp."],
    ["permission_mode", "Permission mode of the session."],
    "tool_parameters",
    "agent_name",
    "agent_id",
  ]),
  event("user_prompts", "One user_prompt event: a prompt, typed or made by Claude Code itself.", [
    ["prompt_length", "Length of the prompt, characters."],
    ["prompt", "Text of the prompt; <REDACTED> unless opted in."],
    ["command_name", "Slash command."],
    ["command_source", "builtin, custom or mcp."],
    ["message_uuid", "Message in the transcript."],
  ]),
  event("subagent_runs", "One subagent_completed event: a subagent that came to its end.", [
    ["agent_type", "Type of the subagent; custom if Claude Code masks it."],
    "agent_id",
    "model",
    ["final_model", "Model of its last request."],
    "duration_ms",
    [
      "total_tokens",
      "Size of the context of its last request, tokens; not a sum over its requests.",
    ],
    ["total_tool_uses", "Tools it used."],
    ["is_built_in", "Whether the type comes with Claude Code."],
    ["is_async", "Whether it ran in the background."],
    ["model_swapped", "Whether the model changed on the way."],
  ]),
  event("compactions", "One compaction event: a context that was made smaller.", [
    ["trigger", "auto or manual."],
    "success",
    "duration_ms",
    ["pre_tokens", "Context before, tokens."],
    ["post_tokens", "Context after, tokens."],
    "error",
  ]),
  event(
    "hook_runs",
    "One hook_execution_complete event: the hooks of one occasion that have run.",
    [
      ["hook_event", "Occasion, e.g. PreToolUse."],
      ["hook_name", "Name of the hook."],
      ["hook_source", "Where the hook is set."],
      ["num_hooks", "Hooks that ran."],
      ["num_success", "Of these, successful."],
      ["num_blocking", "Of these, blocking."],
      ["num_non_blocking_error", "Of these, failed without blocking."],
      ["num_cancelled", "Of these, cancelled."],
      "duration_ms",
    ],
  ),
  event(
    "mcp_connections",
    "One mcp_server_connection event: an MCP server that connected or failed to.",
    [
      ["status", "What became of the connection."],
      ["server_name", "MCP server; NULL unless opted in."],
      ["transport_type", "Transport, e.g. stdio or http."],
      ["server_scope", "Scope of the MCP server."],
      "duration_ms",
      "error",
      ["error_code", "Code of the error."],
      ["plugin_name", "Plugin the server comes with."],
    ],
  ),
  event("stage_marks", "One stage_mark event: a stage that began or ended within a session.", [
    ["action", "start or end of a stage, session for all of it, prompt or subagent for a hook's."],
    ["note", "Remark of the one who set the mark."],
  ]),
  view(
    "events",
    "One log record: its event, with all its attributes.",
    columns(
      "time",
      ["event_name", "Name of the event without the prefix claude_code."],
      "session_id",
      "prompt_id",
      "event_sequence",
      ...tagEntries,
      ...whoEntries,
      ["attributes", "JSON object of every attribute by its own name."],
    ),
  ),
];
