import { KnownError, messageOf } from "@cctelemetry/core/light";
import { flightBudget } from "./admission/flight.ts";
import { isLoopback, originCheck } from "./admission/hosts.ts";
import { tokenCheck, tokenFault } from "./admission/token.ts";
import { startForwarding } from "./forward/forwarding.ts";
import type { Destination } from "./forward/send.ts";
import type { ForwardState } from "./forward-state.ts";
import type { MetricsPage } from "./http/page.ts";
import { createIntake, type IntakeCounts } from "./intake.ts";
import type { Durability } from "./journal/durability.ts";
import { StorageFault } from "./journal/file.ts";
import { type Addresses, acquireLock, type Lock, type LockContent } from "./journal/lock.ts";
import { openJournal } from "./journal/queue.ts";
import { listenAll } from "./listen.ts";
import { createRefusals, type Refused } from "./refusals.ts";

/** Options of a receiver. */
export interface ReceiverOptions {
  /** The file that lines are appended to; its folder is made. */
  readonly output: string;
  /** Port of OTLP/HTTP; 0 for any free one. Undefined: no HTTP. */
  readonly httpPort: number | undefined;
  /** Port of OTLP/gRPC; 0 for any free one. Undefined: no gRPC. */
  readonly grpcPort: number | undefined;
  /** The address to listen on. Default: 127.0.0.1 and ::1. Others than loopback need a token. */
  readonly listen?: string | undefined;
  /** The token that senders need. Undefined: every program of this machine may send. */
  readonly token?: string | undefined;
  /** A page of metrics on a port of its own. Default: none. */
  readonly page?: MetricsPage | undefined;
  /** Where everything that is stored is sent on to, at least once. Default: nowhere. */
  readonly forward?: Destination | undefined;
  /** Host names, apart from localhost, that requests may be sent to. */
  readonly allowedHosts?: readonly string[];
  /** Default: fsync. */
  readonly durability?: Durability;
  /** A file that would be larger is rotated away first; 0 never. Default: 100 MiB. */
  readonly rotateBytes?: number;
  /** The largest body that is accepted, decompressed. Default: 64 MiB. */
  readonly maxBodyBytes?: number;
  /** What bodies may hold in memory all together. Default: 64 MiB. */
  readonly maxBytesInFlight?: number;
  /** How long a request may take to come in. Default: 30 s. */
  readonly requestTimeoutMs?: number;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
}

/** What came in since the start. */
export interface ReceiverCounts extends IntakeCounts {
  /** Bytes written. */
  readonly bytes: number;
  /** Why nothing can be written now; undefined if it can. */
  readonly storageFault: string | undefined;
  /** Senders that were refused, by reason, the latest first. */
  readonly refused: readonly Refused[];
  /** How the sending on goes; undefined where nothing is sent on. */
  readonly forward: ForwardState | undefined;
}

/** A running receiver. */
export interface Receiver {
  /** Where it listens: `127.0.0.1:4318`. */
  readonly addresses: Addresses;
  readonly output: string;
  readonly counts: () => ReceiverCounts;
  /** Accepts nothing more, answers what is under way within 10 s, and releases port and file. */
  readonly close: () => Promise<void>;
}

const MEBIBYTE = 1024 * 1024;
const GRACE_MS = 10_000;
/** Delay from a refusal to its entry in the lock file, milliseconds. */
const LOCK_UPDATE_MS = 500;

/**
 * Starts a receiver. Rejects with a KnownError if an option does not fit, another receiver writes to
 * the same file, a port is in use, or the file cannot be written.
 */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  checkOptions(options);
  const now = options.now ?? Date.now;
  const { output, maxBodyBytes = 64 * MEBIBYTE } = options;
  const maxBytesInFlight = Math.max(options.maxBytesInFlight ?? 64 * MEBIBYTE, maxBodyBytes);
  const lock = await lockOutput(output, now);
  const undo: (() => Promise<void>)[] = [lock.release];
  try {
    const journal = await openJournal({
      path: output,
      durability: options.durability ?? "fsync",
      rotateBytes: options.rotateBytes ?? 100 * MEBIBYTE,
      maxQueuedBytes: maxBytesInFlight,
      now,
    });
    undo.unshift(journal.close);
    const intake = createIntake({ journal, maxBodyBytes });
    const lockUpdate = delayed(LOCK_UPDATE_MS, () =>
      lock.update({ refused: refusals.list(), forward: forwarding?.state() }),
    );
    undo.unshift(lockUpdate.stop);
    const refusals = createRefusals(now, lockUpdate.begin);
    const forwarding =
      options.forward &&
      (await startForwarding({
        ...options.forward,
        ...{ output, extent: journal.extent, now, changed: lockUpdate.begin },
      }));
    if (forwarding !== undefined) undo.unshift(forwarding.close);
    const endpoints = await listenAll({
      listen: options.listen,
      httpPort: options.httpPort,
      grpcPort: options.grpcPort,
      page: options.page,
      service: {
        intake,
        originCheck: originCheck(hostNames(options)),
        tokenCheck: tokenCheck(options.token),
        budget: flightBudget(maxBytesInFlight),
        maxBodyBytes,
        requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
        storageFault: journal.fault,
        refusals,
      },
    });
    undo.unshift(() => endpoints.close(GRACE_MS));
    checkNoLoop(options.forward, endpoints.addresses);
    await lock.update({ state: "serving", addresses: endpoints.addresses });
    return {
      addresses: endpoints.addresses,
      output,
      counts: () => ({
        ...intake.counts(),
        bytes: journal.bytesWritten(),
        storageFault: journal.fault(),
        refused: refusals.list(),
        forward: forwarding?.state(),
      }),
      close: once(() => closeAll(lock, undo)),
    };
  } catch (error) {
    for (const step of undo) await step().catch(() => undefined);
    throw error instanceof StorageFault ? unwritable(output, error) : error;
  }
}

async function closeAll(lock: Lock, undo: readonly (() => Promise<void>)[]): Promise<void> {
  // Nobody listens from now on, and yet the file is still written to.
  await lock.update({ state: "closing" }).catch(() => undefined);
  for (const step of undo) await step();
}

/** Runs `work` some time after `begin`, once for all calls until then. */
function delayed(afterMs: number, work: () => Promise<void>) {
  let timer: NodeJS.Timeout | undefined;
  return {
    begin: (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        // The next refusal writes it again.
        work().catch(() => undefined);
      }, afterMs);
    },
    stop: async (): Promise<void> => clearTimeout(timer),
  };
}

function checkOptions({ listen, token, httpPort, grpcPort }: ReceiverOptions): void {
  if (listen !== undefined && token === undefined && !isLoopback(listen)) {
    throw new KnownError(
      "bad-argument",
      `Listening on ${listen} lets other machines in, which needs a token.`,
      { hint: "Give one with --token-file, or leave out --listen." },
    );
  }
  const fault = token === undefined ? undefined : tokenFault(token);
  if (fault !== undefined) throw new KnownError("bad-argument", `The token ${fault}.`);
  if (httpPort === undefined && grpcPort === undefined) {
    throw new KnownError("bad-argument", "A receiver needs a port.");
  }
}

/** The names, apart from localhost, by which it may be called. */
function hostNames({ allowedHosts = [], listen }: ReceiverOptions): readonly string[] {
  return listen === undefined ? allowedHosts : [...allowedHosts, listen];
}

/** What is sent on to this very receiver would come back for ever. */
function checkNoLoop(forward: Destination | undefined, { http }: Addresses): void {
  if (forward === undefined || http === undefined) return;
  const { hostname, port, protocol } = new URL(forward.url);
  const own = new URL(`http://${http}`);
  const usual = protocol === "https:" ? "443" : "80";
  if (isLoopback(hostname) && (port || usual) === (own.port || "80")) {
    throw new KnownError("bad-argument", `--forward ${forward.url} is this receiver itself.`, {
      hint: "Name the receiver that telemetry is sent on to, or give this one another --port.",
    });
  }
}

async function lockOutput(output: string, now: () => number): Promise<Lock> {
  try {
    const outcome = await acquireLock(output, now);
    if (outcome.kind === "acquired") return outcome.lock;
    throw alreadyRunning(output, outcome.holder);
  } catch (error) {
    throw error instanceof KnownError ? error : unwritable(output, error);
  }
}

function alreadyRunning(output: string, holder: LockContent | undefined): KnownError {
  const at = [holder?.addresses.http, holder?.addresses.grpc].filter((each) => each !== undefined);
  const where = at.length === 0 ? "" : ` on ${at.join(" and ")}`;
  const who = holder === undefined ? "" : ` (process ${holder.pid}${where})`;
  return new KnownError("already-running", `Another receiver writes to ${output}${who}.`, {
    hint: "cctelemetry collect status shows it, cctelemetry collect stop ends it.",
  });
}

function unwritable(output: string, error: unknown): KnownError {
  const reason = messageOf(error);
  return new KnownError("output-failed", `Cannot write to ${output}: ${reason}.`, {
    hint: "Name another file with --output.",
    cause: error,
  });
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= close();
    return closing;
  };
}
