import {
  knownFiles,
  openStore,
  reports,
  type Store,
  type TelemetryWatch,
  watchTelemetry,
} from "@cctelemetry/core";
import type { HostMessage } from "@cctelemetry/dashboard/protocol";
import { liveMessage, reportDescription } from "@cctelemetry/dashboard/wire";
import type { ChildToHost, HostToChild, StartMessage } from "../messages.ts";
import { systemZone } from "./answers.ts";
import { Counter, type Scripts } from "./counter.ts";
import { type StatusOptions, statusViewOf } from "./status-view.ts";

/** The status is told at most so often, milliseconds: faster than anybody reads. */
const TELL_EVERY_MS = 100;
/** And at least so often, since burn rates fade and days end without an event. */
const HEARTBEAT_MS = 10_000;
/** Views of the page ask again at most so often, milliseconds. */
const CHANGED_EVERY_MS = 2_000;
/** A lock that is held longer is told of instead of waited for, milliseconds. */
const LOCK_WAIT_MS = 5_000;

/** What the work depends on besides its message. */
export interface WorkOptions {
  readonly database: string;
  readonly dataFolder: string;
  /** Followed besides the files that the database was filled from, where the user names none. */
  readonly usualPaths: readonly string[];
  readonly scripts: Scripts;
  readonly tell: (message: ChildToHost) => void;
}

/** Follows the telemetry of one window, tells how it stands, and answers questions. */
export class LiveWork {
  private readonly store: Store;
  private readonly watch: TelemetryWatch;
  private readonly options: WorkOptions;
  private readonly idleAfterMs: number;
  private readonly configured: boolean;
  private readonly paths: readonly string[];
  private readonly heartbeat: NodeJS.Timeout;
  private readonly counter: Counter;
  private pinned: string | null;
  private watched: boolean;
  private ready = false;
  private nextTelling: NodeJS.Timeout | undefined;
  private nextChanged: NodeJS.Timeout | undefined;
  private lastTold = Number.NEGATIVE_INFINITY;
  private told = "";

  private constructor(
    store: Store,
    watch: TelemetryWatch,
    start: StartMessage,
    options: WorkOptions & Pick<StatusOptions, "configured" | "paths">,
  ) {
    this.store = store;
    this.watch = watch;
    this.options = options;
    this.configured = options.configured;
    this.paths = options.paths;
    this.idleAfterMs = start.idleAfterMs;
    this.pinned = start.pinned;
    this.watched = start.watched;
    this.counter = new Counter(store, start.timeZone ?? undefined, options.scripts, options.tell);
    watch.onChange(() => this.soon());
    this.heartbeat = setInterval(() => this.tellState(), HEARTBEAT_MS);
    this.soon();
  }

  /** Opens the database and begins to follow. */
  static async start(start: StartMessage, options: WorkOptions): Promise<LiveWork> {
    const { tell, database, dataFolder, usualPaths } = options;
    const store = await openStore(database, { writes: "small", waitMs: LOCK_WAIT_MS });
    const known = start.paths.length > 0 ? [] : await filesOf(store, tell);
    const paths = start.paths.length > 0 ? start.paths : [...known, ...usualPaths];
    const { timeZone } = start;
    const watch = watchTelemetry(store, paths, timeZone === null ? {} : { timeZone });
    tell({
      kind: "started",
      database: store.path,
      dataFolder,
      paths: [...paths],
      welcome: {
        kind: "welcome",
        state: null,
        timeZone: timeZone ?? systemZone(),
        pinned: start.pinned,
        reports: Object.values(reports).map(reportDescription),
      } satisfies HostMessage,
    });
    const configured = start.paths.length + known.length > 0;
    const work = new LiveWork(store, watch, start, { ...options, configured, paths });
    void watch.ready.then(() => work.caughtUp());
    return work;
  }

  /** Does what a message asks for. */
  take(message: Exclude<HostToChild, StartMessage>): void {
    switch (message.kind) {
      case "pin":
        this.pinned = message.sessionId;
        this.tellState();
        return;
      case "watched":
        this.watched = message.watched;
        this.tellState();
        return;
      default:
        this.counter.take(message);
    }
  }

  /** Stores what was read and lets go of everything. */
  async close(): Promise<void> {
    clearInterval(this.heartbeat);
    clearTimeout(this.nextTelling);
    clearTimeout(this.nextChanged);
    this.counter.close();
    await this.watch.close();
    this.store.close();
  }

  private caughtUp(): void {
    this.ready = true;
    this.soon();
  }

  private soon(): void {
    const pause = Math.max(0, this.lastTold + TELL_EVERY_MS - performance.now());
    this.nextTelling ??= setTimeout(() => this.tellState(), pause);
  }

  private tellState(): void {
    clearTimeout(this.nextTelling);
    this.nextTelling = undefined;
    this.lastTold = performance.now();
    const { ready, configured, paths, pinned, idleAfterMs } = this;
    const view = statusViewOf(this.watch, { ready, configured, paths, pinned, idleAfterMs });
    this.options.tell({ kind: "status", view });
    if (!this.watched) return;
    const live = liveMessage(this.watch);
    this.tellPage(live);
    const sign = JSON.stringify([live.today, live.recent[0]?.id, live.sessions[0]?.lastActivity]);
    if (sign === this.told) return;
    this.told = sign;
    this.nextChanged ??= setTimeout(() => {
      this.nextChanged = undefined;
      this.tellPage({ kind: "changed" });
    }, CHANGED_EVERY_MS);
  }

  private tellPage(message: HostMessage): void {
    this.options.tell({ kind: "page", message });
  }
}

/** The files that the database was filled from; none while it cannot be asked. */
async function filesOf(store: Store, tell: WorkOptions["tell"]): Promise<readonly string[]> {
  return await knownFiles(store).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    tell({
      kind: "log",
      level: "warn",
      text: `The files of the database are not known: ${reason}`,
    });
    return [];
  });
}
