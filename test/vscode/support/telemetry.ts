import { readFile } from "node:fs/promises";
import { fixture } from "../../support/fixtures.ts";

/** Usage by a truth file. */
export interface TruthUsage {
  readonly requests: number;
  readonly tokens: {
    readonly input: number;
    readonly output: number;
    readonly cacheRead: number;
    readonly cacheCreation: number;
  };
  readonly cost_usd: number;
}

/** What is known for certain about a recorded run. */
export interface Truth {
  readonly last_time: string;
  readonly logs: TruthUsage & {
    readonly api_errors: number;
    readonly by_model: Readonly<Record<string, TruthUsage>>;
    readonly by_session: Readonly<Record<string, TruthUsage>>;
    readonly tool_results: Readonly<
      Record<string, { readonly success_true: number; readonly success_false: number }>
    >;
  };
  readonly metrics: {
    readonly by_model: Readonly<Record<string, TruthUsage>>;
    readonly by_session: Readonly<Record<string, TruthUsage>>;
  };
  readonly by_task: readonly {
    readonly workflow_id: string | null;
    readonly stage: string | null;
    readonly logs: TruthUsage | null;
    readonly metrics: TruthUsage | null;
  }[];
}

/** A recorded run: its lines, moved in time so that the last was a second ago. */
export interface Recording {
  readonly lines: readonly string[];
  readonly truth: Truth;
}

/** Reads a run and moves all its times. */
export async function recording(run: string, now = Date.now()): Promise<Recording> {
  const text = await readFile(fixture(`${run}.jsonl`), "utf8");
  const truth = JSON.parse(await readFile(fixture(`${run}.truth.json`), "utf8")) as Truth;
  const shiftMs = now - 1000 - Date.parse(truth.last_time);
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => `${shifted(line, shiftMs)}\n`);
  return { lines, truth };
}

/** All times of a line later by so much: those of OTLP and those in attributes. */
function shifted(line: string, byMs: number): string {
  return line
    .replace(
      /("\w*[tT]imeUnixNano":")(\d+)"/g,
      (_all, head: string, nanos: string) =>
        `${head}${nanos === "0" ? nanos : BigInt(nanos) + BigInt(byMs) * 1_000_000n}"`,
    )
    .replace(/"(2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z)"/g, (_all, time: string) =>
      JSON.stringify(new Date(Date.parse(time) + byMs).toISOString()),
    );
}
