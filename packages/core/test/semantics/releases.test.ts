import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Session, Value } from "../../src/store/session.ts";
import { storeOf } from "../support/telemetry.ts";

const folder = fileURLToPath(new URL("../../../../fixtures/releases/", import.meta.url));

interface Told {
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
    readonly told_in_logs: Told | null;
    readonly told_in_metrics: Told | null;
  }[];
  readonly sums: {
    readonly told_in_logs: Told;
    readonly told_in_logs_by_model: Readonly<Record<string, Told>>;
    readonly told_in_metrics: Told;
    readonly told_in_metrics_by_model: Readonly<Record<string, Told>>;
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
  WITH told AS (
    SELECT ${key} AS key, type, tokens, NULL AS cost FROM token_usage
    UNION ALL
    SELECT ${key}, NULL, NULL, cost_usd FROM cost_usage
  )
  SELECT key, sum(tokens) FILTER (WHERE type = 'input') AS input,
    sum(tokens) FILTER (WHERE type = 'output') AS output,
    sum(tokens) FILTER (WHERE type = 'cacheRead') AS cacheRead,
    sum(tokens) FILTER (WHERE type = 'cacheCreation') AS cacheCreation, sum(cost) AS costUsd
  FROM told GROUP BY 1`;

const counted = (key: string, relation: string): string =>
  `SELECT ${key} AS key, count(*) AS count FROM ${relation} GROUP BY 1`;

type Numbers = Readonly<Record<string, number>>;

/** Rows by their key, as numbers; cost to a billionth. */
async function told(session: Session, sql: string): Promise<Record<string, Numbers>> {
  const rows = await session.rows(sql);
  return Object.fromEntries(rows.map(({ key, ...row }) => [String(key), numbersOf(row)]));
}

function numbersOf(row: Readonly<Record<string, Value | undefined>>): Numbers {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, Math.round(Number(value ?? 0) * 1e9) / 1e9]),
  );
}

const wanted = (told: Readonly<Record<string, Told>>): Record<string, Numbers> =>
  Object.fromEntries(Object.entries(told).map(([key, each]) => [key, numbersOf({ ...each })]));

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
        expect(await told(session, byLogs("'all'"))).toEqual(wanted({ all: sums.told_in_logs }));
        expect(await told(session, byMetrics("'all'"))).toEqual(
          wanted({ all: sums.told_in_metrics }),
        );
        expect(await told(session, byLogs("model"))).toEqual(wanted(sums.told_in_logs_by_model));
        expect(await told(session, byMetrics("model"))).toEqual(
          wanted(sums.told_in_metrics_by_model),
        );
        const events = await told(session, counted("event_name", "events"));
        expect(countsOf(events)).toEqual(sums.log_records_by_event);
        const points = await told(session, counted("metric_name", "metric_points"));
        expect(countsOf(points)).toEqual(sums.points_by_metric);
        const logged = await told(session, byLogs("session_id"));
        const measured = await told(session, byMetrics("session_id"));
        for (const { name, sessions, told_in_logs, told_in_metrics } of runs) {
          const [id] = sessions;
          if (id === undefined || sessions.length > 1) continue;
          expect(logged[id], name).toEqual(
            told_in_logs === null ? undefined : numbersOf({ ...told_in_logs }),
          );
          expect(measured[id], name).toEqual(
            told_in_metrics === null ? undefined : numbersOf({ ...told_in_metrics }),
          );
        }
      });
      // The two signals name a model in two ways, and agree by its one name.
      const names = (sql: string) => store.reading((session) => told(session, sql));
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
