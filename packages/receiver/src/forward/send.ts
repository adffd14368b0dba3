import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { messageOf } from "@cctelemetry/core/light";

/** Where a journal is sent on to. */
export interface Destination {
  /** Of an OTLP/HTTP receiver, without `/v1/…`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How long an answer may take, milliseconds. Default: 30 s. */
  readonly answerMs?: number;
  /** The first wait before something is sent again, milliseconds; it doubles up to the other. */
  readonly leastWaitMs?: number;
  readonly mostWaitMs?: number;
}

/** What became of a request that was sent on. */
export type Outcome =
  | { readonly kind: "accepted" }
  /** The destination will never accept it. */
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "retry"; readonly reason: string; readonly afterMs: number | undefined };

const ANSWER_MS = 30_000;
/** Smaller bodies are not worth it. */
const LEAST_COMPRESSED = 1024;
const LONGEST_REASON = 200;
const MOST_ANSWER_BYTES = 64 * 1024;
/** Answers by which a destination says that this body is wrong, and not the time or the caller. */
const WRONG_BODY: ReadonlySet<number> = new Set([400, 413, 415, 422]);

const paths = { Logs: "v1/logs", Metrics: "v1/metrics", Spans: "v1/traces" } as const;
const compressed = promisify(gzip);

/**
 * Sends a line of the journal to an OTLP/HTTP receiver. Its answers are read as OTLP has them, but that
 * nothing is given up for an error of the destination or of its configuration.
 * Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
 */
export async function sendLine(
  { url, headers, answerMs = ANSWER_MS }: Destination,
  line: Buffer,
  signal: AbortSignal,
): Promise<Outcome> {
  const path = pathOf(line);
  if (path === undefined) return { kind: "refused", reason: "the line is no request" };
  const isLarge = line.length >= LEAST_COMPRESSED;
  const limit = limited(signal, answerMs);
  try {
    const answer = await fetch(`${url.replace(/\/+$/, "")}/${path}`, {
      method: "POST",
      headers: {
        ...headers,
        "content-type": "application/json",
        ...(isLarge ? { "content-encoding": "gzip" } : {}),
      },
      body: isLarge ? await compressed(line) : line,
      // Headers with a token go to nobody else.
      redirect: "manual",
      signal: limit.signal,
    });
    return outcomeOf(answer.status, answer.headers.get("retry-after"), await beginningOf(answer));
  } catch (error) {
    return { kind: "retry", reason: reasonOf(error), afterMs: undefined };
  } finally {
    limit.end();
  }
}

/** What an answer begins with: no more is read, whatever comes. */
async function beginningOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop ends the transfer.
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MOST_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString("utf8", 0, MOST_ANSWER_BYTES);
}

/**
 * A signal that follows another, and aborts by itself after so long. AbortSignal.any and timeout are
 * not used: Node.js may collect what they are made of before its time has come.
 */
function limited(signal: AbortSignal, ms: number) {
  const own = new AbortController();
  const abort = (): void => own.abort(signal.reason);
  const timer = setTimeout(() => own.abort(new Error(`no answer within ${ms / 1000} s`)), ms);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  return {
    signal: own.signal,
    end: (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    },
  };
}

/** The path of a line's signal; a line that a crash cut short has none. */
function pathOf(line: Buffer): string | undefined {
  const begins = /^\s*\{\s*"resource(Logs|Metrics|Spans)"/.exec(line.toString("utf8", 0, 64))?.[1];
  const isWhole = line.at(-1) === 0x7d;
  return begins !== undefined && isWhole ? paths[begins as keyof typeof paths] : undefined;
}

function outcomeOf(status: number, retryAfter: string | null, body: string): Outcome {
  if (status >= 200 && status < 300) return partialOutcome(body);
  const reason = `${status} ${body.slice(0, LONGEST_REASON).trim()}`.trim();
  if (WRONG_BODY.has(status)) return { kind: "refused", reason };
  return { kind: "retry", reason, afterMs: waitOf(retryAfter) };
}

/** A destination may accept a request and leave out some of its records: those are lost to it. */
function partialOutcome(body: string): Outcome {
  try {
    const { partialSuccess } = JSON.parse(body) as {
      readonly partialSuccess?: Readonly<Record<string, unknown>>;
    };
    const rejected = Object.entries(partialSuccess ?? {}).some(
      ([name, count]) => name.startsWith("rejected") && Number(count) > 0,
    );
    if (!rejected) return { kind: "accepted" };
    const reason = String(partialSuccess?.["errorMessage"] ?? "").slice(0, LONGEST_REASON);
    return { kind: "refused", reason: `some records were rejected: ${reason}` };
  } catch {
    return { kind: "accepted" };
  }
}

/** Seconds or a date, in milliseconds from now. */
function waitOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined;
  const ms = /^\d+$/.test(retryAfter)
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

/** `fetch` hides the reason in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return messageOf(cause instanceof Error ? cause : error);
}
