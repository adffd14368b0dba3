import {
  knownPaths,
  openStore,
  readSettings,
  reports,
  type Store,
  type TelemetryWatch,
  watchTelemetry,
} from "@cctelemetry/core";
import { messageOf } from "@cctelemetry/core/light";
import type { HostMessage } from "@cctelemetry/dashboard/protocol";
import { liveMessage, reportDescription } from "@cctelemetry/dashboard/wire";
import type { ChildToHost, HostToChild, StartMessage } from "../messages.ts";
import { systemZone } from "./answers.ts";
import { QueryService, type Scripts } from "./query-service.ts";
import { Receiving } from "./receiving.ts";
import { statusViewOf } from "./status-view.ts";

/** The least time between two reports of the status, milliseconds: faster than anybody reads. */
const SEND_EVERY_MS = 100;
/** With a page that shows everything a little less often: it draws more. */
const SEND_PAGE_EVERY_MS = 250;
/** And at least so often, since burn rates fade and days end without an event. */
const HEARTBEAT_MS = 10_000;
/** Views of the page ask again at most so often, milliseconds. */
const CHANGED_EVERY_MS = 2_000;
/** A lock that is held longer is reported instead of waited for, milliseconds. */
const LOCK_WAIT_MS = 5_000;
const RETRY_MS = 5_000;
const NOT_RECEIVING = { state: "off", text: "" } as const;

/** What the work depends on, apart from its message. */
export interface WorkOptions {
  readonly database: string;
  readonly dataFolder: string;
  readonly telemetryFolder: string;
  /** Holds the user's settings. */
  readonly configFolder: string;
  /** What is received is written to. */
  readonly receiverOutput: string;
  /** Followed in addition to the files that the database was filled from, if the user names none. */
  readonly usualPaths: readonly string[];
  readonly scripts: Scripts;
  readonly send: (message: ChildToHost) => void;
  /** Called with a bug that ended the following: the process cannot go on. */
  readonly fail: (error: unknown) => void;
}

/** Follows the telemetry of one window, reports its status, and answers questions. */
export class LiveWork {
  private readonly store: Store;
  private readonly options: WorkOptions;
  private readonly timeZone: string | undefined;
  private readonly heartbeat: NodeJS.Timeout;
  private readonly queries: QueryService;
  private readonly receiving: Receiving | undefined;
  private watch: TelemetryWatch;
  private paths: readonly string[];
  private configured: boolean;
  private pinned: string | null;
  private watched: boolean;
  private closed = false;
  private nextSend: NodeJS.Timeout | undefined;
  private nextChanged: NodeJS.Timeout | undefined;
  private nextRetry: NodeJS.Timeout | undefined;
  private lastSentAt = Number.NEGATIVE_INFINITY;
  private sentSignature = "";

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
    this.queries = new QueryService(store, this.timeZone, options.scripts, options.send);
    this.watch = this.follow();
    this.heartbeat = setInterval(() => this.sendState(), HEARTBEAT_MS);
    if (known === undefined) this.retryLater();
    if (receiver === null) return;
    this.receiving = new Receiving(options.receiverOutput, receiver, ({ state, text }) => {
      options.send({ kind: "log", level: state === "failed" ? "warn" : "info", text });
      this.sendSoon();
    });
  }

  /** Opens the database and begins to follow. */
  static async start(start: StartMessage, options: WorkOptions): Promise<LiveWork> {
    const store = await openStore(options.database, {
      ...(await readSettings(options.configFolder)),
      writes: "small",
      waitMs: LOCK_WAIT_MS,
      damagedLog: "put aside",
      onNotice: (text) => options.send({ kind: "log", level: "warn", text }),
    });
    const known = start.paths.length > 0 ? [] : await filesOf(store, options.send);
    const work = new LiveWork(store, start, options, known);
    options.send({
      kind: "started",
      database: store.path,
      dataFolder: options.dataFolder,
      telemetryFolder: options.telemetryFolder,
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
  handle(message: Exclude<HostToChild, StartMessage>): void {
    switch (message.kind) {
      case "pin":
        this.pinned = message.sessionId;
        this.sendState();
        return;
      case "watched":
        this.watched = message.watched;
        this.sendState();
        return;
      default:
        this.queries.handle(message);
    }
  }

  /** Stores what was read and lets go of everything. */
  async close(): Promise<void> {
    clearInterval(this.heartbeat);
    clearTimeout(this.nextSend);
    clearTimeout(this.nextChanged);
    clearTimeout(this.nextRetry);
    this.closed = true;
    this.queries.close();
    // First the receiver, so that what it still takes is stored.
    await this.receiving?.close();
    await this.watch.close();
    await this.store.close();
  }

  private follow(): TelemetryWatch {
    const { timeZone } = this;
    const watch = watchTelemetry(
      this.store,
      this.paths,
      timeZone === undefined ? {} : { timeZone },
    );
    watch.onChange(() => this.sendSoon());
    watch.ended.catch(this.options.fail);
    watch.ready.then(() => this.sendSoon(), this.options.fail);
    return watch;
  }

  /** What the database was filled from is asked again where another program kept it locked. */
  private retryLater(): void {
    this.nextRetry = setTimeout(() => void this.retry(), RETRY_MS);
  }

  private async retry(): Promise<void> {
    const known = await filesOf(this.store, () => undefined);
    if (this.closed) return;
    if (known === undefined) {
      this.retryLater();
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

  private sendSoon(): void {
    const every = this.watched ? SEND_PAGE_EVERY_MS : SEND_EVERY_MS;
    const pause = Math.max(0, this.lastSentAt + every - performance.now());
    this.nextSend ??= setTimeout(() => this.sendState(), pause);
  }

  private sendState(): void {
    clearTimeout(this.nextSend);
    this.nextSend = undefined;
    this.lastSentAt = performance.now();
    const { configured, paths, pinned } = this;
    const receiver = this.receiving?.state ?? NOT_RECEIVING;
    const state = this.watch.state();
    const view = statusViewOf(state, { configured, paths, pinned, receiver });
    this.options.send({ kind: "status", view });
    if (!this.watched) return;
    this.sendToPage(liveMessage(state));
    const { today, recent, sessions } = state;
    const signature = JSON.stringify([today, recent[0]?.record_id, sessions[0]?.last_activity]);
    if (signature === this.sentSignature) return;
    this.sentSignature = signature;
    this.nextChanged ??= setTimeout(() => {
      this.nextChanged = undefined;
      this.sendToPage({ kind: "changed" });
    }, CHANGED_EVERY_MS);
  }

  private sendToPage(message: HostMessage): void {
    this.options.send({ kind: "page", message });
  }
}

/** The files that the database was filled from; undefined while it cannot be asked. */
async function filesOf(
  store: Store,
  send: WorkOptions["send"],
): Promise<readonly string[] | undefined> {
  return await knownPaths(store).catch((error: unknown) => {
    const reason = messageOf(error);
    const text = `The files of the database are not known yet: ${reason}`;
    send({ kind: "log", level: "warn", text });
    return undefined;
  });
}
