import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { KnownError } from "../errors.ts";
import { timeoutError } from "./sandbox-errors.ts";
import {
  decodeFrames,
  encodeFrame,
  type SandboxColumn,
  type SandboxMessage,
  type SandboxRequest,
} from "./sandbox-wire.ts";
import type { Value } from "./session.ts";

/** What the parent waits beyond the query's own time limit before it kills the child. */
const GRACE_MS = 2_000;
/** From start to open database, beside the wait for its lock. */
const START_MS = 15_000;
const MOST_STDERR = 4_000;

/** What comes of a query, in order: columns, rows in batches, the end. */
export type QueryEvent =
  | { readonly kind: "columns"; readonly columns: readonly SandboxColumn[] }
  | { readonly kind: "rows"; readonly rows: readonly (readonly Value[])[] }
  | { readonly kind: "done"; readonly cut: "rows" | "bytes" | undefined };

/** Thrown if the views of the database are of another version and have to be created again first. */
class OutdatedStore extends Error {
  override readonly name = "OutdatedStore";
}

/** How a query gets its processes and its views. */
export interface QueryOptions {
  /** Starts, or hands over, a process for one run. */
  readonly start: () => ChildProcessWithoutNullStreams;
  /** Creates the views of the database again, in this version. */
  readonly renewViews: () => Promise<void>;
  /** Ends the query when it is aborted: it throws a KnownError. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a query in a process of its own; if the views of the database are of another version, they
 * are created again and it runs once more. Throws a KnownError for everything that is not a bug.
 */
export async function* runQuery(
  request: SandboxRequest,
  { start, renewViews, signal }: QueryOptions,
): AsyncGenerator<QueryEvent> {
  try {
    yield* runOnce(request, start(), signal);
  } catch (error) {
    if (!(error instanceof OutdatedStore)) throw error;
    await renewViews();
    yield* runOnce(request, start(), signal);
  }
}

async function* runOnce(
  request: SandboxRequest,
  child: ChildProcessWithoutNullStreams,
  signal: AbortSignal | undefined,
): AsyncGenerator<QueryEvent> {
  const query = new QueryProcess(child);
  const cancel = (): void => query.close();
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    if (signal?.aborted === true) cancel();
    yield* query.run(request);
  } catch (error) {
    // The process was ended, which breaks the stream of its answers at any place.
    throw signal?.aborted === true ? cancelled(error) : error;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

/**
 * A process in which one query of the user's runs. It may be started before the
 * query is known: loading the engine takes longer than reading the command line.
 * Whatever the query does to it, this process goes on.
 */
class QueryProcess {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly ended: Promise<string>;
  private stderr = "";

  /** Takes over a process that was started with `startQueryChild`. */
  constructor(child: ChildProcessWithoutNullStreams) {
    this.child = child;
    child.stdin.on("error", () => undefined);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr = (this.stderr + text).slice(0, MOST_STDERR);
    });
    this.ended = new Promise((done) => {
      child.on("error", (error) => done(error.message));
      child.on("close", (code, signal) => done(signal ?? `exit code ${code}`));
    });
  }

  /** Runs the query. Throws KnownError for everything that is not a bug of ours. */
  async *run(request: SandboxRequest): AsyncGenerator<QueryEvent> {
    this.child.stdin.end(encodeFrame(request));
    const frames = decodeFrames(this.child.stdout);
    let limit = request.waitMs + START_MS;
    let late = notStarted;
    let finished = false;
    try {
      for (;;) {
        const started = Date.now();
        const next = await within(limit, frames.next(), late);
        // Only the child's time counts, not what the reader of the rows takes.
        limit -= Date.now() - started;
        if (next.done === true) throw await this.death();
        const message = next.value as SandboxMessage;
        if (message.kind === "opened") {
          limit = request.timeoutMs > 0 ? request.timeoutMs + GRACE_MS : Number.POSITIVE_INFINITY;
          late = () => timeoutError(request.timeoutMs);
          continue;
        }
        finished = message.kind === "done";
        yield eventOf(message);
        if (finished) return;
      }
    } finally {
      if (finished) this.release();
      else this.close();
    }
  }

  /** Ends the process, if it has not ended by itself. */
  close(): void {
    this.child.kill("SIGKILL");
    this.release();
  }

  /** Stops listening to a process that ends by itself. */
  private release(): void {
    this.child.stdout.destroy();
    this.child.stderr.destroy();
    this.child.stdin.destroy();
    this.child.unref();
  }

  private async death(): Promise<KnownError> {
    const reason = await this.ended;
    if (this.stderr.includes("ERR_DLOPEN_FAILED")) return notLoaded(this.stderr);
    return new KnownError("query-failed", `The query process exited unexpectedly (${reason}).`, {
      hint: "Nothing was changed. Ask for less at once, or in another way.",
      cause: new Error(this.stderr.trim()),
    });
  }
}

/** The result of work that may take so long, or the error for work that is late. */
async function within<T>(limitMs: number, work: Promise<T>, late: () => KnownError): Promise<T> {
  if (!Number.isFinite(limitMs)) return work;
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(late()), Math.max(0, limitMs));
  });
  // The child may still answer after it was given up.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, passed]);
  } finally {
    clearTimeout(timer);
  }
}

function cancelled(cause: unknown): KnownError {
  return new KnownError("cancelled", "The query was cancelled.", {
    hint: "Nothing was changed.",
    cause,
  });
}

function notLoaded(stderr: string): KnownError {
  return new KnownError("machine-limit", "The database engine cannot be loaded for the query.", {
    hint: "Give the process more memory (ulimit -v), or install cctelemetry again on this machine.",
    cause: new Error(stderr.trim()),
  });
}

function notStarted(): KnownError {
  return new KnownError(
    "query-failed",
    "The process for the query did not open the database in time.",
    {
      hint: "Run the command again when the machine is less busy.",
    },
  );
}

/** Starts a process with the script that serves queries; nothing is asked yet. */
export function startQueryChild(
  script: string,
  env: NodeJS.ProcessEnv = process.env,
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ["--no-warnings", script], { env, windowsHide: true });
}

function eventOf(message: SandboxMessage): QueryEvent {
  switch (message.kind) {
    case "columns":
    case "rows":
    case "done":
      return message;
    case "failed":
      throw new KnownError(
        message.code,
        message.message,
        message.hint === undefined ? {} : { hint: message.hint },
      );
    case "outdated":
      throw new OutdatedStore("The views of the database are of another version.");
    default:
      throw new Error(
        `The process of the query failed: ${"stack" in message ? message.stack : ""}`,
      );
  }
}
