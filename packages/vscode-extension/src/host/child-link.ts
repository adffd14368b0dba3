import { type ChildProcess, type ForkOptions, fork } from "node:child_process";
import * as v from "valibot";
import { type ChildToHost, childToHostSchema, type HostToChild } from "../messages.ts";

/** The first restart comes at once, the following ones later and later, milliseconds. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A child that lived so long was well; its end is the first of a new row. */
const WELL_AFTER_MS = 60_000;
/** A child that says nothing for so long, its heartbeat included, hangs. */
const SILENT_MS = 60_000;
const LOOK_EVERY_MS = 20_000;
/** What a child may take to store what it has read once it is asked to end. */
const END_WITHIN_MS = 4_000;

/** Is called for what the child does. */
export interface LinkListener {
  readonly onMessage: (message: ChildToHost) => void;
  /** The child is gone and will be started again after a pause. */
  readonly onGone: (reason: string, pauseMs: number) => void;
  readonly log: (level: "info" | "warn" | "error", text: string) => void;
}

/** What the link starts, and the first words to it. */
export interface LinkOptions {
  /** The script of the child. */
  readonly script: string;
  readonly greeting: () => HostToChild;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The child process that does the work: started, listened to, started again when it dies or
 * hangs, and ended with the window.
 */
export class ChildLink {
  private readonly options: LinkOptions;
  private readonly listener: LinkListener;
  private readonly watchdog: NodeJS.Timeout;
  private child: ChildProcess | undefined;
  private startedAt = 0;
  private heardAt = 0;
  private missedLooks = 0;
  private failures = 0;
  private lastWords = "";
  private restart: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(options: LinkOptions, listener: LinkListener) {
    this.options = options;
    this.listener = listener;
    this.watchdog = setInterval(() => this.lookAfter(), LOOK_EVERY_MS);
    this.start();
  }

  /** Whether a child is there to talk to. */
  get isUp(): boolean {
    return this.child?.connected === true;
  }

  /** Process id of the child; undefined while there is none. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Sends a message; false where nobody is there to receive it. */
  send(message: HostToChild): boolean {
    const { child } = this;
    if (child?.connected !== true) return false;
    child.send(message, () => undefined);
    return true;
  }

  /** Ends the child, if there is one, and starts another at once. */
  startAnew(): void {
    if (this.closed) return;
    clearTimeout(this.restart);
    this.failures = 0;
    const old = this.child;
    this.child = undefined;
    if (old !== undefined) void ended(old);
    this.start();
  }

  /** Ends the child for good. Resolves when it is gone. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.watchdog);
    clearTimeout(this.restart);
    const { child } = this;
    this.child = undefined;
    if (child !== undefined) await ended(child);
  }

  private start(): void {
    const { script, greeting, env = {} } = this.options;
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
    this.heardAt = Date.now();
    this.missedLooks = 0;
    this.lastWords = "";
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
    child.send(greeting(), () => undefined);
  }

  private receive(child: ChildProcess, received: unknown): void {
    if (child !== this.child) return;
    this.heardAt = Date.now();
    this.missedLooks = 0;
    const parsed = v.safeParse(childToHostSchema, received);
    if (!parsed.success) {
      const where = v.getDotPath(parsed.issues[0]) ?? "its root";
      this.listener.log("warn", `A message of the child was not understood, at ${where}.`);
      return;
    }
    const message = parsed.output;
    if (message.kind === "stopped") this.lastWords = `${message.message} ${message.hint}`.trim();
    this.listener.onMessage(message);
  }

  /** A child that could not be started is gone; one that still runs is ended first: two would do the work twice. */
  private failed(child: ChildProcess, error: Error): void {
    child.on("error", () => undefined);
    if (child.pid === undefined) {
      this.gone(child, error.message);
      return;
    }
    if (child === this.child) this.lastWords = error.message;
    child.kill("SIGKILL");
  }

  private gone(child: ChildProcess, reason: string): void {
    if (child !== this.child || this.closed) return;
    this.child = undefined;
    const wasWell = Date.now() - this.startedAt > WELL_AFTER_MS;
    this.failures = wasWell ? 1 : this.failures + 1;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.failures - 1));
    this.listener.onGone(this.lastWords === "" ? reason : this.lastWords, pauseMs);
    this.restart = setTimeout(() => this.start(), pauseMs);
  }

  /** Two looks without a word, since a machine that slept wakes up with late timers everywhere. */
  private lookAfter(): void {
    if (this.child === undefined || Date.now() - this.heardAt < SILENT_MS) return;
    this.missedLooks += 1;
    if (this.missedLooks < 2) return;
    this.listener.log("error", "The child process does not answer; it is ended.");
    this.child.kill("SIGKILL");
  }
}

/** Asks a child to end, and ends it where it does not. Resolves when it is gone. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((done) => child.once("exit", () => done()));
  const deadline = setTimeout(() => child.kill("SIGKILL"), END_WITHIN_MS);
  if (child.connected) child.disconnect();
  else child.kill();
  await gone;
  clearTimeout(deadline);
}
