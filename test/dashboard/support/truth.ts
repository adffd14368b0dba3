import { readFileSync } from "node:fs";

interface Usage {
  readonly requests?: number;
  readonly tokens: Readonly<Record<string, number>>;
  readonly cost_usd: number;
}

interface Truth {
  readonly by_task: readonly {
    readonly workflow_id: string | null;
    readonly stage: string | null;
    readonly logs: Usage | null;
  }[];
  readonly logs: Usage & {
    readonly by_model: Readonly<Record<string, Usage>>;
    readonly tool_results: Readonly<
      Record<string, { readonly success_true: number; readonly success_false: number }>
    >;
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

/** The stages of a workflow by their requests. */
export function stagesOf({ by_task: tasks }: Truth, workflow: string): ReadonlyMap<string, Sums> {
  const stages = new Map<string, Sums>();
  for (const { workflow_id: id, stage, logs } of tasks) {
    if (id !== workflow || logs === null) continue;
    const before = stages.get(stage ?? "(none)") ?? { tokens: 0, cost: 0 };
    const own = sumsOf(logs);
    stages.set(stage ?? "(none)", {
      tokens: before.tokens + own.tokens,
      cost: before.cost + own.cost,
    });
  }
  return stages;
}

export function sumsOf({ tokens, cost_usd: cost }: Usage): Sums {
  return { tokens: Object.values(tokens).reduce((sum, each) => sum + each, 0), cost };
}
