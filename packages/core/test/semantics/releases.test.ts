import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Session, Value } from "../../src/store/session.ts";
import { storeOf } from "../support/telemetry.ts";

const folder = fileURLToPath(new URL("../../../../fixtures/releases/", import.meta.url));

interface TruthSums {
  readonly requests?: number;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheCreation: number;
  readonly costUsd: number;
}

interface Truth {
  readonly runs: readonly {
    readonly name: string;
    readonly sessions: readonly string[];
    readonly logs: TruthSums | null;
    readonly metrics: TruthSums | null;
  }[];
  readonly sums: {
    readonly logs: TruthSums;
    readonly logs_by_model: Readonly<Record<string, TruthSums>>;
    readonly metrics: TruthSums;
    readonly metrics_by_model: Readonly<Record<string, TruthSums>>;
    readonly log_records_by_event: Readonly<Record<string, number>>;
    readonly points_by_metric: Readonly<Record<string, number>>;
  };
}

const byLogs = (key: string): string => `
  SELECT ${key} AS key, count(*) AS requests, sum(input_tokens) AS input,
    sum(output_tokens) AS output, sum(cache_read_tokens) AS cacheRead,
    sum(cache_creation_tokens) AS cacheCreation, sum(cost_usd) AS costUsd
  FROM api_requests GROUP BY 1`;

const byMetrics = (key: string): string => `
  WITH used AS (
    SELECT ${key} AS key, type, tokens, NULL AS cost FROM token_usage
    UNION ALL
    SELECT ${key}, NULL, NULL, cost_usd FROM cost_usage
  )
  SELECT key, sum(tokens) FILTER (WHERE type = 'input') AS input,
    sum(tokens) FILTER (WHERE type = 'output') AS output,
    sum(tokens) FILTER (WHERE type = 'cacheRead') AS cacheRead,
    sum(tokens) FILTER (WHERE type = 'cacheCreation') AS cacheCreation, sum(cost) AS costUsd
  FROM used GROUP BY 1`;

const counted = (key: string, relation: string): string =>
  `SELECT ${key} AS key, count(*) AS count FROM ${relation} GROUP BY 1`;

type Numbers = Readonly<Record<string, number>>;

/** Rows by their key, as numbers; cost to a billionth. */
async function numbersIn(session: Session, sql: string): Promise<Record<string, Numbers>> {
  const rows = await session.rows(sql);
  return Object.fromEntries(rows.map(({ key, ...row }) => [String(key), numbersOf(row)]));
}

function numbersOf(row: Readonly<Record<string, Value | undefined>>): Numbers {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, Math.round(Number(value ?? 0) * 1e9) / 1e9]),
  );
}

const wanted = (sums: Readonly<Record<string, TruthSums>>): Record<string, Numbers> =>
  Object.fromEntries(Object.entries(sums).map(([key, each]) => [key, numbersOf({ ...each })]));

const releases = readdirSync(folder)
  .filter((name) => name.endsWith(".truth.json"))
  .map((name) => name.replace(".truth.json", ""));

test("there are recordings of eleven releases", () => expect(releases).toHaveLength(11));

describe("what is stored of a release equals its truth, by logs and by metrics:", () => {
  test.each(releases)("%s", async (release) => {
    const truth: Truth = JSON.parse(readFileSync(join(folder, `${release}.truth.json`), "utf8"));
    const { store, remove } = await storeOf(join(folder, `${release}.jsonl`));
    try {
      await store.reading(async (session) => {
        const { sums, runs } = truth;
        expect(await numbersIn(session, byLogs("'all'"))).toEqual(wanted({ all: sums.logs }));
        expect(await numbersIn(session, byMetrics("'all'"))).toEqual(wanted({ all: sums.metrics }));
        expect(await numbersIn(session, byLogs("model"))).toEqual(wanted(sums.logs_by_model));
        expect(await numbersIn(session, byMetrics("model"))).toEqual(wanted(sums.metrics_by_model));
        const events = await numbersIn(session, counted("event_name", "events"));
        expect(countsOf(events)).toEqual(sums.log_records_by_event);
        const points = await numbersIn(session, counted("metric_name", "metric_points"));
        expect(countsOf(points)).toEqual(sums.points_by_metric);
        const logged = await numbersIn(session, byLogs("session_id"));
        const measured = await numbersIn(session, byMetrics("session_id"));
        for (const { name, sessions, logs, metrics } of runs) {
          const [id] = sessions;
          if (id === undefined || sessions.length > 1) continue;
          expect(logged[id], name).toEqual(logs === null ? undefined : numbersOf({ ...logs }));
          expect(measured[id], name).toEqual(
            metrics === null ? undefined : numbersOf({ ...metrics }),
          );
        }
      });
      // The two signals name a model in two ways, and agree by its one name.
      const names = (sql: string) => store.reading((session) => numbersIn(session, sql));
      const logged = await names(byLogs("canonical_model"));
      const measured = await names(byMetrics("canonical_model"));
      expect(Object.keys(measured).sort()).toEqual(Object.keys(logged).sort());
      for (const [model, { requests: _, ...usage }] of Object.entries(logged)) {
        expect(measured[model], model).toEqual(usage);
      }
    } finally {
      await remove();
    }
  });
});

function countsOf(rows: Readonly<Record<string, Numbers>>): Numbers {
  return Object.fromEntries(Object.entries(rows).map(([key, { count = 0 }]) => [key, count]));
}
