import * as v from "valibot";
import { sources } from "../attribution/tags.ts";
import { LONGEST_IDENTITY } from "./limits.ts";

/**
 * The live state in the one form in which it leaves the core: the terminal, the JSON lines of
 * `watch --json`, the page and VS Code's status bar all take their types from here. It is plain
 * JSON, and who gets it from another process checks it by these schemas. Names are those of the
 * views; what is missing is null.
 */

const amount = v.pipe(v.number(), v.finite());
/** Nothing rounded: a number where a double prints the same digits, else those digits. */
const exact = v.union([amount, v.pipe(v.string(), v.maxLength(64), v.regex(/^-?\d+(?:\.\d+)?$/))]);
/** ISO 8601 in UTC, to the microsecond; `infinity` where the engine has no other name for it. */
const instant = v.pipe(
  v.string(),
  v.regex(/^(?:(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3}(?:\d{3})?)?Z|-?infinity)$/),
);
/** Text for display, as it was sent; each face escapes it. */
const text = v.pipe(v.string(), v.maxLength(10_000));
const optionalText = v.nullable(text);
/** What something is known by: never cut or escaped. */
const identity = v.pipe(v.string(), v.maxLength(LONGEST_IDENTITY));
const optionalIdentity = v.nullable(identity);

const sourceKind = v.picklist(["main", "subagent", "auxiliary", "unknown"]);

/** Any number of them. */
function list<const Item extends v.GenericSchema>(item: Item) {
  return v.pipe(v.array(item), v.readonly());
}

const spent = {
  input_tokens: exact,
  output_tokens: exact,
  cache_read_tokens: exact,
  cache_creation_tokens: exact,
  total_tokens: exact,
  /** Of what has a price; null where nothing has. */
  cost_usd: v.nullable(exact),
};

const totals = {
  /** Where the usage is from; null where there is none. */
  ledger: v.nullable(v.picklist(["events", "metrics", "mixed"])),
  /** null if only metrics report the usage. */
  requests: v.nullable(amount),
  ...spent,
  /** Requests whose cost nobody sent: with any of them the cost is at least that of the others. */
  unpriced_requests: v.nullable(amount),
  /** Which part of all input tokens was read from the cache, 0 to 1. */
  cache_hit_rate: v.nullable(amount),
  errors: amount,
  refusals: amount,
  tool_calls: amount,
  tool_failures: amount,
  prompts: amount,
};

const rates = {
  tokens_per_minute: amount,
  /** Of what has a price; null where nothing of these minutes has. */
  usd_per_minute: v.nullable(amount),
  /** Requests of these minutes without a price. Not in the JSON lines. */
  unpriced_requests_of_rate: amount,
};

const usage = { requests: amount, ...spent, unpriced_requests: amount };

/** Schema of a `WirePart` by model. */
const modelPart = v.object({ model: optionalText, ...usage });
/** Schema of a `WirePart` by stage. */
const stagePart = v.object({ stage: optionalText, ...usage });

const session = v.object({
  session_id: identity,
  first_time: instant,
  last_time: instant,
  /** Time of the last event of any kind, or of the last counted metric. */
  last_activity: instant,
  model: optionalText,
  workflow_id: optionalText,
  /** null also where it is ambiguous. */
  stage: optionalText,
  /** How the stage of the last request, or of a mark after it, was found. */
  attribution: v.picklist(["tag", ...sources, "ambiguous", "none"]),
  task_id: optionalText,
  agent: optionalText,
  prompt_id: optionalText,
  /** Which part of the session asked last. */
  source: v.nullable(sourceKind),
  ...totals,
  /** Tokens the last request of the main thread sent, cached or not: the size of the context. */
  context_tokens: v.nullable(exact),
  ...rates,
  /** Usage by model and by stage, most expensive first. */
  models: list(modelPart),
  stages: list(stagePart),
});

const today = v.object({
  /** The day in the time zone of the watch, e.g. 2026-11-21. */
  day: text,
  /** Sessions with usage on that day. */
  sessions: amount,
  ...totals,
  ...rates,
});

const eventHead = {
  time: instant,
  event_name: text,
  session_id: optionalIdentity,
  workflow_id: optionalText,
  stage: optionalText,
  task_id: optionalText,
  model: optionalText,
  duration_ms: v.nullable(exact),
};
const eventTail = { record_id: identity };

/** What an event is about, apart from its name; `kind` and `subject` are not in the JSON lines. */
const event = v.variant("kind", [
  v.object({
    kind: v.literal("request"),
    ...eventHead,
    source: sourceKind,
    ...spent,
    ...eventTail,
  }),
  v.object({
    kind: v.literal("error"),
    ...eventHead,
    error: optionalText,
    status_code: optionalText,
    ...eventTail,
  }),
  v.object({ kind: v.literal("refusal"), ...eventHead, ...eventTail }),
  v.object({
    kind: v.literal("tool"),
    ...eventHead,
    tool_name: optionalText,
    success: v.nullable(v.boolean()),
    ...eventTail,
  }),
  v.object({
    kind: v.literal("prompt"),
    ...eventHead,
    prompt_length: v.nullable(exact),
    command_name: optionalText,
    ...eventTail,
  }),
  /** The action of a mark, or the tool of any other event. */
  v.object({ kind: v.literal("mark"), ...eventHead, subject: optionalText, ...eventTail }),
  v.object({ kind: v.literal("event"), ...eventHead, subject: optionalText, ...eventTail }),
]);

/** Whether the database stores what it is given, and gives what is shown of it. */
const store = v.object({
  state: v.picklist([
    "ok",
    "full",
    "locked",
    "unwritable",
    "foreign",
    "damaged",
    "newer",
    "failed",
  ]),
  /** One sentence; null where all is well. */
  reason: optionalText,
  /** The next step. Not in the JSON lines. */
  hint: optionalText,
});

/** A path that is watched. */
const file = v.object({
  path: identity,
  state: v.picklist(["following", "waiting", "missing", "unreadable", "unsuitable"]),
  /** One sentence; null for a file that is followed. */
  reason: optionalText,
  size_bytes: amount,
  /** Up to where it was read, bytes (of the decompressed stream for gzip and zstd). */
  cursor_offset: amount,
  /** Lines rejected since it is watched. */
  rejected_lines: amount,
});

/** Schema of a `WireState`, and its parts for messages that have a part of it. */
export const wireStateSchema = v.object({
  time: instant,
  /** False until everything that was there at the beginning is part of the state. Not in the JSON lines. */
  ready: v.boolean(),
  /** How far what was there is read, 0 to 1; null once the numbers hold all of it. */
  catching_up: v.nullable(amount),
  store,
  files: list(file),
  today,
  /** Newest activity first. */
  sessions: list(session),
  /** The last events of all sessions, newest first. */
  recent: list(event),
});

export { session as wireSessionSchema };

/** The live state at an instant. */
export type WireState = v.InferOutput<typeof wireStateSchema>;
/** A session; what was recorded without a session id is only in today's totals. */
export type WireSession = v.InferOutput<typeof session>;
/** What was used on the local day, whatever the session. */
export type WireToday = v.InferOutput<typeof today>;
/** Part of a session's usage. */
export type WirePart = v.InferOutput<typeof modelPart> | v.InferOutput<typeof stagePart>;
/** One line of the list of events. */
export type WireEvent = v.InferOutput<typeof event>;
/** Whether the database can be used. */
export type WireStore = v.InferOutput<typeof store>;
/** A path that is watched, and how that goes. */
export type WireFile = v.InferOutput<typeof file>;
