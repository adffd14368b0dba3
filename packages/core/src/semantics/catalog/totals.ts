import type { Relation } from "../relation.ts";
import { columns, type Entry, tagEntries, totalEntries, view, whoEntries } from "./shared.ts";

const span: readonly Entry[] = ["first_time", "last_time", "wall_seconds"];
const totals: readonly Entry[] = [...span, "prompts", ...totalEntries];

/** The views of totals, and the one ledger of usage they are made from. */
export const totalViews: readonly Relation[] = [
  view(
    "usage",
    "One api_request event, or one increment of tokens or cost of a session that has metrics only.",
    columns(
      ["ledger", "events or metrics: the two are never added up for one session."],
      "time",
      "session_id",
      "prompt_id",
      "model",
      "canonical_model",
      ["requests", "1 for an event; NULL for an increment of a metric."],
      "input_tokens",
      "output_tokens",
      "cache_read_tokens",
      "cache_creation_tokens",
      "total_tokens",
      "cost_usd",
      "duration_ms",
      "speed",
      "effort",
      "source_kind",
      "agent_name",
      "skill_name",
      "mcp_server_name",
      ...tagEntries,
      ...whoEntries,
    ),
  ),
  view(
    "sessions",
    "One session with requests, prompts, tools or errors.",
    columns("session_id", ...totals),
  ),
  view(
    "prompts",
    "One prompt that has an id.",
    columns(
      "session_id",
      "prompt_id",
      ["prompt_length", "Length of the prompt, characters."],
      ["command_name", "Slash command."],
      ...span,
      ...totalEntries,
    ),
  ),
  view(
    "workflows",
    "One workflow; the row without workflow_id has everything outside workflows.",
    columns("workflow_id", "workflow_path", "complexity", ...totals),
  ),
  view(
    "stages",
    "One stage of a workflow; rows without stage have everything outside stages.",
    columns("workflow_id", "stage", ...totals),
  ),
  view(
    "tasks",
    "One task of a stage and the agent it was given to; rows without task_id have everything outside tasks.",
    columns("workflow_id", "stage", "task_id", "agent", ...totals),
  ),
  view(
    "coverage",
    "One session: its usage by events against its usage by metrics.",
    columns(
      "session_id",
      "first_time",
      "last_time",
      "service_version",
      ["requests", "api_request events."],
      [
        "empty_requests",
        "Of these, without any tokens: versions before 2.1.20 report none after a retry.",
      ],
      ["unpriced_requests", "Of these, without a price."],
      ["event_input_tokens", "Input tokens by events."],
      ["event_output_tokens", "Output tokens by events."],
      ["event_cache_read_tokens", "Cache read tokens by events."],
      ["event_cache_creation_tokens", "Cache creation tokens by events."],
      ["event_tokens", "All tokens by events."],
      [
        "event_cost_usd",
        "Cost by events, USD, as far as it is known; NULL if no request has a price.",
      ],
      ["metric_input_tokens", "Input tokens by metrics."],
      ["metric_output_tokens", "Output tokens by metrics."],
      ["metric_cache_read_tokens", "Cache read tokens by metrics."],
      ["metric_cache_creation_tokens", "Cache creation tokens by metrics."],
      ["metric_tokens", "All tokens by metrics."],
      ["metric_cost_usd", "Cost by metrics, USD; NULL if they report only tokens."],
      ["token_difference", "Tokens by metrics less tokens by events."],
      ["cost_difference_usd", "Cost by metrics less cost by events, USD."],
      [
        "missing_events",
        "Events of any kind that never came, at least: gaps in the numbers that each process of Claude Code gives them; NULL before 2.1.20, which gives none.",
      ],
      [
        "repeated_requests",
        "Records of requests that do not count, since another record of the same request does: see repeated_requests.",
      ],
      [
        "suspected_repeats",
        "Requests without a request_id and points of metrics that look like others which came by another route; all of them count.",
      ],
      [
        "left_out_tokens",
        "Tokens by metrics that do not count, since events of the same time hold their usage: events without these ids, or with ids that the metrics lack.",
      ],
      ["left_out_cost_usd", "Cost by such metrics, USD."],
      [
        "unclear_points",
        "Points of metrics that do not count, or not for all that they may come to: see uncounted_metrics.",
      ],
      [
        "agrees",
        "Whether both are there and report the same tokens and the same cost (to a millionth of a dollar a request), every request has a price, no event is known to be missing, and nothing is suspected or unclear.",
      ],
      [
        "likely_cause",
        "What may be wrong: suspected repeats, metrics of unclear kind, other events count, no events, requests without usage, requests without a price, no metrics, metrics without cost, costs differ, broken attempt, events lost, metrics late or lost; NULL for nothing.",
      ],
      [
        "known_defects",
        "What this version of Claude Code is known to say wrongly of the models that were used, whatever the numbers say: names of those in known_defects without a condition; NULL for nothing.",
      ],
    ),
  ),
  view(
    "repeated_requests",
    "One record of a request that does not count, since another record of the same request does.",
    columns(
      "time",
      "session_id",
      "request_id",
      ["record_id", "Key of the record in log_records."],
      ["counted_record_id", "Key of the record that counts."],
      [
        "differs_in",
        "Names of what the two differ in: fields of OTLP, attributes, and attributes of the resource.",
      ],
    ),
  ),
  view(
    "uncounted_metrics",
    "One session, metric of tokens or cost and reason for which points of it do not count in full.",
    columns(
      "session_id",
      ["metric_name", "Name of the metric as sent."],
      [
        "reason",
        "events hold the same; temporality not sent (read as a counter that restarts when it falls); summary; histogram without a sum; no finite number; name not of Claude Code (it holds claude_code, as behind a namespace, but is none of its metrics).",
      ],
      ["points", "Points."],
      ["first_time", "Time of the first of them."],
      ["last_time", "Time of the last of them."],
      ["value_sum", "Sum of their values, which is the most they can add; NULL if there is none."],
      ["counted_sum", "What of it counts."],
    ),
  ),
  view(
    "known_defects",
    "One known defect in what certain releases of Claude Code say of their usage, and model.",
    columns(
      ["name", "Short name of the defect."],
      ["since_version", "First release that has it; 0.0.0 for all before the other one."],
      [
        "fixed_in_version",
        "First release known to be without it; NULL if the newest still has it.",
      ],
      ["model", "Model it concerns, by its one name; NULL for all."],
      ["requests_since", "Requests before that time are not concerned; NULL for none such."],
      [
        "condition",
        "What else must be the case, which telemetry does not show; NULL if there is nothing.",
      ],
      ["concerns", "usage: numbers of reports; other: anything else that is sent."],
      ["effect", "What it does to the numbers."],
    ),
  ),
  view(
    "list_costs",
    "One api_request event: its cost as sent beside its cost at list price.",
    columns(
      "time",
      "session_id",
      "prompt_id",
      "request_id",
      "model",
      ["price_model", "Model by its name in prices."],
      ["price_speed", "normal or fast, as in prices."],
      "workflow_id",
      "stage",
      "task_id",
      "agent",
      "cost_usd",
      [
        "list_cost_usd",
        "Cost of the reported tokens at list price, USD; NULL if prices has no row.",
      ],
      [
        "cache_split_known",
        "Whether it is known for how long the cache was written; if not, five minutes are assumed.",
      ],
      ["price_verified", "How well the price is known, as in prices."],
    ),
  ),
];
