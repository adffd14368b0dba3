import * as v from "valibot";
import {
  type HostMessage,
  hostCommands,
  MOST_ROWS,
  type PageMessage,
  type PageState,
  tabNames,
} from "./protocol.ts";

/** Text of a name, an identifier or a sentence. */
const text = v.pipe(v.string(), v.maxLength(100_000));
const longText = v.pipe(v.string(), v.maxLength(64 * 1024 * 1024));
const statement = v.pipe(v.string(), v.maxLength(1_000_000));
const count = v.pipe(v.number(), v.finite());
const id = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const digits = v.pipe(v.string(), v.maxLength(64), v.regex(/^-?\d+(?:\.\d+)?$/));
const optionalText = v.nullable(text);
const tab = v.picklist(tabNames);

const pageState = v.object({
  tab,
  last: optionalText,
  since: optionalText,
  until: optionalText,
  session: optionalText,
  workflow: optionalText,
  stage: optionalText,
  model: optionalText,
  openWorkflow: optionalText,
  openSession: optionalText,
  // A state that was kept before there were splits has none.
  split: v.optional(optionalText, null),
  sql: statement,
  history: v.pipe(v.array(statement), v.maxLength(50)),
}) satisfies v.GenericSchema<unknown, PageState>;

const parameters = v.record(
  v.pipe(v.string(), v.regex(/^[a-z][a-z_]{0,40}$/)),
  v.nullable(v.union([text, count])),
);

const pageMessage = v.variant("kind", [
  v.object({ kind: v.literal("ready") }),
  v.object({
    kind: v.literal("report"),
    id,
    name: v.pipe(v.string(), v.regex(/^[a-z][a-z_]{0,40}$/)),
    parameters,
  }),
  v.object({
    kind: v.literal("query"),
    id,
    sql: statement,
    limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_ROWS)),
  }),
  v.object({ kind: v.literal("schema"), id }),
  v.object({ kind: v.literal("cancel"), id }),
  v.object({ kind: v.literal("copy"), text: longText }),
  v.object({
    kind: v.literal("save"),
    name: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/)),
    text: longText,
  }),
  v.object({ kind: v.literal("pin"), sessionId: optionalText }),
  v.object({ kind: v.literal("command"), command: v.picklist(hostCommands) }),
  v.object({ kind: v.literal("state"), state: pageState }),
]) satisfies v.GenericSchema<unknown, PageMessage>;

const reportDescription = v.object({
  name: text,
  title: text,
  question: text,
  parameters: v.array(text),
  required: v.array(text),
  splits: v.array(text),
  limit: v.nullable(count),
  columns: v.array(
    v.object({
      name: text,
      label: text,
      role: v.picklist(["dimension", "measure"]),
      unit: text,
      bar: v.boolean(),
      minor: v.boolean(),
    }),
  ),
});

const spent = {
  inputTokens: digits,
  outputTokens: digits,
  cacheReadTokens: digits,
  cacheCreationTokens: digits,
  totalTokens: digits,
  costUsd: v.nullable(digits),
};
const totals = {
  ...spent,
  unpricedRequests: count,
  requests: v.nullable(count),
  ledger: v.nullable(v.picklist(["events", "metrics", "mixed"])),
  cacheHitRate: v.nullable(count),
  errors: count,
  refusals: count,
  toolCalls: count,
  toolFailures: count,
  prompts: count,
};
const burn = v.object({
  tokensPerMinute: count,
  usdPerMinute: v.nullable(count),
  unpricedRequests: count,
});
const parts = v.array(
  v.object({ ...spent, unpricedRequests: count, name: optionalText, requests: count }),
);
const condition = v.object({ kind: text, message: optionalText, hint: optionalText });

const liveMessage = v.object({
  kind: v.literal("live"),
  now: count,
  sessions: v.array(
    v.object({
      ...totals,
      sessionId: text,
      firstTime: count,
      lastTime: count,
      lastActivity: count,
      model: optionalText,
      source: optionalText,
      workflowId: optionalText,
      stage: optionalText,
      taskId: optionalText,
      agent: optionalText,
      promptId: optionalText,
      contextTokens: v.nullable(digits),
      burn,
      models: parts,
      stages: parts,
    }),
  ),
  today: v.object({ ...totals, day: text, sessions: count, burn }),
  recent: v.array(
    v.object({
      id: text,
      kind: v.picklist(["request", "error", "refusal", "tool", "prompt", "mark", "event"]),
      time: count,
      name: text,
      sessionId: optionalText,
      workflowId: optionalText,
      stage: optionalText,
      model: optionalText,
      source: optionalText,
      durationMs: v.nullable(digits),
      spent: v.nullable(v.object(spent)),
      subject: optionalText,
      success: v.nullable(v.boolean()),
      error: optionalText,
      length: v.nullable(digits),
    }),
  ),
  store: condition,
  files: v.array(
    v.object({ path: text, condition, sizeBytes: count, offset: count, rejectedLines: count }),
  ),
  catchingUp: v.nullable(count),
});

const tableMessage = v.object({
  kind: v.literal("table"),
  id,
  columns: v.array(
    v.object({
      name: text,
      label: text,
      type: text,
      unit: optionalText,
      role: v.nullable(v.picklist(["dimension", "measure"])),
      bar: v.boolean(),
      minor: v.boolean(),
    }),
  ),
  rows: v.pipe(
    v.array(v.array(v.nullable(v.union([v.string(), v.number(), v.boolean()])))),
    v.maxLength(MOST_ROWS),
  ),
  more: v.boolean(),
  footer: v.nullable(
    v.object({
      firstTime: optionalText,
      lastTime: optionalText,
      timeZone: text,
      sessions: count,
      agreeing: count,
      rejectedLines: count,
      tags: v.array(text),
    }),
  ),
});

const hostMessage = v.variant("kind", [
  v.object({
    kind: v.literal("welcome"),
    state: v.nullable(pageState),
    timeZone: text,
    pinned: optionalText,
    reports: v.array(reportDescription),
  }),
  liveMessage,
  tableMessage,
  v.object({
    kind: v.literal("schema"),
    id,
    relations: v.array(
      v.object({
        name: text,
        comment: optionalText,
        columns: v.array(v.object({ name: text, type: text, comment: optionalText })),
      }),
    ),
  }),
  v.object({ kind: v.literal("failed"), id, message: text, hint: v.optional(text) }),
  v.object({
    kind: v.literal("show"),
    tab,
    session: v.optional(optionalText),
    workflow: v.optional(optionalText),
    sql: v.optional(statement),
  }),
  v.object({ kind: v.literal("pinned"), sessionId: optionalText }),
  v.object({ kind: v.literal("changed") }),
]) satisfies v.GenericSchema<unknown, HostMessage>;

/** The message of a page, if it is one; undefined for anything else. */
export function readPageMessage(value: unknown): PageMessage | undefined {
  const result = v.safeParse(pageMessage, value);
  return result.success ? result.output : undefined;
}

/** The message of a host, if it is one; undefined for anything else. */
export function readHostMessage(value: unknown): HostMessage | undefined {
  const result = v.safeParse(hostMessage, value);
  return result.success ? result.output : undefined;
}

/** State that a host or the browser kept, if it is complete; undefined for anything else. */
export function readPageState(value: unknown): PageState | undefined {
  const result = v.safeParse(pageState, value);
  return result.success ? result.output : undefined;
}
