import * as v from "valibot";

/**
 * What the status bar needs to know of the live state, in the form in which it crosses from the
 * child process to the extension host: times are milliseconds since 1970, money is billionths of
 * a USD, a missing value is null. Schemas and types are one; whoever receives a message checks it.
 */

const amount = v.pipe(v.number(), v.finite());
const text = v.pipe(v.string(), v.maxLength(2000));
/** What something is known by: never cut or escaped; the face that shows it does that. */
const identity = v.pipe(v.string(), v.maxLength(32_768));

const spentEntries = {
  inputTokens: amount,
  outputTokens: amount,
  cacheReadTokens: amount,
  cacheCreationTokens: amount,
  totalTokens: amount,
  /** Of what has a price; null where nothing has. */
  costNanoUsd: v.nullable(amount),
  /** Requests whose cost nobody sent: with any of them the cost is at least that of the others. */
  unpricedRequests: amount,
  /** null if only metrics report the usage. */
  requests: v.nullable(amount),
};

const partSchema = v.object({
  /** The model or stage; null for records without one. */
  name: v.nullable(text),
  tokens: amount,
  costNanoUsd: v.nullable(amount),
  unpricedRequests: amount,
});

const sessionSchema = v.object({
  ...spentEntries,
  sessionId: identity,
  firstTime: amount,
  lastActivity: amount,
  model: v.nullable(text),
  stage: v.nullable(text),
  workflowId: v.nullable(text),
  /** Part of the input that came from the cache, 0 to 1. */
  cacheHitRate: v.nullable(amount),
  /** API errors. */
  errors: amount,
  toolFailures: amount,
  tokensPerMinute: amount,
  /** Of what has a price; null where nothing of these minutes has. */
  usdPerMinute: v.nullable(amount),
  /** Requests of these minutes without a price. */
  unpricedOfRate: amount,
  models: v.pipe(v.array(partSchema), v.maxLength(10)),
  stages: v.pipe(v.array(partSchema), v.maxLength(10)),
});

const todaySchema = v.object({
  ...spentEntries,
  sessions: amount,
  cacheHitRate: v.nullable(amount),
  errors: amount,
  toolFailures: amount,
  usdPerMinute: v.nullable(amount),
});

const fileSchema = v.object({
  path: identity,
  condition: v.picklist(["following", "waiting", "missing", "unreadable", "unsuitable"]),
  /** One sentence; empty for a file that is followed. */
  reason: text,
  rejectedLines: amount,
});

const storeSchema = v.object({
  condition: v.picklist([
    "ok",
    "full",
    "locked",
    "unwritable",
    "foreign",
    "damaged",
    "newer",
    "failed",
  ]),
  message: text,
  hint: text,
});

const receiverSchema = v.object({
  /** elsewhere: another window or program receives, and this one waits for its turn. */
  state: v.picklist(["off", "starting", "serving", "elsewhere", "failed"]),
  /** One sentence; empty if there is nothing to report. */
  text,
});

/** Schema of a `StatusView`. */
export const statusViewSchema = v.object({
  now: amount,
  /** False until everything that was there at the beginning is part of the state. */
  ready: v.boolean(),
  /** Whether anybody named a telemetry file, or one was found, or the database holds something. */
  configured: v.boolean(),
  /** Newest activity first: the newest, running or not, and the pinned one. */
  sessions: v.pipe(v.array(sessionSchema), v.maxLength(100)),
  today: todaySchema,
  /** Time of the newest event of any kind; null before the first. */
  lastEvent: v.nullable(amount),
  store: storeSchema,
  receiver: receiverSchema,
  /** Files that are not followed as they should be come first. */
  files: v.pipe(v.array(fileSchema), v.maxLength(100)),
  fileCount: amount,
  /** Which part of a backlog was read, 0 to 1; null without one. */
  catchingUp: v.nullable(amount),
});

export type StatusView = v.InferOutput<typeof statusViewSchema>;
export type StatusSession = v.InferOutput<typeof sessionSchema>;
export type StatusPart = v.InferOutput<typeof partSchema>;
export type StatusFile = v.InferOutput<typeof fileSchema>;
export type StatusReceiver = v.InferOutput<typeof receiverSchema>;
