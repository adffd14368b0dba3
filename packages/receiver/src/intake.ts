import { hash } from "node:crypto";
import { type Canonical, canonicalLine, canonicalPieces } from "./canonical/canonical.ts";
import type { Encoding, RefusalReason, Signal, Verdict } from "./export-request.ts";
import { storageFaultOf } from "./journal/file.ts";
import type { Line } from "./journal/line.ts";
import { type Journal, QueueFull } from "./journal/queue.ts";

/** Accepts requests of every protocol. */
export interface Intake {
  /**
   * Accepts one export request, decompressed; never rejects. `accepted` means that it is stored as
   * durably as the options say, as the signal that it holds.
   */
  accept(signal: Signal, encoding: Encoding, body: Uint8Array): Promise<Verdict>;
}

/** Counts of accepted requests. */
export interface IntakeCounts {
  readonly accepted: Readonly<Record<Signal, number>>;
  readonly repeated: number;
}

/** Options of an intake. */
export interface IntakeOptions {
  readonly journal: Pick<Journal, "append">;
  /** The largest body that is accepted, in bytes. */
  readonly maxBodyBytes: number;
}

/** Number of bodies that are remembered: a sender tries again within seconds, or minutes. */
const REMEMBERED = 16_384;
const RETRY_SECONDS = 1;
/** Requests up to this size are decoded whole, at once, which is faster; most are smaller. */
const SMALL_BYTES = 256 * 1024;

const accepted: Verdict = { kind: "accepted" };

/** How requests become lines. */
interface Canonicals {
  readonly line: typeof canonicalLine;
  readonly pieces: typeof canonicalPieces;
}

/** Makes the intake: it accepts requests and counts them. */
export function createIntake(
  options: IntakeOptions,
  canonicals: Canonicals = { line: canonicalLine, pieces: canonicalPieces },
): Intake & { readonly counts: () => IntakeCounts } {
  const counts = { accepted: { logs: 0, metrics: 0, traces: 0 }, repeated: 0 };
  const recent = recentBodies();
  const large = oneAtATime();

  const handle = async (signal: Signal, encoding: Encoding, body: Uint8Array): Promise<Verdict> => {
    if (body.length > options.maxBodyBytes) {
      return refuse("too-large", `the body has more than ${options.maxBodyBytes} bytes.`);
    }
    const canonical =
      body.length <= SMALL_BYTES
        ? canonicals.line(signal, encoding, body)
        : await large(() => canonicals.pieces(signal, encoding, body));
    if (canonical.kind === "empty") {
      counts.accepted[signal] += 1;
      return accepted;
    }
    if (canonical.kind !== "line") return refuse(canonical.kind, canonical.message);
    const stored = await store(canonical.line, options.journal);
    if (stored.kind === "accepted") counts.accepted[canonical.signal] += 1;
    return stored;
  };

  return {
    counts: () => counts,
    accept: async (signal, encoding, body) => {
      const key = digestOf(signal, encoding, body);
      const known = recent.get(key);
      if (known !== undefined) {
        const verdict = await known;
        if (verdict.kind === "accepted") counts.repeated += 1;
        return verdict;
      }
      const handling = handle(signal, encoding, body).catch(faultOf);
      recent.set(key, handling);
      const verdict = await handling;
      if (verdict.kind === "refused") recent.forget(key);
      return verdict;
    },
  };
}

/** Large requests take memory while they are decoded: only one at a time. */
function oneAtATime(): (work: () => Promise<Canonical>) => Promise<Canonical> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

async function store(line: Line, journal: Pick<Journal, "append">): Promise<Verdict> {
  try {
    await journal.append(line);
    return accepted;
  } catch (error) {
    if (error instanceof QueueFull) return refuse("busy", `${error.message}.`);
    return refuse("storage", `${storageFaultOf(error).message}.`);
  }
}

function refuse(reason: RefusalReason, message: string): Verdict {
  const again = reason === "busy" || reason === "storage";
  return {
    kind: "refused",
    reason,
    message,
    ...(again ? { retryAfterSeconds: RETRY_SECONDS } : {}),
  };
}

/** A bug that a body triggers refuses this body; the receiver goes on. */
function faultOf(error: unknown): Verdict {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return refuse("fault", `this is a bug of the receiver: ${reason}.`);
}

function digestOf(signal: Signal, encoding: Encoding, body: Uint8Array): string {
  return `${signal} ${encoding} ${hash("sha256", body, "base64")}`;
}

/** The latest bodies, with their verdicts. */
function recentBodies(): {
  readonly get: (key: string) => Promise<Verdict> | undefined;
  readonly set: (key: string, verdict: Promise<Verdict>) => void;
  readonly forget: (key: string) => void;
} {
  const bodies = new Map<string, Promise<Verdict>>();
  return {
    get: (key) => bodies.get(key),
    set: (key, verdict) => {
      bodies.set(key, verdict);
      if (bodies.size <= REMEMBERED) return;
      const [oldest] = bodies.keys();
      if (oldest !== undefined) bodies.delete(oldest);
    },
    forget: (key) => void bodies.delete(key),
  };
}
