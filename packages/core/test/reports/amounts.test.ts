import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formats } from "../../src/format/formats.ts";
import { reports } from "../../src/reports/registry.ts";
import type { ReportName } from "../../src/reports/report.ts";
import { runReport } from "../../src/reports/run.ts";
import type { Value } from "../../src/store/session.ts";
import { cost, tokens } from "../support/amounts.ts";
import { type Event, filesOf, request } from "../support/otlp.ts";
import { runs, seed } from "../support/runs.ts";
import { storeOf, type TestStore } from "../support/telemetry.ts";

/** What a session's requests come to, and how many of them have no price. */
interface Sum {
  tokens: bigint;
  nanoUsd: bigint;
  requests: bigint;
  unpriced: bigint;
}

/** How texts are read is tested where they are read. */
const count = tokens.map((sent) => BigInt(sent));

const drawn = fc.array(fc.record({ cost, input: count, output: count, read: count }), {
  minLength: 1,
  maxLength: 5,
});

const sessions = fc.sample(drawn, { numRuns: runs(60), seed });
const events: Event[] = [];
const sums = new Map<string, Sum>();
const whole: Sum = { tokens: 0n, nanoUsd: 0n, requests: 0n, unpriced: 0n };
for (const [at, requests] of sessions.entries()) {
  const id = `s${at}`;
  const sum: Sum = { tokens: 0n, nanoUsd: 0n, requests: 0n, unpriced: 0n };
  for (const [number, each] of requests.entries()) {
    const { cost_usd: _, ...unpriced } = request(
      new Date(Date.UTC(2026, 10, 1) + at * 60_000 + number * 1000).toISOString(),
      {
        "session.id": id,
        input_tokens: each.input,
        output_tokens: each.output,
        cache_read_tokens: each.read,
        cache_creation_tokens: 0,
      },
    ).attributes ?? { cost_usd: 0 };
    events.push({
      at: new Date(Date.UTC(2026, 10, 1) + at * 60_000 + number * 1000).toISOString(),
      name: "api_request",
      attributes: { ...unpriced, ...each.cost },
      resource: { workflow_id: `w${at}`, stage: `stage-${at % 7}` },
    });
    const nano = nanoOf(each.cost);
    for (const one of [sum, whole]) {
      one.tokens += each.input + each.output + each.read;
      one.requests += 1n;
      if (nano === undefined) one.unpriced += 1n;
      else one.nanoUsd += nano;
    }
  }
  sums.set(id, sum);
}

function nanoOf(sent: Readonly<Record<string, number | string>>): bigint | undefined {
  const { cost_usd, cost_usd_micros } = sent;
  if (cost_usd !== undefined) return BigInt(Math.round(Number(cost_usd) * 1e9));
  return cost_usd_micros === undefined ? undefined : BigInt(cost_usd_micros) * 1000n;
}

/** An exact decimal of USD as billionths. */
function billionths(usd: Value | undefined): bigint | null {
  if (usd === null || usd === undefined) return null;
  const [dollars = "", part = ""] = String(usd).split(".");
  return BigInt(dollars + part.padEnd(9, "0"));
}

const expectedCost = ({ nanoUsd, requests, unpriced }: Sum): bigint | null =>
  unpriced === requests ? null : nanoUsd;

describe(`${sessions.length} sessions with the least and the greatest amounts (FAULT_SEED=${seed})`, () => {
  let db: TestStore;
  beforeAll(async () => {
    db = await storeOf(...(await filesOf(events)));
  });
  afterAll(() => db.remove());

  const rowsOf = (sql: string) => db.store.reading((session) => session.rows(sql));

  test("every session is exact", async () => {
    const rows = await rowsOf(
      "SELECT session_id, total_tokens, cost_usd, unpriced_requests, requests FROM sessions",
    );
    const found = rows.map((row) => [
      row["session_id"],
      row["total_tokens"],
      billionths(row["cost_usd"]),
      row["unpriced_requests"],
    ]);
    const wanted = [...sums].map(([id, sum]) => [id, sum.tokens, expectedCost(sum), sum.unpriced]);
    const order = (list: unknown[][]) =>
      list.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
    expect(order(found)).toEqual(order(wanted));
  });

  test.each(["workflows", "stages", "tasks", "usage", "model_cost_comparison", "workflow_summary"])(
    "the sum over %s is exact",
    async (view) => {
      const tokensOf: Readonly<Record<string, string>> = {
        model_cost_comparison: "total_input_tokens + total_output_tokens",
        workflow_summary: "total_input_tokens + total_output_tokens + total_cache_read_tokens",
      };
      const costOf: Readonly<Record<string, string>> = {
        model_cost_comparison: "total_cost",
        workflow_summary: "total_cost_usd",
      };
      const [row] = await rowsOf(
        `SELECT sum(${tokensOf[view] ?? "total_tokens"}) AS tokens, sum(${costOf[view] ?? "cost_usd"}) AS cost FROM ${view}`,
      );
      if (view !== "model_cost_comparison") expect(row?.["tokens"]).toBe(whole.tokens);
      expect(billionths(row?.["cost"])).toBe(expectedCost(whole));
    },
  );

  test.each([
    "summary",
    "daily",
    "weekly",
    "monthly",
    "sessions",
    "requests",
    "workflows",
    "stages",
    "tasks",
    "agents",
    "timeline",
    "models",
    "activity",
  ] as const satisfies readonly ReportName[])(
    "the report %s is exact, and so is its JSON",
    async (name) => {
      const { columns, rows } = await db.store.reading((session) =>
        runReport(
          session,
          reports[name],
          reports[name].limit === undefined ? {} : { limit: "all" },
        ),
      );
      const place = (column: string) => columns.findIndex((each) => each.name === column);
      const values = (column: string) => rows.map((row) => row[place(column)] ?? null);
      const bigints = values("total_tokens").map((value) => BigInt(String(value)));
      expect(bigints.reduce((sum, value) => sum + value, 0n)).toBe(whole.tokens);
      const costs = values("cost_usd").map(billionths);
      const known = costs.reduce((sum: bigint, value) => sum + (value ?? 0n), 0n);
      expect(known).toBe(whole.nanoUsd);
      const lacking =
        name === "requests"
          ? BigInt(costs.filter((value) => value === null).length)
          : values("unpriced_requests").reduce(
              (sum: bigint, value) => sum + BigInt(String(value)),
              0n,
            );
      expect(lacking).toBe(whole.unpriced);
      const writer = formats.json(columns);
      const read = JSON.parse(writer.rows(rows) + writer.end([])) as Record<string, unknown>[];
      const written = read.map((row) => BigInt(String(row["total_tokens"])));
      expect(written).toEqual(bigints);
    },
  );

  test("the footer counts the requests without a price", async () => {
    const { footer } = await db.store.reading((session) => runReport(session, reports.summary));
    expect(BigInt(footer.unpriced?.requests ?? 0)).toBe(whole.unpriced);
  });
});
