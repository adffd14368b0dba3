import type { Relation } from "../relation.ts";
import { columns, type Entry, tagEntries, view, whoEntries } from "./shared.ts";

const asker: readonly Entry[] = [
  ["query_source", "Who asked, as sent: main, subagent or auxiliary."],
  "source_kind",
  "effort",
  ["speed", "fast, else NULL."],
  "agent_name",
  "skill_name",
  "mcp_server_name",
  "mcp_tool_name",
];

function metric(name: string, row: string, own: readonly Entry[]): Relation {
  const head: readonly Entry[] = ["start_time", "time", "session_id"];
  const tail: readonly Entry[] = [...tagEntries, ...whoEntries, "attributes", "temporality"];
  return view(name, row, columns(...head, ...own, ...tail));
}

/** The views of metrics: one row is one increment, whatever the temporality of the export. */
export const metricViews: readonly Relation[] = [
  metric("token_usage", "One increment of claude_code.token.usage: tokens of one type.", [
    ["model", "Model that was asked, as sent."],
    "canonical_model",
    ["type", "input, output, cacheRead or cacheCreation."],
    ["tokens", "Tokens."],
    ...asker,
  ]),
  metric("cost_usage", "One increment of claude_code.cost.usage.", [
    ["model", "Model that was asked, as sent."],
    "canonical_model",
    "cost_usd",
    ...asker,
  ]),
  metric("active_time", "One increment of claude_code.active_time.total.", [
    ["type", "cli: Claude Code at work; user: at the keyboard."],
    ["seconds", "Seconds."],
  ]),
  metric("lines_of_code", "One increment of claude_code.lines_of_code.count.", [
    ["type", "added or removed."],
    "model",
    ["lines", "Lines."],
  ]),
  metric("commits", "One increment of claude_code.commit.count.", [
    ["commits", "Commits, counted from the commands of the Bash tool."],
  ]),
  metric("pull_requests", "One increment of claude_code.pull_request.count.", [
    ["pull_requests", "Pull requests, counted from the commands of the Bash tool."],
  ]),
  metric("edit_decisions", "One increment of claude_code.code_edit_tool.decision.", [
    ["tool_name", "Tool that edits: Edit, Write, NotebookEdit."],
    ["decision", "accept or reject."],
    ["decision_source", "Who decided."],
    ["language", "Language of the edited file."],
    ["decisions", "Decisions."],
  ]),
  metric(
    "session_starts",
    "One increment of claude_code.session.count: a process that began or resumed a session.",
    [
      ["start_type", "fresh, continue or resume; NULL before Claude Code 2.1.122."],
      ["starts", "Starts."],
    ],
  ),
];
