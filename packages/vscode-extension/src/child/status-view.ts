import type {
  LivePart,
  LiveSession,
  LiveSnapshot,
  LiveSpent,
  LiveToday,
  TelemetryWatch,
  WatchedFile,
} from "@cctelemetry/core";
import { escapeUnsafe, stageText } from "@cctelemetry/core/light";
import type {
  StatusFile,
  StatusPart,
  StatusReceiver,
  StatusSession,
  StatusView,
} from "../status-view.ts";

/** More than run at a time, and enough to choose from. */
const MOST_SESSIONS = 30;
const MOST_PARTS = 6;
const MOST_FILES = 20;
/** Names are cut, so that no message grows with what somebody wrote into an attribute. */
const LONGEST_NAME = 300;
const LONGEST_TEXT = 1000;
/** Ids and paths are not cut, since they would be others': what is longer is left out. */
const LONGEST_IDENTITY = 32_768;

/** What the status depends on, apart from the watch. */
export interface StatusOptions {
  readonly ready: boolean;
  /** Whether the user named paths, or the database was filled from files that are still there. */
  readonly configured: boolean;
  /** What is followed; a file behind a pattern has another path. */
  readonly paths: readonly string[];
  readonly pinned: string | null;
  readonly receiver: StatusReceiver;
}

/** The part of the live state that the status bar shows. */
export function statusViewOf(watch: TelemetryWatch, options: StatusOptions): StatusView {
  const snapshot = watch.snapshot();
  const { files, store } = watch;
  const [lastEvent] = snapshot.recent;
  const told = files
    .filter(({ path }) => path.length <= LONGEST_IDENTITY)
    .sort((a, b) => rankOf(a) - rankOf(b))
    .slice(0, MOST_FILES);
  return {
    now: millis(snapshot.now),
    ready: options.ready,
    configured:
      options.configured ||
      snapshot.sessions.length > 0 ||
      files.some(({ path, condition }) => {
        return condition.kind !== "missing" && !options.paths.includes(path);
      }),
    sessions: chosenSessions(snapshot, options).map(sessionOf),
    today: todayOf(snapshot.today),
    lastEvent: lastEvent === undefined ? null : millis(lastEvent.time),
    store:
      store.kind === "ok"
        ? { condition: "ok", message: "", hint: "" }
        : {
            condition: store.kind,
            message: cut(store.message, LONGEST_TEXT),
            hint: cut(store.hint ?? "", LONGEST_TEXT),
          },
    receiver: { ...options.receiver, text: cut(options.receiver.text, LONGEST_TEXT) },
    files: told.map(fileOf),
    fileCount: files.length,
    catchingUp: watch.catchingUp ?? null,
  };
}

/** The newest sessions, running or not, and the pinned one. */
function chosenSessions(
  { sessions }: LiveSnapshot,
  { pinned }: StatusOptions,
): readonly LiveSession[] {
  return sessions
    .filter(({ sessionId }) => sessionId.length <= LONGEST_IDENTITY)
    .filter(({ sessionId }, at) => at < MOST_SESSIONS || sessionId === pinned);
}

function sessionOf(session: LiveSession): StatusSession {
  return {
    ...spentOf(session),
    sessionId: session.sessionId,
    firstTime: millis(session.firstTime),
    lastActivity: millis(session.lastActivity),
    model: named(session.model),
    stage: named(stageText(session)),
    workflowId: named(session.workflowId),
    cacheHitRate: session.cacheHitRate ?? null,
    errors: session.errors,
    toolFailures: session.toolFailures,
    tokensPerMinute: session.burn.tokensPerMinute,
    usdPerMinute: session.burn.usdPerMinute ?? null,
    unpricedOfRate: session.burn.unpricedRequests,
    models: session.models.slice(0, MOST_PARTS).map(partOf),
    stages: session.stages.slice(0, MOST_PARTS).map(partOf),
  };
}

function todayOf(today: LiveToday): StatusView["today"] {
  return {
    ...spentOf(today),
    sessions: today.sessions,
    cacheHitRate: today.cacheHitRate ?? null,
    errors: today.errors,
    toolFailures: today.toolFailures,
    usdPerMinute: today.burn.usdPerMinute ?? null,
  };
}

function spentOf(
  spent: LiveSpent & { readonly requests: number | undefined },
): Pick<
  StatusSession,
  | "inputTokens"
  | "outputTokens"
  | "cacheReadTokens"
  | "cacheCreationTokens"
  | "totalTokens"
  | "costNanoUsd"
  | "unpricedRequests"
  | "requests"
> {
  return {
    inputTokens: Number(spent.inputTokens),
    outputTokens: Number(spent.outputTokens),
    cacheReadTokens: Number(spent.cacheReadTokens),
    cacheCreationTokens: Number(spent.cacheCreationTokens),
    totalTokens: Number(spent.totalTokens),
    costNanoUsd: nanoUsd(spent),
    unpricedRequests: spent.unpricedRequests,
    requests: spent.requests ?? null,
  };
}

function partOf(part: LivePart): StatusPart {
  const { name, totalTokens, unpricedRequests } = part;
  const costNanoUsd = nanoUsd(part);
  return { name: named(name), tokens: Number(totalTokens), costNanoUsd, unpricedRequests };
}

function nanoUsd({ costNanoUsd }: LiveSpent): number | null {
  return costNanoUsd === undefined ? null : Number(costNanoUsd);
}

function fileOf({ path, condition, rejectedLines }: WatchedFile): StatusFile {
  return {
    path,
    condition: condition.kind,
    reason: condition.kind === "following" ? "" : cut(condition.reason, LONGEST_TEXT),
    rejectedLines,
  };
}

/** What needs a look comes first. */
function rankOf({ condition }: WatchedFile): number {
  if (condition.kind === "unreadable" || condition.kind === "unsuitable") return 0;
  if (condition.kind === "missing") return 1;
  return condition.kind === "waiting" ? 2 : 3;
}

function named(name: string | undefined): string | null {
  return name === undefined || name === "" ? null : cut(name, LONGEST_NAME);
}

/** At most so many characters, with nothing in them that fools the eye. */
function cut(text: string, most: number): string {
  return escapeUnsafe(text.slice(0, most)).slice(0, most);
}

function millis(micros: number): number {
  return Math.trunc(micros / 1000);
}
