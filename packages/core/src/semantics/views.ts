import type { Made } from "./relation.ts";
import activeTime from "./views/active_time.sql";
import apiErrors from "./views/api_errors.sql";
import apiRefusals from "./views/api_refusals.sql";
import apiRequests from "./views/api_requests.sql";
import baseAgentRuns from "./views/base/agent_runs.sql";
import baseAgentTold from "./views/base/agent_told.sql";
import baseAllTokens from "./views/base/all_tokens.sql";
import baseAnyTag from "./views/base/any_tag.sql";
import baseAttribution from "./views/base/attribution.sql";
import baseBegan from "./views/base/began.sql";
import baseCacheHitRate from "./views/base/cache_hit_rate.sql";
import baseCommon from "./views/base/common.sql";
import baseCounted from "./views/base/counted.sql";
import baseCountedPoints from "./views/base/counted_points.sql";
import baseDayOf from "./views/base/day_of.sql";
import baseDefectiveModels from "./views/base/defective_models.sql";
import baseDefects from "./views/base/defects.sql";
import baseDefectsOf from "./views/base/defects_of.sql";
import baseEvidence from "./views/base/evidence.sql";
import baseEvidenceSince from "./views/base/evidence_since.sql";
import baseFoundLogs from "./views/base/found_logs.sql";
import baseFoundRequests from "./views/base/found_requests.sql";
import baseFoundUsage from "./views/base/found_usage.sql";
import baseKnownCost from "./views/base/known_cost.sql";
import baseKnownRequests from "./views/base/known_requests.sql";
import baseLadder from "./views/base/ladder.sql";
import baseLogs from "./views/base/logs.sql";
import baseMarks from "./views/base/marks.sql";
import baseMember from "./views/base/member.sql";
import baseMetricIncrements from "./views/base/metric_increments.sql";
import baseMetricUsage from "./views/base/metric_usage.sql";
import baseMissingEvents from "./views/base/missing_events.sql";
import baseNewestWorkflows from "./views/base/newest_workflows.sql";
import baseOfModel from "./views/base/of_model.sql";
import baseOwnTag from "./views/base/own_tag.sql";
import basePartialTotals from "./views/base/partial_totals.sql";
import baseParts from "./views/base/parts.sql";
import basePlainLogs from "./views/base/plain_logs.sql";
import basePlainRequests from "./views/base/plain_requests.sql";
import basePlainUsage from "./views/base/plain_usage.sql";
import basePoints from "./views/base/points.sql";
import basePriceSpeed from "./views/base/price_speed.sql";
import baseQuarterTotals from "./views/base/quarter_totals.sql";
import baseRealAgent from "./views/base/real_agent.sql";
import baseRecordTokens from "./views/base/record_tokens.sql";
import baseRelease from "./views/base/release.sql";
import baseRepeatsSince from "./views/base/repeats_since.sql";
import baseRequestCost from "./views/base/request_cost.sql";
import baseRequestDays from "./views/base/request_days.sql";
import baseRequestDaysSince from "./views/base/request_days_since.sql";
import baseRequests from "./views/base/requests.sql";
import baseRoutes from "./views/base/routes.sql";
import baseRoutesSince from "./views/base/routes_since.sql";
import baseSameCost from "./views/base/same_cost.sql";
import baseSessions from "./views/base/sessions.sql";
import baseShare from "./views/base/share.sql";
import baseSorted from "./views/base/sorted.sql";
import baseStageSpans from "./views/base/stage_spans.sql";
import baseStagedLogs from "./views/base/staged_logs.sql";
import baseStages from "./views/base/stages.sql";
import baseSteps from "./views/base/steps.sql";
import baseSumCost from "./views/base/sum_cost.sql";
import baseSuspectedRepeats from "./views/base/suspected_repeats.sql";
import baseTagTotals from "./views/base/tag_totals.sql";
import baseTasks from "./views/base/tasks.sql";
import baseTokenCost from "./views/base/token_cost.sql";
import baseTokensOf from "./views/base/tokens_of.sql";
import baseTold from "./views/base/told.sql";
import baseToldBy from "./views/base/told_by.sql";
import baseTotal from "./views/base/total.sql";
import baseTotals from "./views/base/totals.sql";
import baseTraces from "./views/base/traces.sql";
import baseUncounted from "./views/base/uncounted.sql";
import baseUnpricedRequests from "./views/base/unpriced_requests.sql";
import baseUsage from "./views/base/usage.sql";
import baseUsageTotals from "./views/base/usage_totals.sql";
import baseWallSeconds from "./views/base/wall_seconds.sql";
import baseWithin from "./views/base/within.sql";
import baseWorkflows from "./views/base/workflows.sql";
import commits from "./views/commits.sql";
import compactions from "./views/compactions.sql";
import costUsage from "./views/cost_usage.sql";
import coverage from "./views/coverage.sql";
import editDecisions from "./views/edit_decisions.sql";
import events from "./views/events.sql";
import hookRuns from "./views/hook_runs.sql";
import knownDefects from "./views/known_defects.sql";
import linesOfCode from "./views/lines_of_code.sql";
import listCosts from "./views/list_costs.sql";
import logRecords from "./views/log_records.sql";
import mcpConnections from "./views/mcp_connections.sql";
import metricPoints from "./views/metric_points.sql";
import modelCostComparison from "./views/model_cost_comparison.sql";
import exportedLogs from "./views/otel/logs.sql";
import exportedMetrics from "./views/otel/metrics.sql";
import exportedTraces from "./views/otel/traces.sql";
import otelApiRequestEvents from "./views/otel_api_request_events.sql";
import otelEvents from "./views/otel_events.sql";
import otelMetrics from "./views/otel_metrics.sql";
import prompts from "./views/prompts.sql";
import pullRequests from "./views/pull_requests.sql";
import repeatedRequests from "./views/repeated_requests.sql";
import sessionStarts from "./views/session_starts.sql";
import sessions from "./views/sessions.sql";
import spans from "./views/spans.sql";
import stageMarks from "./views/stage_marks.sql";
import stagePerformance from "./views/stage_performance.sql";
import stages from "./views/stages.sql";
import subagentRuns from "./views/subagent_runs.sql";
import tasks from "./views/tasks.sql";
import tokenUsage from "./views/token_usage.sql";
import toolDecisions from "./views/tool_decisions.sql";
import toolResults from "./views/tool_results.sql";
import uncountedMetrics from "./views/uncounted_metrics.sql";
import usage from "./views/usage.sql";
import userPrompts from "./views/user_prompts.sql";
import workflowSummary from "./views/workflow_summary.sql";
import workflows from "./views/workflows.sql";

/**
 * Every view and macro, in the order they are made: each only uses what stands
 * above it. What stands in schema base is for the views' and reports' own use.
 */
export const views: readonly Made[] = [
  { path: "base/any_tag", sql: baseAnyTag },
  { path: "base/own_tag", sql: baseOwnTag },
  { path: "base/total", sql: baseTotal },
  { path: "base/counted", sql: baseCounted },
  { path: "base/all_tokens", sql: baseAllTokens },
  { path: "base/record_tokens", sql: baseRecordTokens },
  { path: "base/tokens_of", sql: baseTokensOf },
  { path: "base/request_cost", sql: baseRequestCost },
  { path: "base/sum_cost", sql: baseSumCost },
  { path: "base/known_cost", sql: baseKnownCost },
  { path: "base/same_cost", sql: baseSameCost },
  { path: "base/unpriced_requests", sql: baseUnpricedRequests },
  { path: "base/cache_hit_rate", sql: baseCacheHitRate },
  { path: "base/share", sql: baseShare },
  { path: "base/wall_seconds", sql: baseWallSeconds },
  { path: "base/began", sql: baseBegan },
  { path: "base/told_by", sql: baseToldBy },
  { path: "base/known_requests", sql: baseKnownRequests },
  { path: "base/sorted", sql: baseSorted },
  { path: "base/usage_totals", sql: baseUsageTotals },
  { path: "base/totals", sql: baseTotals },
  { path: "base/within", sql: baseWithin },
  { path: "base/of_model", sql: baseOfModel },
  { path: "base/price_speed", sql: basePriceSpeed },
  { path: "base/token_cost", sql: baseTokenCost },
  { path: "base/logs", sql: baseLogs },
  { path: "base/repeats_since", sql: baseRepeatsSince },
  { path: "base/requests", sql: baseRequests },
  { path: "base/points", sql: basePoints },
  { path: "base/traces", sql: baseTraces },
  { path: "base/counted_points", sql: baseCountedPoints },
  { path: "base/metric_increments", sql: baseMetricIncrements },
  { path: "base/day_of", sql: baseDayOf },
  { path: "base/request_days_since", sql: baseRequestDaysSince },
  { path: "base/request_days", sql: baseRequestDays },
  { path: "base/routes_since", sql: baseRoutesSince },
  { path: "base/routes", sql: baseRoutes },
  { path: "base/metric_usage", sql: baseMetricUsage },
  { path: "base/common", sql: baseCommon },
  { path: "base/told", sql: baseTold },
  { path: "base/marks", sql: baseMarks },
  { path: "base/stage_spans", sql: baseStageSpans },
  { path: "base/evidence_since", sql: baseEvidenceSince },
  { path: "base/evidence", sql: baseEvidence },
  { path: "base/real_agent", sql: baseRealAgent },
  { path: "base/agent_told", sql: baseAgentTold },
  { path: "base/ladder", sql: baseLadder },
  { path: "base/attribution", sql: baseAttribution },
  { path: "base/agent_runs", sql: baseAgentRuns },
  { path: "base/plain_requests", sql: basePlainRequests },
  { path: "base/found_requests", sql: baseFoundRequests },
  { path: "base/plain_usage", sql: basePlainUsage },
  { path: "base/found_usage", sql: baseFoundUsage },
  { path: "base/usage", sql: baseUsage },
  { path: "base/found_logs", sql: baseFoundLogs },
  { path: "base/plain_logs", sql: basePlainLogs },
  { path: "base/staged_logs", sql: baseStagedLogs },
  { path: "base/steps", sql: baseSteps },
  { path: "base/partial_totals", sql: basePartialTotals },
  { path: "base/tag_totals", sql: baseTagTotals },
  { path: "base/newest_workflows", sql: baseNewestWorkflows },
  { path: "base/parts", sql: baseParts },
  { path: "base/quarter_totals", sql: baseQuarterTotals },
  { path: "base/sessions", sql: baseSessions },
  { path: "base/workflows", sql: baseWorkflows },
  { path: "base/stages", sql: baseStages },
  { path: "base/tasks", sql: baseTasks },
  { path: "log_records", sql: logRecords },
  { path: "metric_points", sql: metricPoints },
  { path: "spans", sql: spans },
  { path: "events", sql: events },
  { path: "api_requests", sql: apiRequests },
  { path: "api_errors", sql: apiErrors },
  { path: "api_refusals", sql: apiRefusals },
  { path: "tool_results", sql: toolResults },
  { path: "tool_decisions", sql: toolDecisions },
  { path: "user_prompts", sql: userPrompts },
  { path: "subagent_runs", sql: subagentRuns },
  { path: "compactions", sql: compactions },
  { path: "hook_runs", sql: hookRuns },
  { path: "mcp_connections", sql: mcpConnections },
  { path: "stage_marks", sql: stageMarks },
  { path: "token_usage", sql: tokenUsage },
  { path: "cost_usage", sql: costUsage },
  { path: "active_time", sql: activeTime },
  { path: "lines_of_code", sql: linesOfCode },
  { path: "commits", sql: commits },
  { path: "pull_requests", sql: pullRequests },
  { path: "edit_decisions", sql: editDecisions },
  { path: "session_starts", sql: sessionStarts },
  { path: "usage", sql: usage },
  { path: "sessions", sql: sessions },
  { path: "prompts", sql: prompts },
  { path: "workflows", sql: workflows },
  { path: "stages", sql: stages },
  { path: "tasks", sql: tasks },
  { path: "base/release", sql: baseRelease },
  { path: "base/defects", sql: baseDefects },
  { path: "known_defects", sql: knownDefects },
  { path: "base/defective_models", sql: baseDefectiveModels },
  { path: "base/defects_of", sql: baseDefectsOf },
  { path: "base/suspected_repeats", sql: baseSuspectedRepeats },
  { path: "base/uncounted", sql: baseUncounted },
  { path: "uncounted_metrics", sql: uncountedMetrics },
  { path: "base/missing_events", sql: baseMissingEvents },
  { path: "coverage", sql: coverage },
  { path: "base/member", sql: baseMember },
  { path: "repeated_requests", sql: repeatedRequests },
  { path: "list_costs", sql: listCosts },
  { path: "workflow_summary", sql: workflowSummary },
  { path: "stage_performance", sql: stagePerformance },
  { path: "model_cost_comparison", sql: modelCostComparison },
  { path: "otel_metrics", sql: otelMetrics },
  { path: "otel_events", sql: otelEvents },
  { path: "otel_api_request_events", sql: otelApiRequestEvents },
  { path: "otel/logs", sql: exportedLogs },
  { path: "otel/metrics", sql: exportedMetrics },
  { path: "otel/traces", sql: exportedTraces },
];
