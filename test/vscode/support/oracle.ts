import type { TruthUsage } from "./telemetry.ts";

/** What one session has used, added up from the lines by the simplest means. */
interface Ledger {
  events: Sum;
  metrics: Sum;
  requests: number;
  /** False while it has only reported that it has begun. */
  isShown: boolean;
}

interface Sum {
  tokens: number;
  costUsd: number;
  /** Nanoseconds since 1970 of the newest record. */
  last: bigint;
}

/** Events with which a session is more than begun. */
const shownEvents = new Set(["api_request", "api_error", "tool_result", "user_prompt"]);

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, string | number>>;
}

interface Item {
  readonly attributes?: readonly Attribute[];
  readonly timeUnixNano?: string;
  readonly asDouble?: number;
  readonly asInt?: string;
}

/**
 * Reads the same lines as the extension and adds them up in a page of code: events count, and
 * the counters only in a session without any `api_request` event.
 */
export class Oracle {
  private readonly sessions = new Map<string, Ledger>();

  /** Takes a line; traces are no usage. */
  take(line: string): void {
    const request = JSON.parse(line) as Readonly<Record<string, unknown>>;
    for (const record of itemsUnder(request["resourceLogs"], "logRecords")) this.event(record);
    for (const metric of itemsUnder(request["resourceMetrics"], "metrics")) this.metric(metric);
  }

  /** Tokens and cost of the session with the newest activity; undefined without any. */
  newest(): Sum | undefined {
    const [first] = [...this.all().values()].sort((a, b) => Number(b.last - a.last));
    return first;
  }

  /** Tokens and cost by session. */
  all(): ReadonlyMap<string, Sum> {
    const shown = [...this.sessions].filter(([, ledger]) => ledger.isShown);
    return new Map(shown.map(([id, ledger]) => [id, used(ledger)]));
  }

  private event(record: Item): void {
    const values = valuesOf(record);
    const ledger = this.ledger(values["session.id"]);
    if (ledger === undefined) return;
    touch(ledger.events, record);
    if (shownEvents.has(values["event.name"] ?? "")) ledger.isShown = true;
    if (values["event.name"] !== "api_request") return;
    ledger.requests++;
    for (const name of ["input", "output", "cache_read", "cache_creation"]) {
      ledger.events.tokens += Number(values[`${name}_tokens`] ?? 0);
    }
    ledger.events.costUsd += Number(values["cost_usd"] ?? 0);
  }

  private metric(metric: object): void {
    const { name, sum } = metric as { name?: string; sum?: { dataPoints?: readonly Item[] } };
    if (name !== "claude_code.token.usage" && name !== "claude_code.cost.usage") return;
    for (const point of sum?.dataPoints ?? []) {
      const ledger = this.ledger(valuesOf(point)["session.id"]);
      if (ledger === undefined) continue;
      touch(ledger.metrics, point);
      ledger.isShown = true;
      const amount = Number(point.asDouble ?? point.asInt ?? 0);
      if (name === "claude_code.cost.usage") ledger.metrics.costUsd += amount;
      else ledger.metrics.tokens += amount;
    }
  }

  private ledger(session: string | undefined): Ledger | undefined {
    if (session === undefined) return undefined;
    const nothing = (): Sum => ({ tokens: 0, costUsd: 0, last: 0n });
    const ledger = this.sessions.get(session) ?? {
      events: nothing(),
      metrics: nothing(),
      requests: 0,
      isShown: false,
    };
    this.sessions.set(session, ledger);
    return ledger;
  }
}

function touch(sum: Sum, { timeUnixNano = "0" }: Item): void {
  if (BigInt(timeUnixNano) > sum.last) sum.last = BigInt(timeUnixNano);
}

/** What a truth file says, in the same form. */
export function sumOf({ tokens, cost_usd }: TruthUsage): Omit<Sum, "last"> {
  const { input, output, cacheRead, cacheCreation } = tokens;
  return { tokens: input + output + cacheRead + cacheCreation, costUsd: cost_usd };
}

function used({ events, metrics, requests }: Ledger): Sum {
  if (requests > 0) return events;
  return events.last > metrics.last ? { ...metrics, last: events.last } : metrics;
}

/** Everything in the lists of this name, at whatever depth. */
function itemsUnder(value: unknown, name: string): readonly Item[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === name && Array.isArray(inner) ? (inner as Item[]) : itemsUnder(inner, name),
  );
}

function valuesOf({ attributes = [] }: Item): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, String(Object.values(value)[0])]),
  );
}
