import { onNewDay } from "./day-change.ts";
import { KnownError } from "./errors.ts";
import { zonedClock } from "./format/time.ts";
import { Follower } from "./ingest/follow.ts";
import type { FollowedFile } from "./ingest/followed-file.ts";
import { BURN_WINDOW_MS } from "./live/options.ts";
import { LiveView } from "./live/pending.ts";
import type { LiveSnapshot } from "./live/snapshot.ts";
import { LiveTap } from "./live-store/live-tap.ts";
import type { Store } from "./store/store.ts";

/** Changes within this interval are reported together, milliseconds. */
const TELL_EVERY_MS = 50;
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

/** How a path that is watched is at the moment. */
export type FileCondition =
  | { readonly kind: "following" }
  | {
      readonly kind: "waiting" | "missing" | "unreadable" | "unsuitable";
      /** One sentence. */
      readonly reason: string;
    };

/** A path that is watched. */
export interface WatchedFile {
  readonly path: string;
  readonly condition: FileCondition;
  readonly sizeBytes: number;
  /** Up to where it was read, bytes (of the decompressed stream for gzip and zstd). */
  readonly offset: number;
  /** Lines rejected since it is watched. */
  readonly rejectedLines: number;
}

/**
 * Whether the database takes what it is given, and gives what is shown of it. What it does not take
 * is kept and tried again; what it does not give is asked for again, and rows are stored meanwhile.
 */
export type StoreCondition =
  | { readonly kind: "ok" }
  | {
      readonly kind: "full" | "locked" | "unwritable" | "foreign" | "damaged" | "newer" | "failed";
      readonly message: string;
      readonly hint?: string;
    };

/** A running watch of telemetry files. */
export interface TelemetryWatch {
  /** The live state now. */
  snapshot(): LiveSnapshot;
  readonly files: readonly WatchedFile[];
  readonly store: StoreCondition;
  /** How far a large backlog was read, 0 to 1; undefined when there is none. */
  readonly catchingUp: number | undefined;
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
  const tell = coalesced(() => {
    for (const listener of listeners) listener();
  });
  const follower = new Follower(store, paths, {
    tap: new LiveTap(view, micros),
    onChange: tell.soon,
    ...(options.maxLineBytes === undefined ? {} : { maxLineBytes: options.maxLineBytes }),
  });
  const noMoreDays = onNewDay((millis) => day(millis * 1000), now, tell.soon);
  return {
    snapshot: () => view.snapshot(micros()),
    get files() {
      return watchedFiles(follower);
    },
    get store() {
      return conditionOf(follower);
    },
    get catchingUp() {
      return follower.catchingUp;
    },
    ready: follower.ready,
    ended: follower.ended,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      noMoreDays();
      tell.end();
      await follower.close();
    },
  };
}

function dayIn(timeZone: string | undefined): (micros: number) => string {
  const { seconds } = zonedClock(timeZone);
  return (time) => seconds(BigInt(Math.trunc(time))).slice(0, 10);
}

function watchedFiles({ files, troubles }: Follower): readonly WatchedFile[] {
  const inTrouble = new Map(troubles.map((trouble) => [trouble.path, trouble]));
  const taken = new Set(files.filter(({ named }) => named).map(({ path }) => path));
  // A replaced file is hidden once another file has its path.
  const shown = files.filter(({ named, path }) => named || !taken.has(path));
  const followed = shown.map((file): WatchedFile => {
    const trouble = inTrouble.get(file.path);
    inTrouble.delete(file.path);
    return {
      path: file.path,
      condition: trouble ?? ownCondition(file),
      sizeBytes: file.sizeBytes,
      offset: file.progress?.offset ?? 0,
      rejectedLines: file.rejected,
    };
  });
  const others = [...inTrouble.values()].map(
    ({ path, kind, reason }): WatchedFile => ({
      path,
      condition: { kind, reason },
      sizeBytes: 0,
      offset: 0,
      rejectedLines: 0,
    }),
  );
  return [...followed, ...others];
}

function ownCondition({ named, isForeign, progress, sizeBytes }: FollowedFile): FileCondition {
  if (isForeign) return { kind: "unsuitable", reason: "It holds no telemetry." };
  if (!named) return { kind: "missing", reason: "The file is gone; what is left of it is read." };
  if (progress !== undefined) return { kind: "following" };
  const reason = sizeBytes === 0 ? "It is empty." : "Its first line is not complete yet.";
  return { kind: "waiting", reason };
}

const kinds: Readonly<Record<string, Exclude<StoreCondition["kind"], "ok">>> = {
  "disk-full": "full",
  "store-locked": "locked",
  "store-unwritable": "unwritable",
  "store-foreign": "foreign",
  "store-damaged": "damaged",
  "store-newer": "newer",
};

function conditionOf({ storeError, tapError }: Follower): StoreCondition {
  if (storeError === undefined) return readingCondition(tapError);
  return failedCondition(storeError);
}

/** Rows are stored; what is shown of them may lag behind. */
function readingCondition(error: unknown): StoreCondition {
  if (error === undefined) return { kind: "ok" };
  const { kind, message, ...more } = failedCondition(error);
  const sentence = `What the database holds cannot be read: ${message}`;
  return {
    hint: "New records are stored all the same; reading is tried again.",
    ...more,
    kind,
    message: sentence,
  };
}

function failedCondition(error: unknown): Exclude<StoreCondition, { readonly kind: "ok" }> {
  if (!(error instanceof KnownError)) {
    // The engine's own stack follows its first line.
    const [message = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { kind: "failed", message };
  }
  const { code, message, hint } = error;
  return { kind: kinds[code] ?? "failed", message, ...(hint === undefined ? {} : { hint }) };
}

/** Calls of `soon` lead to one call of `work`, a moment later. */
function coalesced(work: () => void): { soon: () => void; end: () => void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    soon: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        work();
      }, TELL_EVERY_MS);
    },
    end: () => clearTimeout(timer),
  };
}
