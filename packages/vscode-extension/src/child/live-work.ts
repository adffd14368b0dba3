import {
  knownPaths,
  openStore,
  readSettings,
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
import { Receiving } from "./receiving.ts";
import { statusViewOf } from "./status-view.ts";

/** The least time between two reports of the status, milliseconds: faster than anybody reads. */
const TELL_EVERY_MS = 100;
/** With a page that shows everything a little less often: it draws more. */
const TELL_PAGE_EVERY_MS = 250;
/** And at least so often, since burn rates fade and days end without an event. */
const HEARTBEAT_MS = 10_000;
/** Views of the page ask again at most so often, milliseconds. */
const CHANGED_EVERY_MS = 2_000;
/** A lock that is held longer is reported instead of waited for, milliseconds. */
const LOCK_WAIT_MS = 5_000;
const LOOK_AGAIN_MS = 5_000;
const NOT_RECEIVING = { state: "off", text: "" } as const;

/** What the work depends on, apart from its message. */
export interface WorkOptions {
  readonly database: string;
  readonly dataFolder: string;
  /** Holds the user's settings. */
  readonly configFolder: string;
  /** What is received is written to. */
  readonly receiverOutput: string;
  /** Followed in addition to the files that the database was filled from, if the user names none. */
  readonly usualPaths: readonly string[];
  readonly scripts: Scripts;
  readonly tell: (message: ChildToHost) => void;
  /** Called with a bug that ended the following: the process cannot go on. */
  readonly fail: (error: unknown) => void;
}

/** Follows the telemetry of one window, reports its status, and answers questions. */
export class LiveWork {
  private readonly store: Store;
  private readonly options: WorkOptions;
  private readonly timeZone: string | undefined;
  private readonly heartbeat: NodeJS.Timeout;
  private readonly counter: Counter;
  private readonly receiving: Receiving | undefined;
  private watch: TelemetryWatch;
  private paths: readonly string[];
  private configured: boolean;
  private pinned: string | null;
  private watched: boolean;
  private ready = false;
  private closed = false;
  private nextTelling: NodeJS.Timeout | undefined;
  private nextChanged: NodeJS.Timeout | undefined;
  private nextLook: NodeJS.Timeout | undefined;
  private lastTold = Number.NEGATIVE_INFINITY;
  private told = "";

  private constructor(
    store: Store,
    start: StartMessage,
    options: WorkOptions,
    known: readonly string[] | undefined,
  ) {
    const { paths, timeZone, pinned, watched, receiver } = start;
    this.store = store;
    this.options = options;
    this.timeZone = timeZone ?? undefined;
    this.pinned = pinned;
    this.watched = watched;
    this.configured = paths.length > 0 || (known?.length ?? 0) > 0 || receiver !== null;
    const received = receiver === null ? [] : [options.receiverOutput];
    this.paths =
      paths.length > 0 ? [...paths, ...received] : [...(known ?? []), ...options.usualPaths];
    this.counter = new Counter(store, this.timeZone, options.scripts, options.tell);
    this.watch = this.follow();
    this.heartbeat = setInterval(() => this.tellState(), HEARTBEAT_MS);
    if (known === undefined) this.lookLater();
    if (receiver === null) return;
    this.receiving = new Receiving(options.receiverOutput, receiver, ({ state, text }) => {
      options.tell({ kind: "log", level: state === "failed" ? "warn" : "info", text });
      this.soon();
    });
  }

  /** Opens the database and begins to follow. */
  static async start(start: StartMessage, options: WorkOptions): Promise<LiveWork> {
    const store = await openStore(options.database, {
      ...(await readSettings(options.configFolder)),
      writes: "small",
      waitMs: LOCK_WAIT_MS,
      damagedLog: "put aside",
      onNotice: (text) => options.tell({ kind: "log", level: "warn", text }),
    });
    const known = start.paths.length > 0 ? [] : await filesOf(store, options.tell);
    const work = new LiveWork(store, start, options, known);
    options.tell({
      kind: "started",
      database: store.path,
      dataFolder: options.dataFolder,
      paths: [...work.paths],
      welcome: {
        kind: "welcome",
        state: null,
        timeZone: start.timeZone ?? systemZone(),
        pinned: start.pinned,
        reports: Object.values(reports).map(reportDescription),
      } satisfies HostMessage,
    });
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
    clearTimeout(this.nextLook);
    this.closed = true;
    this.counter.close();
    // First the receiver, so that what it still takes is stored.
    await this.receiving?.close();
    await this.watch.close();
    this.store.close();
  }

  private follow(): TelemetryWatch {
    const { timeZone } = this;
    const watch = watchTelemetry(
      this.store,
      this.paths,
      timeZone === undefined ? {} : { timeZone },
    );
    watch.onChange(() => this.soon());
    watch.ended.catch(this.options.fail);
    watch.ready.then(() => {
      this.ready = true;
      this.soon();
    }, this.options.fail);
    return watch;
  }

  /** What the database was filled from is asked again where another program kept it locked. */
  private lookLater(): void {
    this.nextLook = setTimeout(() => void this.lookAgain(), LOOK_AGAIN_MS);
  }

  private async lookAgain(): Promise<void> {
    const known = await filesOf(this.store, () => undefined);
    if (this.closed) return;
    if (known === undefined) {
      this.lookLater();
      return;
    }
    if (known.length === 0) return;
    const before = this.watch;
    await before.close();
    if (this.closed) return;
    this.configured = true;
    this.paths = [...new Set([...known, ...this.paths])];
    this.watch = this.follow();
  }

  private soon(): void {
    const every = this.watched ? TELL_PAGE_EVERY_MS : TELL_EVERY_MS;
    const pause = Math.max(0, this.lastTold + every - performance.now());
    this.nextTelling ??= setTimeout(() => this.tellState(), pause);
  }

  private tellState(): void {
    clearTimeout(this.nextTelling);
    this.nextTelling = undefined;
    this.lastTold = performance.now();
    const { ready, configured, paths, pinned } = this;
    const receiver = this.receiving?.state ?? NOT_RECEIVING;
    const view = statusViewOf(this.watch, { ready, configured, paths, pinned, receiver });
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

/** The files that the database was filled from; undefined while it cannot be asked. */
async function filesOf(
  store: Store,
  tell: WorkOptions["tell"],
): Promise<readonly string[] | undefined> {
  return await knownPaths(store).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    const text = `The files of the database are not known yet: ${reason}`;
    tell({ kind: "log", level: "warn", text });
    return undefined;
  });
}
