// Written by `npm run docs` from the files of this folder; do not edit.
import type { Made } from "../relation.ts";
import active_time from "./active_time.sql";
import api_errors from "./api_errors.sql";
import api_refusals from "./api_refusals.sql";
import api_requests from "./api_requests.sql";
import base$agreement$defective_models from "./base/agreement/defective_models.sql";
import base$agreement$defects from "./base/agreement/defects.sql";
import base$agreement$defects_of from "./base/agreement/defects_of.sql";
import base$agreement$missing_events from "./base/agreement/missing_events.sql";
import base$agreement$release from "./base/agreement/release.sql";
import base$agreement$suspected_repeats from "./base/agreement/suspected_repeats.sql";
import base$agreement$uncounted from "./base/agreement/uncounted.sql";
import base$attribution$agent_runs from "./base/attribution/agent_runs.sql";
import base$attribution$agent_tags from "./base/attribution/agent_tags.sql";
import base$attribution$agreed_tags from "./base/attribution/agreed_tags.sql";
import base$attribution$attribution from "./base/attribution/attribution.sql";
import base$attribution$common from "./base/attribution/common.sql";
import base$attribution$evidence from "./base/attribution/evidence.sql";
import base$attribution$evidence_since from "./base/attribution/evidence_since.sql";
import base$attribution$found_logs from "./base/attribution/found_logs.sql";
import base$attribution$found_requests from "./base/attribution/found_requests.sql";
import base$attribution$ladder from "./base/attribution/ladder.sql";
import base$attribution$marks from "./base/attribution/marks.sql";
import base$attribution$plain_logs from "./base/attribution/plain_logs.sql";
import base$attribution$plain_requests from "./base/attribution/plain_requests.sql";
import base$attribution$real_agent from "./base/attribution/real_agent.sql";
import base$attribution$stage_spans from "./base/attribution/stage_spans.sql";
import base$attribution$staged_logs from "./base/attribution/staged_logs.sql";
import base$live$live_events from "./base/live/live_events.sql";
import base$live$live_points from "./base/live/live_points.sql";
import base$live$live_requests from "./base/live/live_requests.sql";
import base$macros$all_tokens from "./base/macros/all_tokens.sql";
import base$macros$began from "./base/macros/began.sql";
import base$macros$cache_hit_rate from "./base/macros/cache_hit_rate.sql";
import base$macros$counted from "./base/macros/counted.sql";
import base$macros$day_of from "./base/macros/day_of.sql";
import base$macros$free_lane from "./base/macros/free_lane.sql";
import base$macros$known_cost from "./base/macros/known_cost.sql";
import base$macros$known_requests from "./base/macros/known_requests.sql";
import base$macros$ledger_of from "./base/macros/ledger_of.sql";
import base$macros$of_model from "./base/macros/of_model.sql";
import base$macros$of_task from "./base/macros/of_task.sql";
import base$macros$record_tokens from "./base/macros/record_tokens.sql";
import base$macros$same_cost from "./base/macros/same_cost.sql";
import base$macros$share from "./base/macros/share.sql";
import base$macros$sorted from "./base/macros/sorted.sql";
import base$macros$sum_cost from "./base/macros/sum_cost.sql";
import base$macros$tokens_of from "./base/macros/tokens_of.sql";
import base$macros$total from "./base/macros/total.sql";
import base$macros$unpriced_requests from "./base/macros/unpriced_requests.sql";
import base$macros$usd from "./base/macros/usd.sql";
import base$macros$usd_of_sum from "./base/macros/usd_of_sum.sql";
import base$macros$wall_seconds from "./base/macros/wall_seconds.sql";
import base$macros$within from "./base/macros/within.sql";
import base$prices$price_speed from "./base/prices/price_speed.sql";
import base$prices$token_cost from "./base/prices/token_cost.sql";
import base$records$any_tag from "./base/records/any_tag.sql";
import base$records$logs from "./base/records/logs.sql";
import base$records$member from "./base/records/member.sql";
import base$records$own_tag from "./base/records/own_tag.sql";
import base$records$points from "./base/records/points.sql";
import base$records$traces from "./base/records/traces.sql";
import base$totals$newest_workflows from "./base/totals/newest_workflows.sql";
import base$totals$partial_totals from "./base/totals/partial_totals.sql";
import base$totals$parts from "./base/totals/parts.sql";
import base$totals$quarter_totals from "./base/totals/quarter_totals.sql";
import base$totals$sessions from "./base/totals/sessions.sql";
import base$totals$stages from "./base/totals/stages.sql";
import base$totals$steps from "./base/totals/steps.sql";
import base$totals$tag_totals from "./base/totals/tag_totals.sql";
import base$totals$tasks from "./base/totals/tasks.sql";
import base$totals$totals from "./base/totals/totals.sql";
import base$totals$usage_sums from "./base/totals/usage_sums.sql";
import base$totals$usage_totals from "./base/totals/usage_totals.sql";
import base$totals$workflows from "./base/totals/workflows.sql";
import base$usage$counted_points from "./base/usage/counted_points.sql";
import base$usage$found_usage from "./base/usage/found_usage.sql";
import base$usage$metric_increments from "./base/usage/metric_increments.sql";
import base$usage$metric_usage from "./base/usage/metric_usage.sql";
import base$usage$plain_usage from "./base/usage/plain_usage.sql";
import base$usage$repeats_since from "./base/usage/repeats_since.sql";
import base$usage$request_days from "./base/usage/request_days.sql";
import base$usage$request_days_since from "./base/usage/request_days_since.sql";
import base$usage$requests from "./base/usage/requests.sql";
import base$usage$routes from "./base/usage/routes.sql";
import base$usage$routes_since from "./base/usage/routes_since.sql";
import base$usage$usage from "./base/usage/usage.sql";
import commits from "./commits.sql";
import compactions from "./compactions.sql";
import cost_usage from "./cost_usage.sql";
import coverage from "./coverage.sql";
import edit_decisions from "./edit_decisions.sql";
import events from "./events.sql";
import hook_runs from "./hook_runs.sql";
import known_defects from "./known_defects.sql";
import lines_of_code from "./lines_of_code.sql";
import list_costs from "./list_costs.sql";
import log_records from "./log_records.sql";
import mcp_connections from "./mcp_connections.sql";
import metric_points from "./metric_points.sql";
import model_cost_comparison from "./model_cost_comparison.sql";
import otel$logs from "./otel/logs.sql";
import otel$metrics from "./otel/metrics.sql";
import otel$traces from "./otel/traces.sql";
import otel_api_request_events from "./otel_api_request_events.sql";
import otel_events from "./otel_events.sql";
import otel_metrics from "./otel_metrics.sql";
import prompts from "./prompts.sql";
import pull_requests from "./pull_requests.sql";
import repeated_requests from "./repeated_requests.sql";
import session_starts from "./session_starts.sql";
import sessions from "./sessions.sql";
import spans from "./spans.sql";
import stage_marks from "./stage_marks.sql";
import stage_performance from "./stage_performance.sql";
import stages from "./stages.sql";
import subagent_runs from "./subagent_runs.sql";
import tasks from "./tasks.sql";
import token_usage from "./token_usage.sql";
import tool_decisions from "./tool_decisions.sql";
import tool_results from "./tool_results.sql";
import uncounted_metrics from "./uncounted_metrics.sql";
import usage from "./usage.sql";
import user_prompts from "./user_prompts.sql";
import workflow_summary from "./workflow_summary.sql";
import workflows from "./workflows.sql";

/** Every view and macro, in the order they are made: each only uses what stands above it. */
export const views: readonly Made[] = [
  { path: "base/usage/counted_points", sql: base$usage$counted_points },
  { path: "base/usage/metric_increments", sql: base$usage$metric_increments },
  { path: "active_time", sql: active_time },
  { path: "base/attribution/attribution", sql: base$attribution$attribution },
  { path: "base/macros/began", sql: base$macros$began },
  { path: "base/attribution/common", sql: base$attribution$common },
  { path: "base/attribution/agreed_tags", sql: base$attribution$agreed_tags },
  { path: "base/attribution/marks", sql: base$attribution$marks },
  { path: "base/attribution/stage_spans", sql: base$attribution$stage_spans },
  { path: "base/attribution/evidence_since", sql: base$attribution$evidence_since },
  { path: "base/attribution/evidence", sql: base$attribution$evidence },
  { path: "base/usage/requests", sql: base$usage$requests },
  { path: "base/attribution/agent_runs", sql: base$attribution$agent_runs },
  { path: "base/attribution/real_agent", sql: base$attribution$real_agent },
  { path: "base/attribution/agent_tags", sql: base$attribution$agent_tags },
  { path: "base/attribution/ladder", sql: base$attribution$ladder },
  { path: "base/attribution/found_logs", sql: base$attribution$found_logs },
  { path: "base/attribution/plain_logs", sql: base$attribution$plain_logs },
  { path: "base/attribution/staged_logs", sql: base$attribution$staged_logs },
  { path: "api_errors", sql: api_errors },
  { path: "api_refusals", sql: api_refusals },
  { path: "base/attribution/found_requests", sql: base$attribution$found_requests },
  { path: "base/attribution/plain_requests", sql: base$attribution$plain_requests },
  { path: "base/macros/record_tokens", sql: base$macros$record_tokens },
  { path: "base/macros/usd", sql: base$macros$usd },
  { path: "api_requests", sql: api_requests },
  { path: "base/agreement/release", sql: base$agreement$release },
  { path: "base/agreement/defects", sql: base$agreement$defects },
  { path: "base/agreement/defective_models", sql: base$agreement$defective_models },
  { path: "base/agreement/defects_of", sql: base$agreement$defects_of },
  { path: "base/agreement/missing_events", sql: base$agreement$missing_events },
  { path: "base/usage/routes_since", sql: base$usage$routes_since },
  { path: "base/usage/routes", sql: base$usage$routes },
  { path: "base/agreement/suspected_repeats", sql: base$agreement$suspected_repeats },
  { path: "base/macros/day_of", sql: base$macros$day_of },
  { path: "base/usage/request_days_since", sql: base$usage$request_days_since },
  { path: "base/usage/request_days", sql: base$usage$request_days },
  { path: "base/usage/metric_usage", sql: base$usage$metric_usage },
  { path: "base/agreement/uncounted", sql: base$agreement$uncounted },
  { path: "base/live/live_events", sql: base$live$live_events },
  { path: "base/live/live_points", sql: base$live$live_points },
  { path: "base/live/live_requests", sql: base$live$live_requests },
  { path: "base/macros/total", sql: base$macros$total },
  { path: "base/macros/all_tokens", sql: base$macros$all_tokens },
  { path: "base/macros/cache_hit_rate", sql: base$macros$cache_hit_rate },
  { path: "base/macros/counted", sql: base$macros$counted },
  { path: "base/macros/free_lane", sql: base$macros$free_lane },
  { path: "base/macros/known_cost", sql: base$macros$known_cost },
  { path: "base/macros/known_requests", sql: base$macros$known_requests },
  { path: "base/macros/ledger_of", sql: base$macros$ledger_of },
  { path: "base/macros/of_model", sql: base$macros$of_model },
  { path: "base/macros/of_task", sql: base$macros$of_task },
  { path: "base/macros/same_cost", sql: base$macros$same_cost },
  { path: "base/macros/share", sql: base$macros$share },
  { path: "base/macros/sorted", sql: base$macros$sorted },
  { path: "base/macros/usd_of_sum", sql: base$macros$usd_of_sum },
  { path: "base/macros/sum_cost", sql: base$macros$sum_cost },
  { path: "base/macros/tokens_of", sql: base$macros$tokens_of },
  { path: "base/macros/unpriced_requests", sql: base$macros$unpriced_requests },
  { path: "base/macros/wall_seconds", sql: base$macros$wall_seconds },
  { path: "base/macros/within", sql: base$macros$within },
  { path: "base/prices/price_speed", sql: base$prices$price_speed },
  { path: "base/prices/token_cost", sql: base$prices$token_cost },
  { path: "base/records/any_tag", sql: base$records$any_tag },
  { path: "base/records/logs", sql: base$records$logs },
  { path: "base/records/member", sql: base$records$member },
  { path: "base/records/own_tag", sql: base$records$own_tag },
  { path: "base/records/points", sql: base$records$points },
  { path: "base/records/traces", sql: base$records$traces },
  { path: "base/usage/found_usage", sql: base$usage$found_usage },
  { path: "base/usage/plain_usage", sql: base$usage$plain_usage },
  { path: "base/usage/usage", sql: base$usage$usage },
  { path: "base/totals/newest_workflows", sql: base$totals$newest_workflows },
  { path: "base/totals/usage_sums", sql: base$totals$usage_sums },
  { path: "base/totals/partial_totals", sql: base$totals$partial_totals },
  { path: "base/totals/parts", sql: base$totals$parts },
  { path: "base/totals/quarter_totals", sql: base$totals$quarter_totals },
  { path: "base/totals/usage_totals", sql: base$totals$usage_totals },
  { path: "base/totals/totals", sql: base$totals$totals },
  { path: "base/totals/sessions", sql: base$totals$sessions },
  { path: "base/totals/tag_totals", sql: base$totals$tag_totals },
  { path: "base/totals/stages", sql: base$totals$stages },
  { path: "base/totals/steps", sql: base$totals$steps },
  { path: "base/totals/tasks", sql: base$totals$tasks },
  { path: "base/totals/workflows", sql: base$totals$workflows },
  { path: "base/usage/repeats_since", sql: base$usage$repeats_since },
  { path: "commits", sql: commits },
  { path: "compactions", sql: compactions },
  { path: "cost_usage", sql: cost_usage },
  { path: "coverage", sql: coverage },
  { path: "edit_decisions", sql: edit_decisions },
  { path: "events", sql: events },
  { path: "hook_runs", sql: hook_runs },
  { path: "known_defects", sql: known_defects },
  { path: "lines_of_code", sql: lines_of_code },
  { path: "list_costs", sql: list_costs },
  { path: "log_records", sql: log_records },
  { path: "mcp_connections", sql: mcp_connections },
  { path: "metric_points", sql: metric_points },
  { path: "model_cost_comparison", sql: model_cost_comparison },
  { path: "otel/logs", sql: otel$logs },
  { path: "otel/metrics", sql: otel$metrics },
  { path: "spans", sql: spans },
  { path: "otel/traces", sql: otel$traces },
  { path: "otel_api_request_events", sql: otel_api_request_events },
  { path: "otel_events", sql: otel_events },
  { path: "otel_metrics", sql: otel_metrics },
  { path: "prompts", sql: prompts },
  { path: "pull_requests", sql: pull_requests },
  { path: "repeated_requests", sql: repeated_requests },
  { path: "session_starts", sql: session_starts },
  { path: "sessions", sql: sessions },
  { path: "stage_marks", sql: stage_marks },
  { path: "tasks", sql: tasks },
  { path: "stage_performance", sql: stage_performance },
  { path: "stages", sql: stages },
  { path: "subagent_runs", sql: subagent_runs },
  { path: "token_usage", sql: token_usage },
  { path: "tool_decisions", sql: tool_decisions },
  { path: "tool_results", sql: tool_results },
  { path: "uncounted_metrics", sql: uncounted_metrics },
  { path: "usage", sql: usage },
  { path: "user_prompts", sql: user_prompts },
  { path: "workflows", sql: workflows },
  { path: "workflow_summary", sql: workflow_summary },
];
