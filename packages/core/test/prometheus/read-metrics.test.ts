import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { metricsText } from "../../src/prometheus/exposition.ts";
import { type MetricsOptions, MetricsReader } from "../../src/prometheus/read-metrics.ts";
import { type Sample, samplesOf, total } from "../support/exposition.ts";
import { recordings, storeOf, type TestStore } from "../support/telemetry.ts";

const options: MetricsOptions = {
  names: ["plain"],
  sessions: true,
  windowMs: 365 * 86_400_000,
  mostSeries: 10_000,
};
const NOW = Date.parse("2026-11-25T00:00:00Z") * 1000;

interface Usage {
  readonly tokens: Readonly<Record<string, number>>;
  readonly cost_usd: number;
}

interface Truth {
  readonly logs: {
    readonly requests: number;
    readonly api_errors: number;
    readonly by_session: Readonly<Record<string, Usage>>;
  };
  readonly metrics: {
    readonly by_session: Readonly<Record<string, Usage>>;
    readonly other: Readonly<Record<string, { readonly total: number }>>;
  };
}

const runs = readdirSync(recordings)
  .filter((name) => name.endsWith(".truth.json"))
  .map((name) => name.replace(".truth.json", ""));

function truthOf(run: string): Truth {
  return JSON.parse(readFileSync(join(recordings, `${run}.truth.json`), "utf8")) as Truth;
}

async function pageOf(
  db: TestStore,
  changes: Partial<MetricsOptions> = {},
): Promise<readonly Sample[]> {
  const reader = new MetricsReader({ ...options, ...changes });
  const families = await db.store.reading((session) => reader.read(session, NOW));
  return samplesOf(metricsText(families));
}

/** What each session used: by its requests, or by its metrics where it has none. */
function expectUsage(samples: readonly Sample[], { logs, metrics }: Truth): void {
  const sessions = { ...metrics.by_session, ...logs.by_session };
  for (const [session, { tokens, cost_usd }] of Object.entries(sessions)) {
    const labels = session === "(none)" ? { session_id: "" } : { session_id: session };
    for (const [type, count] of Object.entries(tokens)) {
      const all = { ...labels, type };
      expect(total(samples, "claude_code_token_usage", all), `${session} ${type}`).toBe(count);
      expect(total(samples, "cctelemetry_tokens", all), `${session} ${type}`).toBe(count);
    }
    expect(total(samples, "claude_code_cost_usage", labels), session).toBeCloseTo(cost_usd, 9);
    expect(total(samples, "cctelemetry_cost_usd", labels), session).toBeCloseTo(cost_usd, 9);
  }
  expect(total(samples, "cctelemetry_requests")).toBe(logs.requests);
  expect(total(samples, "cctelemetry_api_errors")).toBe(logs.api_errors);
  for (const [metric, { total: count }] of Object.entries(metrics.other)) {
    expect(total(samples, metric.replaceAll(".", "_")), metric).toBeCloseTo(count, 6);
  }
}

describe("metrics for Prometheus equal the truth", () => {
  test.each(runs)("of %s", async (run) => {
    const db = await storeOf(join(recordings, `${run}.jsonl`));
    try {
      expectUsage(await pageOf(db), truthOf(run));
    } finally {
      await db.remove();
    }
  });

  test("where bodies were sent again", async () => {
    const db = await storeOf(join(recordings, "L-json-dupes.all.jsonl"));
    try {
      expectUsage(await pageOf(db), truthOf("L-json-dupes"));
    } finally {
      await db.remove();
    }
  });

  test("by the tags that were sent", async () => {
    const db = await storeOf(join(recordings, "L-workflow.jsonl"));
    try {
      const samples = await pageOf(db, { sessions: false });
      const cost = (labels: Record<string, string>) =>
        total(samples, "claude_code_cost_usage", { workflow_id: ".claude-4nq", ...labels });
      expect(cost({ stage: "implement", agent: "coder" })).toBeCloseTo(0.0486608, 9);
      expect(cost({})).toBeCloseTo(0.13882777 - 0.0137208, 9);
      expect(samples.some(({ labels }) => "session_id" in labels)).toBe(false);
      expect(total(samples, "cctelemetry_unattributed_cost_usd")).toBe(0);
      const seen = total(samples, "cctelemetry_last_seen_timestamp_seconds");
      expect(new Date(seen * 1000).toISOString()).toMatch(/^2026-11-21T01:55:4/);
    } finally {
      await db.remove();
    }
  });
});

test("names are those that were asked for, each once", async () => {
  const db = await storeOf(join(recordings, "L-workflow.jsonl"));
  try {
    const samples = await pageOf(db, { names: ["plain", "collector", "claude-code"] });
    for (const name of [
      ...["claude_code_cost_usage", "claude_code_cost_usage_USD_total"],
      "claude_code_cost_usage_total",
    ]) {
      expect(total(samples, name), name).toBeCloseTo(0.13882777, 9);
    }
    expect(total(samples, "claude_code_active_time_seconds_total")).toBeCloseTo(14.644, 6);
    expect(total(samples, "claude_code_active_time_total")).toBeCloseTo(14.644, 6);
  } finally {
    await db.remove();
  }
});

test("series without a new record leave the page, and those beyond the limit are folded", async () => {
  const db = await storeOf(join(recordings, "L-workflow.jsonl"));
  try {
    const left = await pageOf(db, { windowMs: 86_400_000 });
    expect(new Set(left.map(({ name }) => name))).toEqual(
      new Set([
        ...["cost_usd", "requests", "api_errors"].map((name) => `cctelemetry_recent_${name}`),
        "cctelemetry_last_seen_timestamp_seconds",
      ]),
    );
    const samples = await pageOf(db, { mostSeries: 3 });
    expect(total(samples, "claude_code_cost_usage")).toBeCloseTo(0.13882777, 9);
    const folded = { family: "claude_code_cost_usage" };
    expect(total(samples, "cctelemetry_folded_series", folded)).toBeGreaterThan(3);
    const other = samples.filter(
      ({ name, labels }) => name === "claude_code_cost_usage" && labels["stage"] === "(other)",
    );
    expect(other.length).toBeGreaterThan(0);
  } finally {
    await db.remove();
  }
});

test("what was spent lately goes by when it was spent", async () => {
  const db = await storeOf(join(recordings, "L-workflow.jsonl"));
  try {
    const end = Date.parse("2026-11-21T01:55:42Z") * 1000;
    const at = async (later: number, name: string, span: string) => {
      const reader = new MetricsReader(options);
      const families = await db.store.reading((session) => reader.read(session, end + later));
      return total(samplesOf(metricsText(families)), `cctelemetry_recent_${name}`, { span });
    };
    const minute = 60_000_000;
    for (const [span, minutes] of [
      ["1h", 60],
      ["1d", 1440],
      ["7d", 10_080],
    ] as const) {
      expect(await at(0, "cost_usd", span)).toBeCloseTo(0.13882777, 9);
      expect(await at(0, "requests", span)).toBe(25);
      expect(await at(0, "api_errors", span)).toBe(1);
      expect(await at((minutes - 1) * minute, "requests", span)).toBe(25);
      expect(await at(minutes * minute, "requests", span)).toBe(0);
      // Nothing of the future.
      expect(await at(-minute, "requests", span)).toBe(0);
    }
  } finally {
    await db.remove();
  }
});

test("amounts beyond any count cost the page nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cctelemetry-amounts-"));
  const point = (
    name: string,
    value: number,
  ) => `{"resourceMetrics":[{"resource":{},"scopeMetrics":[
      {"scope":{"name":"com.anthropic.claude_code"},"metrics":[{"name":"${name}","sum":{"aggregationTemporality":1,
      "isMonotonic":true,"dataPoints":[{"timeUnixNano":"1795226116839000000","asDouble":${value}}]}}]}]}]}`;
  const lines = [1e6, 1e12, 1e17, 1e22, 1e27, 1e300, -5].flatMap((value) =>
    ["claude_code.lines_of_code.count", "claude_code.cost.usage", "claude_code.token.usage"].map(
      (name) => point(name, value).replaceAll("\n", " "),
    ),
  );
  writeFileSync(join(folder, "amounts.jsonl"), `${lines.join("\n")}\n`);
  const db = await storeOf(join(folder, "amounts.jsonl"));
  try {
    const samples = await pageOf(db);
    expect(total(samples, "claude_code_lines_of_code_count")).toBeGreaterThan(1e17);
    expect(total(samples, "claude_code_cost_usage")).toBeGreaterThan(1e6);
  } finally {
    await db.remove();
    rmSync(folder, { recursive: true });
  }
});

test("a store that holds nothing has an empty page", async () => {
  const db = await storeOf();
  try {
    expect(await pageOf(db)).toEqual([]);
  } finally {
    await db.remove();
  }
});
