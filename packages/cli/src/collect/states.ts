import { compactBytes, compactCount, escapeUnsafe } from "@cctelemetry/core/light";
import type { Addresses, ForwardState, ReceiverCounts, Refused } from "@cctelemetry/receiver";

/** A change to report: in lines for people, as an object for programs. */
export interface State {
  readonly state:
    | "forwarding"
    | "forward-fault"
    | "listening"
    | "storage-fault"
    | "recovered"
    | "refused"
    | "stopped";
  readonly lines: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A state as it is written: its lines, or one of JSON. */
export function stateText({ state, lines, facts }: State, json: boolean): string {
  if (json) return `${JSON.stringify({ state, ...facts })}\n`;
  return lines.map((line) => `${escapeUnsafe(line)}\n`).join("");
}

/** Where a receiver listens and writes. */
export function listening(addresses: Addresses, output: string, pid: number): State {
  const http = addresses.http === undefined ? undefined : `http://${addresses.http}`;
  const grpc = addresses.grpc === undefined ? undefined : `http://${addresses.grpc}`;
  const metrics =
    addresses.metrics === undefined ? undefined : `http://${addresses.metrics}/metrics`;
  return {
    state: "listening",
    facts: { pid, http, grpc, ...(metrics === undefined ? {} : { metrics }), output },
    lines: [
      ...(http === undefined ? [] : [`listening on ${http} (OTLP/HTTP, JSON and protobuf)`]),
      ...(grpc === undefined ? [] : [`listening on ${grpc} (OTLP/gRPC)`]),
      ...(metrics === undefined ? [] : [`metrics for Prometheus on ${metrics}`]),
      `writing to ${output}`,
    ],
  };
}

/** The file cannot be written, or can be again. */
export function storage(fault: string | undefined): State {
  return fault === undefined
    ? { state: "recovered", facts: {}, lines: ["writing again"] }
    : {
        state: "storage-fault",
        facts: { message: fault },
        lines: [`senders get an error and must send again: ${fault}`],
      };
}

/** The destination does not accept what is sent on, or does again. */
export function forwarding(forward: ForwardState): State {
  return {
    state: forward.fault === undefined ? "forwarding" : "forward-fault",
    facts: forwardFacts(forward),
    lines: [forwardText(forward)],
  };
}

/** `sending on to http://collector:4318, 12 kB behind: 503 …`, with text from outside. */
export function forwardText({ url, sent, refused, behindBytes, fault }: ForwardState): string {
  const parts = [
    `sending on to ${url}`,
    `${compactCount(sent)} sent`,
    ...(refused > 0 ? [`${compactCount(refused)} refused there`] : []),
    ...(behindBytes > 0 ? [`${compactBytes(behindBytes)} behind`] : []),
  ];
  return `${parts.join(", ")}${fault === undefined ? "" : `: ${fault}`}`;
}

/** The same for programs. */
export function forwardFacts({ url, sent, refused, behindBytes, fault }: ForwardState) {
  return { url, sent, refused, behind_bytes: behindBytes, fault: fault ?? null };
}

/** A sender was refused: why, and how often by now. */
export function refusing(refused: Refused): State {
  return { state: "refused", facts: refusedFacts(refused), lines: [refusedText(refused)] };
}

/** `refused 3 times (path): POST /v1/logs/v1/logs: 404 …`, with text from outside. */
export function refusedText({ reason, count, last }: Refused): string {
  const times = count === 1 ? "once" : `${compactCount(count)} times, last`;
  return `refused ${times} (${reason}): ${last}`;
}

/** The same for programs. */
export function refusedFacts({ reason, count, last, lastAt }: Refused) {
  return { reason, count, last, last_at: new Date(lastAt).toISOString() };
}

/** The end, and what came until then. */
export function stopped(counts: ReceiverCounts): State {
  const { accepted, repeated, refused, bytes } = counts;
  return {
    state: "stopped",
    facts: { ...accepted, repeated, refused: refusedCount(refused), bytes },
    lines: [`stopped after ${countsText(counts)}`, ...refused.map(refusedText)],
  };
}

/** Refusals for whatever reason. */
export function refusedCount(refused: readonly Refused[]): number {
  return refused.reduce((sum, { count }) => sum + count, 0);
}

/** `31 requests · logs 12 · metrics 19 · 95 kB`, and what was not taken, where there is any. */
export function countsText({ accepted, repeated, refused, bytes }: ReceiverCounts): string {
  const total = Object.values(accepted).reduce((sum, count) => sum + count, 0);
  const parts = [
    `${compactCount(total)} ${total === 1 ? "request" : "requests"}`,
    ...Object.entries(accepted)
      .filter(([, count]) => count > 0)
      .map(([signal, count]) => `${signal} ${compactCount(count)}`),
    compactBytes(bytes),
    ...(repeated > 0 ? [`${compactCount(repeated)} sent again`] : []),
    ...(refused.length > 0 ? [`${compactCount(refusedCount(refused))} refused`] : []),
  ];
  return parts.join(" · ");
}
