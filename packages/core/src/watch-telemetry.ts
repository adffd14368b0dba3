import { onNewDay } from "./day-change.ts";
import { KnownError, messageOf } from "./errors.ts";
import { zonedClock } from "./format/time.ts";
import { Follower } from "./ingest/follow.ts";
import type { FollowedFile } from "./ingest/followed-file.ts";
import { BURN_WINDOW_MS } from "./live/options.ts";
import { LiveView } from "./live/pending.ts";
import type { LiveSession } from "./live/snapshot.ts";
import { LiveListener } from "./live-store/live-listener.ts";
import type { Store } from "./store/store.ts";
import type { WireFile, WireSession, WireState, WireStore } from "./wire/schema.ts";
import { toWire } from "./wire/to-wire.ts";

/** Changes within this interval are reported together, milliseconds. */
const NOTIFY_EVERY_MS = 50;
const RECENT_EVENTS = 50;

export interface WatchOptions {
  /** The time zone of "today", e.g. Europe/Berlin; the system's by default. */
  readonly timeZone?: string;
  /** The period that the burn rate is computed over, milliseconds; five minutes by default. */
  readonly burnWindowMs?: number;
  /** The longest line held in memory, bytes; a longer one is read piece by piece. 32 MiB by default. */
  readonly maxLineBytes?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** A running watch of telemetry files. */
export interface TelemetryWatch {
  /** The live state now. */
  state(): WireState;
  /** Resolves when everything that was there at the beginning is stored and part of the state. */
  readonly ready: Promise<void>;
  /** Resolves when the watch was closed; rejects with the bug that ended the following. */
  readonly ended: Promise<void>;
  /** Calls back after changes, the turn of the day among them, at most every 50 ms; gives how to stop that. */
  onChange(listener: () => void): () => void;
  /** Stores what was read and lets go of everything; the store stays open. */
  close(): Promise<void>;
}

/**
 * Follows files, stores what arrives and keeps the state of the running sessions: of what the store
 * holds and of the lines after it, so that it never waits for the store. Any number of processes
 * may do so with the same files and database.
 */
export function watchTelemetry(
  store: Store,
  paths: readonly string[],
  options: WatchOptions = {},
): TelemetryWatch {
  const now = options.now ?? Date.now;
  const micros = () => now() * 1000;
  const day = dayIn(options.timeZone);
  const view = new LiveView({
    burnWindowMs: options.burnWindowMs ?? BURN_WINDOW_MS,
    day,
    recentEvents: RECENT_EVENTS,
  });
  const listeners = new Set<() => void>();
  const notify = coalesced(() => {
    for (const listener of listeners) listener();
  });
  const follower = new Follower(store, paths, {
    listener: new LiveListener(view, micros),
    onChange: notify.soon,
    ...(options.maxLineBytes === undefined ? {} : { maxLineBytes: options.maxLineBytes }),
  });
  const noMoreDays = onNewDay((millis) => day(millis * 1000), now, notify.soon);
  const known = new WeakMap<LiveSession, WireSession>();
  let ready = false;
  follower.ready.then(
    () => {
      ready = true;
    },
    () => undefined,
  );
  return {
    state: () => {
      const { catchingUp } = follower;
      const [files, storing] = [watchedFiles(follower), conditionOf(follower)];
      const snapshot = view.snapshot(micros());
      return toWire({ snapshot, files, store: storing, ready, catchingUp }, known);
    },
    ready: follower.ready,
    ended: follower.ended,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      noMoreDays();
      notify.end();
      await follower.close();
    },
  };
}

function dayIn(timeZone: string | undefined): (micros: number) => string {
  const { seconds } = zonedClock(timeZone);
  return (time) => seconds(BigInt(Math.trunc(time))).slice(0, 10);
}

function watchedFiles({ files, troubles }: Follower): readonly WireFile[] {
  const inTrouble = new Map(troubles.map((trouble) => [trouble.path, trouble]));
  const taken = new Set(files.filter(({ named }) => named).map(({ path }) => path));
  // A replaced file is hidden once another file has its path.
  const shown = files.filter(({ named, path }) => named || !taken.has(path));
  const followed = shown.map((file): WireFile => {
    const trouble = inTrouble.get(file.path);
    inTrouble.delete(file.path);
    return {
      path: file.path,
      ...(trouble === undefined ? ownCondition(file) : conditionIn(trouble)),
      size_bytes: file.sizeBytes,
      cursor_offset: file.progress?.offset ?? 0,
      rejected_lines: file.rejected,
    };
  });
  const others = [...inTrouble.values()].map(
    (trouble): WireFile => ({
      path: trouble.path,
      ...conditionIn(trouble),
      size_bytes: 0,
      cursor_offset: 0,
      rejected_lines: 0,
    }),
  );
  return [...followed, ...others];
}

type FileCondition = Pick<WireFile, "state" | "reason">;

function conditionIn({ kind, reason }: Follower["troubles"][number]): FileCondition {
  return { state: kind, reason };
}

function ownCondition({ named, isForeign, progress, sizeBytes }: FollowedFile): FileCondition {
  if (isForeign) return { state: "unsuitable", reason: "It holds no telemetry." };
  if (!named) return { state: "missing", reason: "The file is gone; what is left of it is read." };
  if (progress !== undefined) return { state: "following", reason: null };
  const reason = sizeBytes === 0 ? "It is empty." : "Its first line is not complete yet.";
  return { state: "waiting", reason };
}

const states: Readonly<Record<string, WireStore["state"]>> = {
  "disk-full": "full",
  "store-locked": "locked",
  "store-unwritable": "unwritable",
  "store-foreign": "foreign",
  "store-damaged": "damaged",
  "store-newer": "newer",
};

/**
 * Whether the database takes what it is given, and gives what is shown of it. What it does not take
 * is kept and tried again; what it does not give is asked for again, and rows are stored meanwhile.
 */
function conditionOf({ storeError, tapError }: Follower): WireStore {
  if (storeError !== undefined) return failedCondition(storeError);
  if (tapError === undefined) return { state: "ok", reason: null, hint: null };
  // Rows are stored; what is shown of them may lag behind.
  const { state, reason, hint } = failedCondition(tapError);
  return {
    state,
    reason: `What the database holds cannot be read: ${reason}`,
    hint: hint ?? "New records are stored all the same; reading is tried again.",
  };
}

function failedCondition(error: unknown): WireStore {
  if (!(error instanceof KnownError)) {
    // The engine's own stack follows its first line.
    const [reason = ""] = messageOf(error).split("\n");
    return { state: "failed", reason, hint: null };
  }
  const { code, message, hint } = error;
  return { state: states[code] ?? "failed", reason: message, hint: hint ?? null };
}

/** Calls of `soon` lead to one call of `work`, a moment later. */
function coalesced(work: () => void): { soon: () => void; end: () => void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    soon: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        work();
      }, NOTIFY_EVERY_MS);
    },
    end: () => clearTimeout(timer),
  };
}
