import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { releases } from "../../scripts/claude/releases.mjs";
import { query } from "../support/cli.ts";
import { type Accounts, type AllAccounts, accountsOf } from "./support/accounts.ts";
import { startCollector } from "./support/collector.ts";
import { inTurn } from "./support/in-turn.ts";
import { type Lab, openLab, type Release, type Result } from "./support/lab.ts";
import { withClaudeCode } from "./support/releases.ts";
import type { ScenarioName } from "./support/scenarios.ts";
import { telemetryEnvironment } from "./support/telemetry.ts";
import { listCost } from "./support/usage.ts";

type Row = Readonly<Record<string, unknown>>;

const recovering = ["rateLimited", "overloaded", "broken"] as const;
const failing = [
  ["invalid", "400"],
  ["forbidden", "401"],
  ["down", "529"],
] as const;
const scenarios: readonly ScenarioName[] = [
  ...recovering,
  ...failing.map(([scenario]) => scenario),
  "cut",
  "refused",
  "otherModel",
];

const plans = [
  ...scenarios.map((scenario) => ({ release: releases.newest, scenario })),
  ...(["overloaded", "cut", "forbidden"] as const).map((scenario) => ({
    release: releases.old,
    scenario,
  })),
];

withClaudeCode("when the API fails", () => {
  let lab: Lab;
  let results: readonly Result[];
  let accounts: AllAccounts;

  beforeAll(async () => {
    lab = await openLab();
    const { endpoints, stop, file } = await startCollector(lab);
    const telemetry = { protocol: "http/protobuf", endpoints, intervalMs: 1000 } as const;
    const env = { ...telemetryEnvironment(telemetry), CLAUDE_CODE_MAX_RETRIES: "2" };
    results = await inTurn(2, plans, (plan) => lab.run({ ...plan, env }));
    expect(await stop()).toBe(0);
    accounts = await accountsOf(lab, file);
  });
  afterAll(() => lab.close());

  const resultOf = (release: Release, scenario: ScenarioName): Result => {
    const at = plans.findIndex((plan) => plan.release === release && plan.scenario === scenario);
    const result = results[at];
    if (result === undefined) throw new Error(`${scenario} was not run`);
    return result;
  };
  const part = (release: Release, scenario: ScenarioName): Accounts =>
    accounts.of([resultOf(release, scenario)]);
  const rowsOf = (relation: string, { session }: Result): Promise<readonly Row[]> =>
    query(accounts.database, `FROM ${relation} WHERE session_id = '${session}'`);

  describe(`${releases.newest.version}:`, () => {
    const release = releases.newest;

    test.each(recovering)(
      "%s and recovered: what was served in the end, and no error",
      async (scenario) => {
        const { served, stored } = part(release, scenario);
        const failed = lab.api.ledger.filter(
          ({ run, outcome }) => run === resultOf(release, scenario).run && outcome === "failed",
        );
        expect(failed.length).toBeGreaterThan(0);
        expect(stored.map(({ requestId, nanoUsd }) => ({ requestId, nanoUsd }))).toEqual(
          served.map(({ served: { requestId }, nanoUsd }) => ({ requestId, nanoUsd })),
        );
        expect(await rowsOf("api_errors", resultOf(release, scenario))).toEqual([]);
      },
    );

    test.each(failing)("%s for good: one error %s, and nothing used", async (scenario, status) => {
      const result = resultOf(release, scenario);
      expect(result.code).toBe(1);
      expect(part(release, scenario)).toEqual({ served: [], stored: [] });
      const errors = await rowsOf("api_errors", result);
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatchObject({ status_code: status, session_id: result.session });
    });

    test("a stream cut in the middle: the price has the part that came, the tokens have not", async () => {
      const result = resultOf(release, "cut");
      const { served, stored } = part(release, "cut");
      expect(stored).toHaveLength(1);
      const { served: answer, nanoUsd, ...tokens } = served[0] ?? { nanoUsd: 0 };
      expect(stored[0]).toMatchObject({ ...tokens, requestId: answer?.requestId });
      const broken = lab.api.ledger.find(
        ({ run, outcome }) => run === result.run && outcome === "cut",
      );
      if (broken === undefined) throw new Error("no stream was cut");
      const [coverage] = await rowsOf("coverage", result);
      expect(coverage).toMatchObject({ agrees: false, likely_cause: "broken attempt" });
      // Claude Code estimates what had been written of the answer; the rest had been reported.
      const { input, cacheRead, cacheWrite, cacheWriteLong } = broken.usage;
      const output = Number(coverage?.["token_difference"]) - input - cacheRead - cacheWrite;
      const usage = { ...broken.usage, output: output - cacheWriteLong };
      expect(usage.output).toBeGreaterThan(0);
      expect(usage.output).toBeLessThan(broken.usage.output);
      expect(stored[0]?.nanoUsd).toBe(nanoUsd + listCost(broken.model, usage));
      expect(result.costUsd).toBeCloseTo((stored[0]?.nanoUsd ?? 0) / 1e9, 9);
    });

    test("an answer of another model: its name, and the price of the one that was asked", () => {
      const { served, stored } = part(release, "otherModel");
      expect(served.map((entry) => entry.served.askedModel)).not.toEqual(
        served.map(({ model }) => model),
      );
      expect(stored).toMatchObject(served.map(({ served: _answer, ...entry }) => entry));
    });

    test("a refusal is an event of its own, and what it used is counted", async () => {
      const { served, stored } = part(release, "refused");
      expect(stored).toMatchObject(served.map(({ served: _answer, ...entry }) => entry));
      expect(await rowsOf("api_refusals", resultOf(release, "refused"))).not.toEqual([]);
    });
  });

  describe(`${releases.old.version}:`, () => {
    const release = releases.old;

    test("an answer after an overload is reported without usage, and coverage says so", async () => {
      const { served, stored } = part(release, "overloaded");
      const empty = stored.filter(({ input, output, nanoUsd }) => input + output + nanoUsd === 0);
      expect(empty).toHaveLength(1);
      expect(served.length).toBeGreaterThan(stored.length - 1);
      expect(await rowsOf("coverage", resultOf(release, "overloaded"))).toMatchObject([
        { empty_requests: 1, likely_cause: "requests without usage" },
      ]);
    });

    test("an answer after a cut stream is reported without price, and coverage says so", async () => {
      const { stored } = part(release, "cut");
      expect(stored.filter(({ nanoUsd }) => nanoUsd === 0)).toHaveLength(1);
      const [coverage] = await rowsOf("coverage", resultOf(release, "cut"));
      expect(coverage).toMatchObject({ agrees: false, likely_cause: "broken attempt" });
      expect(coverage?.["known_defects"]).toContain("retries without usage");
    });

    test("an error for good is reported", async () => {
      const errors = await rowsOf("api_errors", resultOf(release, "forbidden"));
      expect(errors).toMatchObject([{ status_code: "401" }]);
    });
  });
});
