import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { releases } from "../../scripts/claude/releases.mjs";
import { query } from "../support/cli.ts";
import { type Accounts, type AllAccounts, accountsOf } from "./support/accounts.ts";
import { type Collector, startCollector } from "./support/collector.ts";
import { inTurn } from "./support/in-turn.ts";
import { type Lab, openLab, type Release, type Result } from "./support/lab.ts";
import { type Entry, signature, totalsBy } from "./support/ledger.ts";
import { withClaudeCode } from "./support/releases.ts";
import type { ScenarioName } from "./support/scenarios.ts";
import { type Protocol, protocols, telemetryEnvironment } from "./support/telemetry.ts";
import { listCost, type Usage } from "./support/usage.ts";

/** What one process is given to do. */
interface Plan {
  readonly release: Release;
  readonly protocol: Protocol;
  readonly scenario: ScenarioName;
  readonly model: "opus" | "sonnet" | "haiku";
}

interface Done extends Plan, Result {}

const drives = [
  { scenario: "plain", model: "opus" },
  { scenario: "tools", model: "sonnet" },
  { scenario: "subagents", model: "haiku" },
] as const satisfies readonly Partial<Plan>[];

const [, toolDrive] = drives;

const plans: readonly Plan[] = Object.values(releases).flatMap((release) =>
  protocols.flatMap((protocol) => drives.map((drive) => ({ release, protocol, ...drive }))),
);

const stageOf = ({ scenario, protocol, release }: Plan): string =>
  `${scenario}-${protocol.replace("/", "-")}-${release.version}`;

withClaudeCode("what Claude Code uses is in the store", () => {
  let lab: Lab;
  let done: readonly Done[];
  let accounts: AllAccounts;

  beforeAll(async () => {
    lab = await openLab();
    const collector = await startCollector(lab);
    done = await inTurn(2, plans, (plan) => drive(lab, collector, plan));
    expect(await collector.stop()).toBe(0);
    const stages = new Map(done.map((run) => [run.run, stageOf(run)]));
    accounts = await accountsOf(lab, collector.file, stages);
  });
  afterAll(() => lab.close());

  const runsOf = (release: Release, protocol: Protocol): readonly Done[] =>
    done.filter((run) => run.release === release && run.protocol === protocol);

  test("every process comes to a good end and says nothing of its telemetry", () => {
    const ends = done.map(({ code, stderr }) => ({ code, stderr }));
    expect(ends).toEqual(plans.map(() => ({ code: 0, stderr: "" })));
  });

  describe.each(protocols)(`all of it, from ${releases.newest.version} over %s:`, (protocol) => {
    const part = (): Accounts => accounts.of(runsOf(releases.newest, protocol));

    test("each answer once, with its tokens and its price", () => {
      const { served, stored } = part();
      expect(served.length).toBeGreaterThanOrEqual(1 + 7 + 7);
      const known = new Map(stored.map((entry) => [entry.requestId, entry]));
      expect(stored).toHaveLength(known.size);
      for (const { served: answer, ...entry } of served) {
        expect(known.get(answer.requestId)).toMatchObject(entry);
      }
    });

    test.each([
      ["session", ({ session }: Entry) => session],
      ["model", ({ model }: Entry) => model],
      ["stage", ({ stage }: Entry) => stage],
      ["nothing", () => "all"],
    ] as const)("the same sums by %s", (_word, keyOf) => {
      const { served, stored } = part();
      expect(totalsBy(stored, keyOf)).toEqual(totalsBy(served, keyOf));
    });

    test("the counters agree", async () => {
      const rows = await query(
        accounts.database,
        `SELECT session_id, event_tokens, metric_tokens, token_difference, agrees,
           abs(cost_difference_usd) < 0.000000001 AS costs_agree, missing_events, known_defects
         FROM coverage`,
      );
      const totals = totalsBy(part().served, ({ session }) => session);
      for (const [session, { input, output, cacheRead, cacheCreation }] of Object.entries(totals)) {
        const tokens = input + output + cacheRead + cacheCreation;
        expect(rows.find((row) => row["session_id"] === session)).toEqual({
          session_id: session,
          event_tokens: tokens,
          metric_tokens: tokens,
          token_difference: 0,
          agrees: true,
          costs_agree: true,
          missing_events: 0,
          known_defects: null,
        });
      }
    });

    test("Claude Code's own account of its cost is the same", () => {
      const bySession = totalsBy(part().stored, ({ session }) => session);
      for (const { session = "", costUsd } of runsOf(releases.newest, protocol)) {
        expect(costUsd).toBeCloseTo((bySession[session]?.nanoUsd ?? 0) / 1e9, 9);
      }
    });

    test("what subagents were served is theirs", () => {
      const { served, stored } = part();
      const delegated = served.filter(({ served: answer }) => answer.scenario === "delegated");
      expect(delegated).toHaveLength(4);
      const theirs = stored.filter(({ sourceKind }) => sourceKind === "subagent");
      expect(theirs.map(signature).sort()).toEqual(delegated.map(signature).sort());
    });
  });

  test.each(Object.values(releases))("each tool that $version calls", async (release) => {
    const rows = await query(
      accounts.database,
      `SELECT stage, tool_name, count(*) AS calls, count(*) FILTER (WHERE NOT success) AS failures
       FROM tool_results WHERE stage LIKE 'tools-%' AND service_version = '${release.version}'
       GROUP BY ALL ORDER BY ALL`,
    );
    // The old release says nothing of a file that it was to read and that was not there.
    const reads = release === releases.old ? 1 : 2;
    const calls = [
      { tool_name: "Bash", calls: 3, failures: 1 },
      { tool_name: "Edit", calls: 1, failures: 0 },
      { tool_name: "Read", calls: reads, failures: reads - 1 },
      { tool_name: "Write", calls: 1, failures: 0 },
    ];
    const stages = protocols.map((protocol) => stageOf({ ...toolDrive, release, protocol }));
    expect(rows).toEqual(stages.sort().flatMap((stage) => calls.map((row) => ({ stage, ...row }))));
  });

  describe.each(protocols)(`what ${releases.old.version} reports, over %s:`, (protocol) => {
    const part = (): Accounts => accounts.of(runsOf(releases.old, protocol));

    test("nothing but what was served, each answer once, hours of cache for the price of minutes", () => {
      const { served, stored } = part();
      const answers = new Map(served.map((entry) => [signature(entry), entry]));
      expect(new Set(stored.map(signature)).size).toBe(stored.length);
      for (const entry of stored) {
        const { served: answer, ...known } = answers.get(signature(entry)) ?? {};
        const nanoUsd = answer && listCost(answer.askedModel, asShortWrites(answer.usage));
        expect(entry).toMatchObject({ ...known, nanoUsd });
      }
    });

    test("the whole conversation", () => {
      const { served, stored } = part();
      const reported = new Set(stored.map(signature));
      const unreported = served.filter((entry) => !reported.has(signature(entry)));
      expect(unreported.filter(({ served: answer }) => answer.scenario !== "aside")).toEqual([]);
    });

    test("and what is left out is named", async () => {
      const rows = await query(
        accounts.database,
        `SELECT DISTINCT unnest(known_defects) AS name FROM coverage
         WHERE service_version = '${releases.old.version}'`,
      );
      const names = rows.map(({ name }) => name);
      expect(names).toContain("background requests at exit");
      expect(names).toContain("hour-long cache writes priced too low");
      expect(names).toContain("subagents not marked");
    });
  });
});

/** All that was written into the cache, as if it were for five minutes. */
function asShortWrites(usage: Usage): Usage {
  return { ...usage, cacheWrite: usage.cacheWrite + usage.cacheWriteLong, cacheWriteLong: 0 };
}

async function drive(lab: Lab, { endpoints }: Collector, plan: Plan): Promise<Done> {
  const stage = stageOf(plan);
  const tags = { workflow_id: "w-1", stage, task_id: `w-1.${stage}`, agent: "tester" };
  const env = telemetryEnvironment({ ...plan, endpoints, tags, intervalMs: 1000 });
  return { ...plan, ...(await lab.run({ ...plan, env })) };
}
