/** For hosts: the core's answers as messages of the protocol. */
import type {
  LiveBurn,
  LiveEventLine,
  LivePart,
  LiveSession,
  LiveSpent,
  LiveTotals,
  Report,
  ReportResult,
  TelemetryWatch,
  Value,
} from "@cctelemetry/core";
import { exactUsd, formats, isoUtc, stageText } from "@cctelemetry/core/light";
import {
  type Cell,
  type ConditionView,
  type LiveBurnView,
  type LiveEventView,
  type LiveMessage,
  type LivePartView,
  type LiveSessionView,
  type LiveSpentView,
  type LiveTotalsView,
  LONGEST_ID,
  MOST_ROWS,
  type ReportDescription,
  type TableMessage,
} from "./protocol.ts";
import { withShortTexts } from "./short-texts.ts";

/** Characters of the name of a tag that a list can offer. */
const LONGEST_TAG = 1_000;

/** The description of a report for the page. */
export function reportDescription(report: Report): ReportDescription {
  const { name, title, question, parameters, required = [], splits = [], limit } = report;
  const columns = report.columns.map((column) => ({
    name: column.name,
    label: column.label,
    role: column.role,
    unit: column.unit,
    bar: column.bar === true,
    minor: column.minor === true,
  }));
  return {
    name,
    title,
    question,
    parameters,
    required,
    splits,
    limit: limit ?? null,
    columns,
  };
}

/** A report's result as the answer to the request `id`. */
export function reportTable(id: number, { columns, rows, footer }: ReportResult): TableMessage {
  return {
    kind: "table",
    id,
    columns: columns.map((column) => ({
      name: column.name,
      label: column.label,
      type: column.type,
      unit: column.unit,
      role: column.role,
      bar: column.bar === true,
      minor: column.minor === true,
    })),
    rows: rows.slice(0, MOST_ROWS).map((row) => row.map(cell)),
    more: footer.more || rows.length > MOST_ROWS,
    footer: {
      firstTime: footer.firstTime === null ? null : isoUtc(footer.firstTime.micros),
      lastTime: footer.lastTime === null ? null : isoUtc(footer.lastTime.micros),
      timeZone: footer.tz,
      sessions: footer.sessions,
      agreeing: footer.agreeing,
      rejectedLines: footer.rejectedLines,
      // A name that does not fit into a request cannot be asked for.
      tags: footer.tags.filter((name) => name.length <= LONGEST_TAG),
    },
  };
}

/** The rows of a query as the answer to the request `id`; `cut` where there were more. */
export function queryTable(
  id: number,
  columns: readonly { readonly name: string; readonly type: string }[],
  rows: readonly (readonly Value[])[],
  cut: boolean,
): TableMessage {
  return {
    kind: "table",
    id,
    columns: columns.map(({ name, type }) => ({
      name,
      label: name,
      type,
      unit: null,
      role: null,
      bar: false,
      minor: false,
    })),
    rows: rows.slice(0, MOST_ROWS).map((row) => row.map(cell)),
    more: cut || rows.length > MOST_ROWS,
    footer: null,
  };
}

/** The state of a watch at this moment. */
export function liveMessage(watch: TelemetryWatch): LiveMessage {
  const { now, sessions, today, recent } = watch.snapshot();
  return withShortTexts<LiveMessage>({
    kind: "live",
    now,
    sessions: sessions.filter(({ sessionId }) => isSendable(sessionId)).map(sessionView),
    today: {
      ...totalsView(today),
      day: today.day,
      sessions: today.sessions,
      burn: burnView(today.burn),
    },
    recent: recent.map(eventView),
    store: conditionView(watch.store),
    files: watch.files.map(({ path, condition, sizeBytes, offset, rejectedLines }) => ({
      path,
      condition: conditionView(condition),
      sizeBytes,
      offset,
      rejectedLines,
    })),
    catchingUp: watch.catchingUp ?? null,
  });
}

/** An id beyond the protocol's bound is nobody's: no message may fail for it, nor carry half of it. */
function isSendable(sessionId: string | undefined): sessionId is string {
  return sessionId !== undefined && sessionId.length <= LONGEST_ID;
}

/** A value as it goes over the wire; see `Cell`. */
export function cell(value: Value): Cell {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if ("kind" in value && value.kind === "time" && typeof value["micros"] === "bigint") {
    return isoUtc(value["micros"]);
  }
  return jsonText(value);
}

function jsonText(value: Value): string {
  const line = formats.jsonl([{ name: "v", type: "STRUCT" }]).rows([[value]]);
  return line.trimEnd().slice('{"v":'.length, -1);
}

function sessionView(session: LiveSession): LiveSessionView {
  return {
    ...totalsView(session),
    sessionId: session.sessionId,
    firstTime: session.firstTime,
    lastTime: session.lastTime,
    lastActivity: session.lastActivity,
    model: session.model ?? null,
    source: session.source ?? null,
    workflowId: session.workflowId ?? null,
    stage: stageText(session) ?? null,
    taskId: session.taskId ?? null,
    agent: session.agent ?? null,
    promptId: session.promptId ?? null,
    contextTokens: session.contextTokens === undefined ? null : String(session.contextTokens),
    burn: burnView(session.burn),
    models: session.models.map(partView),
    stages: session.stages.map(partView),
  };
}

function partView(part: LivePart): LivePartView {
  const { name, requests, unpricedRequests } = part;
  return { ...spentView(part), name: name ?? null, requests, unpricedRequests };
}

function burnView({ usdPerMinute, ...burn }: LiveBurn): LiveBurnView {
  return { ...burn, usdPerMinute: usdPerMinute ?? null };
}

function totalsView(totals: LiveTotals): LiveTotalsView {
  return {
    ...spentView(totals),
    unpricedRequests: totals.unpricedRequests,
    requests: totals.requests ?? null,
    ledger: totals.ledger ?? null,
    cacheHitRate: totals.cacheHitRate ?? null,
    errors: totals.errors,
    refusals: totals.refusals,
    toolCalls: totals.toolCalls,
    toolFailures: totals.toolFailures,
    prompts: totals.prompts,
  };
}

function spentView(spent: Omit<LiveSpent, "unpricedRequests">): LiveSpentView {
  return {
    inputTokens: String(spent.inputTokens),
    outputTokens: String(spent.outputTokens),
    cacheReadTokens: String(spent.cacheReadTokens),
    cacheCreationTokens: String(spent.cacheCreationTokens),
    totalTokens: String(spent.totalTokens),
    costUsd: spent.costNanoUsd === undefined ? null : exactUsd(spent.costNanoUsd),
  };
}

function eventView(event: LiveEventLine): LiveEventView {
  return {
    id: event.id,
    kind: event.kind,
    time: event.time,
    name: event.name,
    sessionId: isSendable(event.sessionId) ? event.sessionId : null,
    workflowId: event.workflowId ?? null,
    stage: event.stage ?? null,
    model: event.model ?? null,
    durationMs: event.durationMs === undefined ? null : String(event.durationMs),
    source: null,
    spent: null,
    subject: null,
    success: null,
    error: null,
    length: null,
    ...ownView(event),
  };
}

function ownView(event: LiveEventLine): Partial<LiveEventView> {
  switch (event.kind) {
    case "request": {
      const { inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens } = event;
      const totalTokens = inputTokens + outputTokens + cacheReadTokens + cacheCreationTokens;
      return { source: event.source, spent: spentView({ ...event, totalTokens }) };
    }
    case "error":
      return { error: event.error ?? null, subject: event.statusCode ?? null };
    case "tool":
      return { subject: event.toolName ?? null, success: event.success ?? null };
    case "prompt":
      return {
        subject: event.commandName ?? null,
        length: event.promptLength === undefined ? null : String(event.promptLength),
      };
    case "event":
      return { subject: event.toolName ?? null };
    case "mark":
      return { subject: event.action ?? null };
    default:
      return {};
  }
}

function conditionView(condition: {
  readonly kind: string;
  readonly reason?: string;
  readonly message?: string;
  readonly hint?: string;
}): ConditionView {
  const { kind, reason, message, hint } = condition;
  return { kind, message: message ?? reason ?? null, hint: hint ?? null };
}
