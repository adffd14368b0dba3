import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { releases } from "../../scripts/claude/releases.mjs";
import { query } from "../support/cli.ts";
import { programCommand } from "../support/running.ts";
import { type AllAccounts, accountsOf } from "./support/accounts.ts";
import { startCollector } from "./support/collector.ts";
import { type Lab, openLab, type Result } from "./support/lab.ts";
import type { ServedEntry } from "./support/ledger.ts";
import { withClaudeCode } from "./support/releases.ts";
import { telemetryEnvironment } from "./support/telemetry.ts";

const release = releases.newest;

withClaudeCode("stages of a session that runs on", () => {
  let lab: Lab;
  let accounts: AllAccounts;
  let staged: Result;
  let delegating: Result;

  beforeAll(async () => {
    lab = await openLab();
    const bin = await commandFolder(lab);
    const { endpoints, stop, file } = await startCollector(lab);
    const telemetry = telemetryEnvironment({ protocol: "http/json", endpoints, intervalMs: 1000 });
    const env = { ...telemetry, PATH: `${bin}:${process.env["PATH"]}` };
    const hooks = await lab.program([...programCommand, "hooks", "install"]).ended;
    expect({ code: hooks.code, stderr: hooks.stderr }).toMatchObject({ code: 0 });
    staged = await lab.run({ release, scenario: "staged", env });
    delegating = await lab.run({ release, scenario: "subagents", env });
    expect(await stop()).toBe(0);
    const marks = join(lab.home, ".local/share/cctelemetry/otlp/stages.jsonl");
    accounts = await accountsOf(lab, [file, marks]);
  });
  afterAll(() => lab.close());

  /** What the store says of the stage of each answer, in the order in which they were served. */
  const stagesOf = (run: Result, which: (entry: ServedEntry) => boolean): readonly unknown[] => {
    const { served, stored } = accounts.of([run]);
    const known = new Map(stored.map((entry) => [entry.requestId, entry]));
    return served.filter(which).map(({ served: { requestId } }) => {
      const { stage, attribution } = known.get(requestId) ?? {};
      return { stage, attribution };
    });
  };

  test("`stage start` and `stage end` in its shell", () => {
    expect(stagesOf(staged, () => true)).toEqual([
      { stage: undefined, attribution: "none" },
      { stage: "plan", attribution: "mark" },
      { stage: "implement", attribution: "mark" },
      { stage: undefined, attribution: "none" },
    ]);
  });

  test("hooks give each subagent's", () => {
    const delegated = stagesOf(delegating, ({ served }) => served.scenario === "delegated");
    expect(delegated).toHaveLength(4);
    const stages = new Set(delegated.map((each) => JSON.stringify(each)));
    expect([...stages].sort()).toEqual([
      JSON.stringify({ stage: "Explore", attribution: "hook" }),
      JSON.stringify({ stage: "general-purpose", attribution: "hook" }),
    ]);
  });

  test("and what belongs to no stage is shown", async () => {
    const rows = await query(
      accounts.database,
      "SELECT sum(requests)::BIGINT AS requests FROM stages WHERE stage IS NULL",
    );
    const without = accounts.stored.filter(({ stage }) => stage === undefined);
    expect(rows).toEqual([{ requests: without.length }]);
  });
});

/** A folder for the path, with the program under its own name. */
async function commandFolder(lab: Lab): Promise<string> {
  const folder = join(lab.folder, "bin");
  await mkdir(folder);
  const [node = "", program = ""] = programCommand;
  const command = join(folder, "cctelemetry");
  await writeFile(command, `#!/bin/sh\nexec "${node}" "${program}" "$@"\n`);
  await chmod(command, 0o755);
  return folder;
}
