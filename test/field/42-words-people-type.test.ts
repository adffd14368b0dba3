import { expect, test } from "vitest";
import { imported, run, testFolder } from "../support/cli.ts";
import { fixture } from "../support/fixtures.ts";
import { runInside } from "../support/inside.ts";

test.each([
  ["sessions", "Did you mean cctelemetry report sessions?"],
  ["daily", "Did you mean cctelemetry report daily?"],
  ["cost", "Did you mean cctelemetry report summary?"],
  ["version", "Did you mean cctelemetry --version?"],
  ["imprt", "Did you mean cctelemetry import?"],
  ["report stage", "Did you mean cctelemetry report stages?"],
  ["report summry", "Did you mean cctelemetry report summary?"],
  ["report costs", "Did you mean cctelemetry report summary?"],
  ["report users", "Did you mean cctelemetry report summary --by user?"],
  ["report nonsense", "There are summary, daily"],
  ["zzz", "--help"],
  ["live", "Did you mean cctelemetry watch?"],
  ["blocks", "Did you mean cctelemetry report activity?"],
  ["--last 7d", "Did you mean cctelemetry report summary --last?"],
  ["report --last 7d", "Did you mean cctelemetry report summary --last?"],
  ["report --db x summary", "Did you mean cctelemetry report summary --db?"],
  ["report daily --from 2026-11-01", "Did you mean --since?"],
  ["report daily --to=2026-11-01", "Did you mean --until?"],
  ["report daily --timezone UTC", "Did you mean --tz?"],
  ["report daily -j", "Did you mean --json?"],
  ["report daily --days 7", "Did you mean --last?"],
  ["report models --sort cost", "ORDER BY cost_usd DESC"],
  ["report monthly --month 2026-11", "Did you mean --last?"],
  ["report sessions -n 3", "Did you mean --limit?"],
  ["report daily --fromat json", "Did you mean --format?"],
  ["report daily --nonsense", "--help"],
  ["query select 1", "as one word"],
  ["query --top 3 x", "Did you mean --max-rows?"],
  ["import --watch x", "Did you mean cctelemetry watch?"],
  ["-v", "Did you mean --version?"],
  ["report daily --\u001b[31mred", "\\x1b"],
])("%s is answered by what there is, with exit code 2", async (words, answer) => {
  const { code, stdout, stderr } = await runInside(words.split(" "));
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(answer);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stderr.match(/Did you mean/g)?.length ?? 0).toBeLessThanOrEqual(1);
});

test("a span of 1M is asked whether months or minutes are meant", async () => {
  const folder = await testFolder();
  const database = await imported(folder, [fixture("L-workflow.jsonl")]);
  const asked = await run(["report", "daily", "--last", "1M", "--db", database]);
  expect(asked).toMatchObject({ code: 2, stdout: "" });
  expect(asked.stderr).toBe(
    "cctelemetry: --last 1M may mean months or minutes.\nhint: Write 1mo for months, or 1m for minutes.\n",
  );
  for (const span of ["1mo", "1y", "1w", "month"]) {
    const { code } = await runInside(["report", "daily", "--last", span, "--db", database]);
    expect(code, span).toBe(0);
  }
});
