import { afterAll, beforeAll, expect, test } from "vitest";
import { releases } from "../../scripts/claude/releases.mjs";
import { query } from "../support/cli.ts";
import { type AllAccounts, accountsOf } from "./support/accounts.ts";
import { startCollector } from "./support/collector.ts";
import { type Lab, openLab, type Result } from "./support/lab.ts";
import { type ServedEntry, signature } from "./support/ledger.ts";
import { withClaudeCode } from "./support/releases.ts";
import { until } from "./support/running.ts";
import type { StoredEntry } from "./support/stored.ts";
import { telemetryEnvironment } from "./support/telemetry.ts";
import { listCost, type Usage } from "./support/usage.ts";

const release = releases.old;

withClaudeCode(`each known defect of ${release.version} shows, and is named`, () => {
  let lab: Lab;
  let accounts: AllAccounts;
  let runs: Readonly<
    Record<"delegating" | "recovered" | "plain" | "continued" | "interrupted", Result>
  >;

  beforeAll(async () => {
    lab = await openLab({ asideDelayMs: 1000 });
    const { endpoints, stop, file } = await startCollector(lab);
    const telemetry = { protocol: "http/protobuf", endpoints } as const;
    const env = telemetryEnvironment({ ...telemetry, intervalMs: 1000 });
    // Sent at its end and at no time before.
    const late = telemetryEnvironment({ ...telemetry, intervalMs: 60_000 });
    const [delegating, recovered, plain, interrupted] = await Promise.all([
      lab.run({ release, scenario: "subagents", env }),
      lab.run({ release, scenario: "overloaded", env }),
      lab.run({ release, scenario: "plain", env }),
      interruptedRun(late),
    ]);
    const again = { args: ["--continue"], folder: delegating.folder };
    const continued = await lab.run({ release, scenario: "plain", ...again, env });
    runs = { delegating, recovered, plain, continued, interrupted };
    expect(await stop()).toBe(0);
    accounts = await accountsOf(lab, file);
  });
  afterAll(() => lab.close());

  const interruptedRun = async (env: Readonly<Record<string, string>>): Promise<Result> => {
    const run = lab.start({ release, scenario: "endless", env });
    const answers = (): number =>
      lab.api.ledger.filter((entry) => entry.run === run.name && entry.scenario === "endless")
        .length;
    await until(() => answers() >= 2, run.started.stderr);
    run.started.signal("SIGINT");
    return run.result;
  };

  /** What was served to a process, by whether the store has it. */
  const sorted = (
    result: Result,
  ): { reported: readonly ServedEntry[]; unreported: readonly ServedEntry[] } => {
    const { served } = accounts.of([result]);
    const known = new Set(accounts.stored.map(signature));
    const isReported = (entry: ServedEntry): boolean => known.has(signature(entry));
    return {
      reported: served.filter(isReported),
      unreported: served.filter((entry) => !isReported(entry)),
    };
  };

  const isStored = ({ input, output }: Usage): boolean =>
    accounts.stored.some((entry) => entry.input === input && entry.output === output);

  const shown: Readonly<Record<string, () => boolean>> = {
    "retries without usage": () =>
      accounts.of([runs.recovered]).stored.some(({ input, output }) => input + output === 0) &&
      sorted(runs.recovered).unreported.some(({ served }) => served.scenario === "overloaded"),
    "background requests at exit": () =>
      lab.api.ledger.some(
        ({ run, scenario, usage }) =>
          run === runs.plain.run && scenario === "aside" && !isStored(usage),
      ),
    "hour-long cache writes priced too low": () => {
      const prices = new Map(accounts.stored.map((entry) => [signature(entry), entry.nanoUsd]));
      return sorted(runs.delegating).reported.some((entry) => {
        const { askedModel, usage } = entry.served;
        return (prices.get(signature(entry)) ?? 0) < listCost(askedModel, usage);
      });
    },
    "subagents not marked": () => {
      const delegated = accounts.served.filter(({ served }) => served.scenario === "delegated");
      const names = new Set(delegated.map(signature));
      const theirs = accounts.stored.filter((entry: StoredEntry) => names.has(signature(entry)));
      return theirs.length > 0 && theirs.every(({ sourceKind }) => sourceKind === "unknown");
    },
    "continued under another session": () =>
      lab.api.ledger.some(
        ({ run, session }) => run === runs.continued.run && session !== runs.continued.session,
      ),
    "interrupted without its last telemetry": () => sorted(runs.interrupted).reported.length === 0,
  };

  test.each(Object.entries(shown))("%s", async (name, isShown) => {
    // What is asked beside the conversation is answered late, even after the process has gone.
    await expect.poll(isShown).toBe(true);
    const rows = await query(
      accounts.database,
      `SELECT list_contains(known_defects, '${name}') AS is_named, count(*) > 0 AS is_there
       FROM coverage GROUP BY ALL`,
    );
    expect(rows).toEqual([{ is_named: true, is_there: true }]);
  });

  test("and that is all", async () => {
    const rows = await query(
      accounts.database,
      "SELECT DISTINCT unnest(known_defects) AS name FROM coverage ORDER BY name",
    );
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(shown).sort());
  });
});
