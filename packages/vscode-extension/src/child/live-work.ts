import {
  knownFiles,
  openStore,
  type Store,
  type TelemetryWatch,
  watchTelemetry,
} from "@cctelemetry/core";
import type { ChildToHost, HostToChild, StartMessage } from "../messages.ts";
import { statusViewOf } from "./status-view.ts";

/** The status is told at most so often, milliseconds: faster than anybody reads. */
const TELL_EVERY_MS = 100;
/** And at least so often, since burn rates fade and days end without an event. */
const HEARTBEAT_MS = 10_000;
/** A lock that is held longer is told of instead of waited for, milliseconds. */
const LOCK_WAIT_MS = 5_000;

/** What the work depends on besides its message. */
export interface WorkOptions {
  readonly database: string;
  readonly dataFolder: string;
  /** Followed besides the files that the database was filled from, where the user names none. */
  readonly usualPaths: readonly string[];
  readonly tell: (message: ChildToHost) => void;
}

/** Follows the telemetry of one window and tells how it stands. */
export class LiveWork {
  private readonly store: Store;
  private readonly watch: TelemetryWatch;
  private readonly options: WorkOptions;
  private readonly idleAfterMs: number;
  private readonly configured: boolean;
  private readonly heartbeat: NodeJS.Timeout;
  private pinned: string | null;
  private ready = false;
  private nextTelling: NodeJS.Timeout | undefined;
  private lastTold = Number.NEGATIVE_INFINITY;

  private constructor(
    store: Store,
    watch: TelemetryWatch,
    start: StartMessage,
    options: WorkOptions & { readonly configured: boolean },
  ) {
    this.store = store;
    this.watch = watch;
    this.options = options;
    this.configured = options.configured;
    this.idleAfterMs = start.idleAfterMs;
    this.pinned = start.pinned;
    watch.onChange(() => this.soon());
    this.heartbeat = setInterval(() => this.tellStatus(), HEARTBEAT_MS);
    this.soon();
  }

  /** Opens the database and begins to follow. */
  static async start(start: StartMessage, options: WorkOptions): Promise<LiveWork> {
    const { tell, database, dataFolder, usualPaths } = options;
    const store = await openStore(database, { writes: "small", waitMs: LOCK_WAIT_MS });
    const known = start.paths.length > 0 ? [] : await filesOf(store, tell);
    const paths = start.paths.length > 0 ? start.paths : [...known, ...usualPaths];
    const watch = watchTelemetry(
      store,
      paths,
      start.timeZone === null ? {} : { timeZone: start.timeZone },
    );
    tell({ kind: "started", database: store.path, dataFolder, paths: [...paths] });
    const configured = start.paths.length + known.length > 0;
    const work = new LiveWork(store, watch, start, { ...options, configured });
    watch.ready.then(() => work.caughtUp());
    return work;
  }

  /** Does what a message asks for. */
  take(message: Exclude<HostToChild, StartMessage>): void {
    this.pinned = message.sessionId;
    this.tellStatus();
  }

  /** Stores what was read and lets go of everything. */
  async close(): Promise<void> {
    clearInterval(this.heartbeat);
    clearTimeout(this.nextTelling);
    await this.watch.close();
    this.store.close();
  }

  private caughtUp(): void {
    this.ready = true;
    this.soon();
  }

  private soon(): void {
    const pause = Math.max(0, this.lastTold + TELL_EVERY_MS - performance.now());
    this.nextTelling ??= setTimeout(() => this.tellStatus(), pause);
  }

  private tellStatus(): void {
    clearTimeout(this.nextTelling);
    this.nextTelling = undefined;
    this.lastTold = performance.now();
    const { ready, configured, pinned, idleAfterMs } = this;
    const view = statusViewOf(this.watch, { ready, configured, pinned, idleAfterMs });
    this.options.tell({ kind: "status", view });
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
