import fc from "fast-check";
import { began } from "../../src/attribution/evidence.ts";
import { type StageTags, stageTagNames } from "../../src/attribution/tags.ts";
import { line } from "./otlp.ts";

const START_MS = Date.parse("2026-11-21T10:00:00Z");

/** The column of each tag of staged workflows. */
export const columns = {
  workflowId: "workflow_id",
  workflowPath: "workflow_path",
  complexity: "complexity",
  stage: "stage",
  taskId: "task_id",
  agent: "agent",
  modelExpected: "model_expected",
} as const;

const maybe = (...values: readonly string[]) =>
  fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 });

const tags = fc.record({
  workflowId: maybe("w1", "w2"),
  workflowPath: maybe("full"),
  complexity: maybe("high", "low"),
  stage: fc.option(fc.constantFrom("plan", "build", "review"), { nil: undefined, freq: 6 }),
  taskId: maybe("t1", "t2"),
  agent: maybe("coder", "tester"),
  modelExpected: maybe("opus"),
});

/** Milliseconds after the start: few values, so that much happens at one time. */
const moment = fc.oneof(fc.nat(12), fc.nat(60_000), fc.nat(7_200_000));
const promptId = maybe("p1", "p2", "p3");
const agentId = maybe("a1", "a2", "a3");

const aMark = fc.record({
  kind: fc.constant("mark" as const),
  at: moment,
  action: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom("start", "end", "prompt", "subagent") },
    { weight: 4, arbitrary: fc.constant("start") },
    { weight: 1, arbitrary: fc.constantFrom("session", "else") },
  ),
  promptId,
  agentId,
  tags,
});

const aRecord = fc.record({
  kind: fc.constantFrom("request" as const, "tool" as const),
  at: moment,
  durationMs: fc.option(fc.oneof(fc.nat(20), fc.nat(100_000), fc.constantFrom(86_400_001, -5)), {
    nil: undefined,
  }),
  promptId,
  agentId,
  agentName: maybe("coder", "Explore", "custom", ""),
  traceId: maybe("a", "b"),
  spanId: maybe("1", "2", "6"),
  tags: fc.oneof(
    { weight: 4, arbitrary: fc.constant<StageTags>({}) },
    { weight: 1, arbitrary: tags },
  ),
});

export type Mark = typeof aMark extends fc.Arbitrary<infer T> ? T : never;
export type Drawn = typeof aRecord extends fc.Arbitrary<infer T> ? T : never;

export const history = fc.record({
  marks: fc.array(aMark, { maxLength: 9, size: "max" }),
  records: fc.array(aRecord, { minLength: 1, maxLength: 6, size: "max" }),
});

export type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

export function markLine(mark: Mark, at: number, number: number): string {
  return line({
    at: new Date(START_MS + mark.at).toISOString(),
    name: "stage_mark",
    attributes: sent({
      "session.id": `s${at}`,
      number: String(number),
      action: mark.action,
      "prompt.id": mark.promptId,
      agent_id: mark.agentId,
      ...tagsOf(mark.tags),
    }),
  });
}

export function recordLine(record: Drawn, at: number, number: number): string {
  const id = `s${at} ${number}`;
  const own =
    record.kind === "request"
      ? { client_request_id: id, model: "m", input_tokens: 1, cost_usd: 0.01 }
      : { tool_use_id: id, tool_name: "Bash" };
  const text = line({
    at: new Date(START_MS + record.at).toISOString(),
    name: record.kind === "request" ? "api_request" : "tool_result",
    attributes: sent({
      ...own,
      "session.id": `s${at}`,
      duration_ms: record.durationMs,
      "prompt.id": record.promptId,
      agent_id: record.agentId,
      "agent.name": record.agentName,
      ...tagsOf(record.tags),
    }),
  });
  const whole = JSON.parse(text) as { resourceLogs: { scopeLogs: { logRecords: object[] }[] }[] };
  Object.assign(whole.resourceLogs[0]?.scopeLogs[0]?.logRecords[0] ?? {}, traced(record));
  return JSON.stringify(whole);
}

export function traced({ traceId, spanId }: Drawn): { traceId?: string; spanId?: string } {
  return {
    ...(traceId === undefined ? {} : { traceId: traceId.repeat(32) }),
    ...(spanId === undefined ? {} : { spanId: spanId.repeat(16) }),
  };
}

function tagsOf(tags: StageTags): Record<string, string | undefined> {
  return Object.fromEntries(stageTagNames.map((name) => [columns[name], tags[name]]));
}

function sent<T>(attributes: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  );
}

export function microsAt(ms: number): number {
  return (START_MS + ms) * 1000;
}

export function beganAt({ at, durationMs }: Drawn): number {
  return began(microsAt(at), durationMs === undefined ? undefined : BigInt(durationMs));
}

/** Spans of orchestrators, the same for all sessions; one of Claude Code's below the first. */
export const spanLines: readonly string[] = [
  spanLine("a", "1", { stage: "traced", workflow_id: "w9" }),
  spanLine("a", "2", { stage: "other" }),
  spanLine("b", "3", { stage: "alone", task_id: "t9" }),
];

function spanLine(trace: string, span: string, tags: Readonly<Record<string, string>>): string {
  const attributes = Object.entries(tags).map(([key, value]) => ({
    key,
    value: { stringValue: value },
  }));
  const times = {
    startTimeUnixNano: "1795255200000000000",
    endTimeUnixNano: "1795255260000000000",
  };
  const ids = { traceId: trace.repeat(32), spanId: span.repeat(16) };
  const spans = [{ ...ids, ...times, name: "stage", kind: 1, attributes, status: {} }];
  return JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans }] }] });
}
