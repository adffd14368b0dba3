import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reports } from "../../src/reports/registry.ts";
import type { ReportName } from "../../src/reports/report.ts";
import { runReport } from "../../src/reports/run.ts";
import type { Value } from "../../src/store/session.ts";
import { type Event, fileOf, request } from "../support/otlp.ts";
import { storeOf, type TestStore } from "../support/telemetry.ts";

const at = (minute: number): string => `2026-11-21T10:${String(minute).padStart(2, "0")}:00.000Z`;
const tags = { workflow_id: "w1", stage: "plan", task_id: "t1", agent: "coder" };
const event = (minute: number, name: string, attributes = {}): Event => ({
  at: at(minute),
  name,
  attributes: { "session.id": "s1", "prompt.id": "p1", ...attributes },
  resource: tags,
});
const OPUS = "claude-opus-5-5";
const SONNET = "claude-sonnet-5-5";

const records = [
  event(0, "user_prompt", { prompt_length: 3 }),
  request(at(1), { model: OPUS, "prompt.id": "p1" }, tags),
  request(at(2), { model: SONNET, "prompt.id": "p1" }, tags),
  event(3, "tool_result", { tool_name: "Bash", success: "false" }),
  event(4, "api_error", { model: OPUS, error: "overloaded" }),
  event(5, "api_error", { model: OPUS, error: "overloaded" }),
  event(6, "api_error", { model: SONNET, error: "overloaded" }),
];

describe("under --model", () => {
  let db: TestStore;
  beforeAll(async () => {
    db = await storeOf(await fileOf(...records));
  });
  afterAll(() => db.remove());

  async function sums(name: ReportName, model?: string): Promise<(Value | undefined)[]> {
    const { columns, rows } = await db.store.reading((session) =>
      runReport(session, reports[name], model === undefined ? {} : { model }),
    );
    const names = ["requests", "errors", "prompts", "tool_calls", "tool_failures"];
    return names.map((column) => {
      const place = columns.findIndex((each) => each.name === column);
      const values = rows.map((row) => row[place]).filter((value) => value !== null);
      if (place < 0 || values.length === 0) return null;
      return values.reduce((sum: bigint, value) => sum + BigInt(String(value ?? 0)), 0n);
    });
  }

  test.each(["sessions", "workflows", "stages", "tasks", "agents", "summary"] as const)(
    "%s counts the errors of the model, and no prompts or tools",
    async (name) => {
      const prompts = ["agents", "summary"].includes(name) ? null : 1n;
      expect(await sums(name)).toEqual([2n, 3n, prompts, 1n, 1n]);
      expect(await sums(name, OPUS)).toEqual([1n, 2n, null, null, null]);
      expect(await sums(name, SONNET)).toEqual([1n, 1n, null, null, null]);
    },
  );

  test("a session found by marks is counted alike", async () => {
    const marked = await storeOf(
      await fileOf(...records.map(({ resource: _, ...record }) => record), {
        at: at(0),
        name: "stage_mark",
        attributes: { "session.id": "s1", action: "start", stage: "build", workflow_id: "w2" },
      }),
    );
    try {
      const of = (model: string | null) =>
        marked.store.reading((session) =>
          session.rows(
            `SELECT stage, requests, errors, prompts, tool_calls
             FROM base.stages(NULL, NULL, NULL, NULL, NULL, $model)`,
            { model },
          ),
        );
      const row = { stage: "build", requests: 2n, errors: 3n, prompts: 1n, tool_calls: 1n };
      expect(await of(null)).toContainEqual(row);
      const filtered = { ...row, requests: 1n, errors: 2n, prompts: null, tool_calls: null };
      expect(await of(OPUS)).toEqual([filtered]);
    } finally {
      await marked.remove();
    }
  });

  test("the footer counts requests without a price by whatever name the model was sent", async () => {
    const sent = ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5[1m]", "claude-sonnet-4-5", OPUS];
    const lacking = sent.map((model, index) => {
      const whole = request(at(index), { model }, tags);
      const { cost_usd: _, ...attributes }: NonNullable<Event["attributes"]> =
        whole.attributes ?? {};
      return { ...whole, attributes };
    });
    const unpriced = await storeOf(await fileOf(...lacking));
    try {
      const footerOf = async (model?: string) => {
        const { footer } = await unpriced.store.reading((session) =>
          runReport(session, reports.summary, model === undefined ? {} : { model }),
        );
        return [footer.unpriced?.requests, footer.unpriced?.listed];
      };
      expect(await footerOf()).toEqual([4, 4]);
      for (const name of sent.slice(0, 3)) expect(await footerOf(name)).toEqual([3, 3]);
      expect(await footerOf(OPUS)).toEqual([1, 1]);
    } finally {
      await unpriced.remove();
    }
  });
});
