import { readFileSync } from "node:fs";
import { canonicalModel } from "../../../packages/core/src/model/canonical-model.ts";

interface Usage {
  readonly requests?: number;
  readonly tokens: Readonly<Record<string, number>>;
  readonly cost_usd: number;
}

/** Usage by one of the two, events or metrics. */
interface Ledger extends Usage {
  readonly by_model: Readonly<Record<string, Usage>>;
  readonly by_session: Readonly<Record<string, Usage>>;
}

/** What was served while a recording was made. */
export interface Truth {
  readonly last_time: string;
  readonly by_task: readonly {
    readonly workflow_id: string | null;
    readonly stage: string | null;
    readonly logs: Usage | null;
    readonly metrics: Usage | null;
  }[];
  readonly logs: Ledger & {
    readonly tool_results: Readonly<
      Record<string, { readonly success_true: number; readonly success_false: number }>
    >;
  };
  readonly metrics: Ledger;
}

type Ledgers = Pick<Truth, "logs" | "metrics">;

/** Usage by session: by its events, and by its metrics if it has no events. */
export function sessionsOf({ logs, metrics }: Ledgers): Readonly<Record<string, Usage>> {
  const used = Object.entries(metrics.by_session).filter(([, usage]) => sumsOf(usage).tokens > 0);
  return { ...Object.fromEntries(used), ...logs.by_session };
}

/** Usage by model, under its one name: of the metrics where the events of a session are missing. */
export function modelsOf({ logs, metrics }: Ledgers): Readonly<Record<string, Usage>> {
  const sessions = Object.keys(sessionsOf({ logs, metrics }));
  const complete = sessions.every((id) => logs.by_session[id] !== undefined);
  const models: Record<string, Usage> = {};
  for (const [name, usage] of Object.entries(complete ? logs.by_model : metrics.by_model)) {
    const model = canonicalModel(name);
    const other = models[model];
    models[model] = other === undefined ? usage : both(other, usage);
  }
  return models;
}

function both(one: Usage, other: Usage): Usage {
  const types = new Set([...Object.keys(one.tokens), ...Object.keys(other.tokens)]);
  const sum = (type: string): number => (one.tokens[type] ?? 0) + (other.tokens[type] ?? 0);
  return {
    tokens: Object.fromEntries([...types].map((type) => [type, sum(type)])),
    cost_usd: one.cost_usd + other.cost_usd,
  };
}

export interface Sums {
  readonly tokens: number;
  readonly cost: number;
}

/** What is known of a recording. */
export function truthOf(name: string): Truth {
  const path = new URL(`../../../fixtures/telemetry/${name}.truth.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")) as Truth;
}

/** The stages of a workflow, by whichever of events and metrics has more of a task. */
export function stagesOf({ by_task: tasks }: Truth, workflow: string): ReadonlyMap<string, Sums> {
  const stages = new Map<string, Sums>();
  for (const { workflow_id: id, stage, logs, metrics } of tasks) {
    if (id !== workflow) continue;
    const [first = nothing, other = nothing] = [logs, metrics].map((each) =>
      each === null ? nothing : sumsOf(each),
    );
    const own = first.tokens >= other.tokens ? first : other;
    const before = stages.get(stage ?? "(none)") ?? nothing;
    stages.set(stage ?? "(none)", {
      tokens: before.tokens + own.tokens,
      cost: before.cost + own.cost,
    });
  }
  return stages;
}

const nothing: Sums = { tokens: 0, cost: 0 };

export function sumsOf({ tokens, cost_usd: cost }: Usage): Sums {
  return { tokens: Object.values(tokens).reduce((sum, each) => sum + each, 0), cost };
}
