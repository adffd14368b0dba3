import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { releases } from "../../scripts/claude/releases.mjs";
import { query } from "../support/cli.ts";
import { programCommand } from "../support/running.ts";
import { type AllAccounts, accountsOf } from "./support/accounts.ts";
import { startCollector } from "./support/collector.ts";
import { type Lab, openLab, type Release, type Result } from "./support/lab.ts";
import { totalsBy } from "./support/ledger.ts";
import { withClaudeCode } from "./support/releases.ts";
import type { ScenarioName } from "./support/scenarios.ts";
import { telemetryEnvironment } from "./support/telemetry.ts";

interface Stage {
  readonly release: Release;
  readonly workflow: string;
  readonly stage: string;
  readonly scenario: ScenarioName;
  readonly model: "opus" | "sonnet" | "haiku";
}

interface Done extends Stage, Result {}

/** Two workflows: stages of the first run side by side, and beside those of the second. */
const stages: readonly Stage[] = Object.values(releases).flatMap((release) => {
  const [first, second] = [`w-1-${release.version}`, `w-2-${release.version}`];
  return [
    { release, workflow: first, stage: "analyze", scenario: "subagents", model: "opus" },
    { release, workflow: first, stage: "implement", scenario: "tools", model: "sonnet" },
    { release, workflow: second, stage: "analyze", scenario: "steady", model: "haiku" },
  ];
});

withClaudeCode("stages that run at the same time", () => {
  let lab: Lab;
  let done: readonly Done[];
  let accounts: AllAccounts;

  beforeAll(async () => {
    lab = await openLab();
    const { endpoints, stop, file } = await startCollector(lab);
    const env = telemetryEnvironment({ protocol: "http/protobuf", endpoints, intervalMs: 1000 });
    // The person's own settings name a stage for everything; they outrank the environment.
    const own = { env: { OTEL_RESOURCE_ATTRIBUTES: "stage=of-the-settings,team=core" } };
    await mkdir(join(lab.home, ".claude"), { recursive: true });
    await writeFile(join(lab.home, ".claude", "settings.json"), JSON.stringify(own));
    done = await Promise.all(
      stages.map(async (stage) => {
        const before = [...programCommand, "run", ...optionsOf(stage), "--"];
        return { ...stage, ...(await lab.run({ ...stage, env, before })) };
      }),
    );
    expect(await stop()).toBe(0);
    const names = new Map(done.map(({ run, stage }) => [run, stage]));
    accounts = await accountsOf(lab, file, names);
  });
  afterAll(() => lab.close());

  test("every process comes to a good end under `cctelemetry run`", () => {
    expect(done.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      done.map(() => ({ code: 0, stderr: "" })),
    );
  });

  test("each request has its stage, found by its tag", async () => {
    const { stored } = accounts;
    const stageOf = new Map(done.map(({ session, stage }) => [session, stage]));
    expect(stored.length).toBeGreaterThan(20);
    for (const { session, stage, attribution } of stored) {
      expect({ stage, attribution }).toEqual({ stage: stageOf.get(session), attribution: "tag" });
    }
    const rest = await query(
      accounts.database,
      "SELECT count(*) AS requests FROM api_requests WHERE stage IS NULL OR attribution = 'none'",
    );
    expect(rest).toEqual([{ requests: 0 }]);
  });

  test(`the stages of ${releases.newest.version} cost what they were served`, async () => {
    const rows = await query(
      accounts.database,
      `SELECT workflow_id, stage, requests, input_tokens, output_tokens, cache_read_tokens,
         cache_creation_tokens, (cost_usd::DECIMAL(38, 9) * 1000000000)::BIGINT AS nano_usd
       FROM stages ORDER BY ALL`,
    );
    for (const run of done.filter(({ release }) => release === releases.newest)) {
      const [served] = Object.values(totalsBy(accounts.of([run]).served, () => run.stage));
      const mine = ({ workflow_id, stage }: Readonly<Record<string, unknown>>): boolean =>
        workflow_id === run.workflow && stage === run.stage;
      expect(rows.filter(mine)).toEqual([
        {
          workflow_id: run.workflow,
          stage: run.stage,
          requests: served?.requests,
          input_tokens: served?.input,
          output_tokens: served?.output,
          cache_read_tokens: served?.cacheRead,
          cache_creation_tokens: served?.cacheCreation,
          nano_usd: served?.nanoUsd,
        },
      ]);
    }
  });

  describe("what else was asked for", () => {
    test("task and agent are there, and the person's other tags", async () => {
      const rows = await query(
        accounts.database,
        `SELECT DISTINCT workflow_id, stage, task_id, agent, tags ->> 'team' AS team
         FROM api_requests ORDER BY ALL`,
      );
      const expected = stages.map(({ workflow, stage }) => ({
        workflow_id: workflow,
        stage,
        task_id: `${workflow}.${stage}`,
        agent: "a tester, 100 %",
        team: "core",
      }));
      expect(rows).toEqual(expected.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)));
    });
  });
});

function optionsOf({ workflow, stage }: Stage): readonly string[] {
  const task = `${workflow}.${stage}`;
  return ["--workflow", workflow, "--stage", stage, "--task", task, "--agent", "a tester, 100 %"];
}

function keyOf({ workflow_id, stage }: { workflow_id: string; stage: string }): string {
  return `${workflow_id} ${stage}`;
}
