import { type ChildProcess, type ForkOptions, fork } from "node:child_process";
import * as v from "valibot";
import { type ChildToHost, childToHostSchema, type HostToChild } from "../../messages.ts";

/** The first restart comes at once, the following ones later and later, milliseconds. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** After so long a run the count of failures starts again, milliseconds. */
const WELL_AFTER_MS = 60_000;
/** A child without a message for so long hangs, since it sends heartbeats; milliseconds. */
const SILENT_MS = 60_000;
const CHECK_EVERY_MS = 20_000;
/** Time for a child to store what it has read after it is asked to end, milliseconds. */
const END_WITHIN_MS = 4_000;

/** Callbacks for what the child does. */
export interface LinkListener {
  readonly onMessage: (message: ChildToHost) => void;
  /** The child is gone and will be started again after a pause. */
  readonly onGone: (reason: string, pauseMs: number) => void;
  readonly log: (level: "info" | "warn" | "error", text: string) => void;
}

/** The child to start, and its first message. */
export interface LinkOptions {
  /** The script of the child. */
  readonly script: string;
  readonly startMessage: () => HostToChild;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The child process that does the work: started, listened to, started again when it dies or
 * hangs, and ends with the window.
 */
export class ChildLink {
  private readonly options: LinkOptions;
  private readonly listener: LinkListener;
  private readonly watchdog: NodeJS.Timeout;
  private child: ChildProcess | undefined;
  private startedAt = 0;
  private lastMessageAt = 0;
  private missedChecks = 0;
  private failures = 0;
  private lastError = "";
  private restartTimer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(options: LinkOptions, listener: LinkListener) {
    this.options = options;
    this.listener = listener;
    this.watchdog = setInterval(() => this.checkAlive(), CHECK_EVERY_MS);
    this.start();
  }

  /** Whether a child is connected. */
  get isUp(): boolean {
    return this.child?.connected === true;
  }

  /** Process id of the child; undefined while there is none. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Sends a message; false if no child is connected. */
  send(message: HostToChild): boolean {
    const { child } = this;
    if (child?.connected !== true) return false;
    child.send(message, () => undefined);
    return true;
  }

  /** Ends the child, if there is one, and starts another at once. */
  restart(): void {
    if (this.closed) return;
    clearTimeout(this.restartTimer);
    this.failures = 0;
    const old = this.child;
    this.child = undefined;
    if (old !== undefined) void stopChild(old);
    this.start();
  }

  /** Ends the child for good. Resolves when it is gone. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.watchdog);
    clearTimeout(this.restartTimer);
    const { child } = this;
    this.child = undefined;
    if (child !== undefined) await stopChild(child);
  }

  private start(): void {
    const { script, startMessage, env = {} } = this.options;
    const options: ForkOptions = {
      // What idles in every window is to be small; it allocates too little to be slower for that.
      env: { ...process.env, MALLOC_ARENA_MAX: "1", ...env },
      execArgv: ["--no-warnings", "--max-semi-space-size=1", "--optimize-for-size"],
      serialization: "json",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    };
    const child = fork(script, [], options);
    this.child = child;
    this.startedAt = Date.now();
    this.lastMessageAt = Date.now();
    this.missedChecks = 0;
    this.lastError = "";
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-2000);
    });
    child.on("message", (received) => this.receive(child, received));
    child.once("error", (error) => this.failed(child, error));
    child.on("exit", (code, signal) => {
      if (stderr.trim() !== "") this.listener.log("warn", stderr.trim());
      this.gone(child, signal === null ? `It ended with code ${code}.` : `It ended by ${signal}.`);
    });
    child.send(startMessage(), () => undefined);
  }

  private receive(child: ChildProcess, received: unknown): void {
    if (child !== this.child) return;
    this.lastMessageAt = Date.now();
    this.missedChecks = 0;
    const parsed = v.safeParse(childToHostSchema, received);
    if (!parsed.success) {
      const where = v.getDotPath(parsed.issues[0]) ?? "its root";
      this.listener.log("warn", `A message of the child was not understood, at ${where}.`);
      return;
    }
    const message = parsed.output;
    if (message.kind === "stopped") this.lastError = `${message.message} ${message.hint}`.trim();
    this.listener.onMessage(message);
  }

  /** A child that could not be started is gone; one that still runs is ended first: two would do the work twice. */
  private failed(child: ChildProcess, error: Error): void {
    child.on("error", () => undefined);
    if (child.pid === undefined) {
      this.gone(child, error.message);
      return;
    }
    if (child === this.child) this.lastError = error.message;
    child.kill("SIGKILL");
  }

  private gone(child: ChildProcess, reason: string): void {
    if (child !== this.child || this.closed) return;
    this.child = undefined;
    const wasWell = Date.now() - this.startedAt > WELL_AFTER_MS;
    this.failures = wasWell ? 1 : this.failures + 1;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.failures - 1));
    this.listener.onGone(this.lastError === "" ? reason : this.lastError, pauseMs);
    this.restartTimer = setTimeout(() => this.start(), pauseMs);
  }

  /** Two checks without a message, since all timers are late on a machine that was asleep. */
  private checkAlive(): void {
    if (this.child === undefined || Date.now() - this.lastMessageAt < SILENT_MS) return;
    this.missedChecks += 1;
    if (this.missedChecks < 2) return;
    this.listener.log("error", "The child process does not answer; it is ended.");
    this.child.kill("SIGKILL");
  }
}

/** Asks a child to end, and kills it if it does not. Resolves when it has ended. */
async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((done) => child.once("exit", () => done()));
  const deadline = setTimeout(() => child.kill("SIGKILL"), END_WITHIN_MS);
  if (child.connected) child.disconnect();
  else child.kill();
  await gone;
  clearTimeout(deadline);
}
