import type { RefusalReason } from "./export-request.ts";

/** Why a sender was refused; programs compare these words. Those of bodies are `RefusalReason`s. */
export type RefusedFor =
  | RefusalReason
  | "path"
  | "method"
  | "media-type"
  | "host"
  | "web-page"
  | "token"
  | "tls"
  | "other-protocol"
  | "malformed"
  | "too-slow"
  | "connections";

/** Senders that were refused for one reason. */
export interface Refused {
  readonly reason: RefusedFor;
  readonly count: number;
  /** The request of the last one and its answer; text from outside, to be escaped before it is shown. */
  readonly last: string;
  /** When that was, milliseconds since 1970. */
  readonly lastAt: number;
}

/** Counts refused senders, by reason. */
export interface Refusals {
  readonly record: (reason: RefusedFor, what: string) => void;
  /** By reason, the latest first. */
  readonly list: () => readonly Refused[];
}

const LONGEST_EXAMPLE = 200;

/**
 * Counts refusals: one entry per reason, however many come.
 *
 * @param changed called after each refusal
 */
export function createRefusals(now: () => number, changed: () => void = () => undefined): Refusals {
  const entries = new Map<RefusedFor, Refused>();
  return {
    record: (reason, what) => {
      const count = (entries.get(reason)?.count ?? 0) + 1;
      entries.set(reason, { reason, count, last: shortened(what), lastAt: now() });
      changed();
    },
    list: () => [...entries.values()].sort((one, other) => other.lastAt - one.lastAt),
  };
}

function shortened(text: string): string {
  return text.length > LONGEST_EXAMPLE ? `${text.slice(0, LONGEST_EXAMPLE)}…` : text;
}
