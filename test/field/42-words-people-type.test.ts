import { expect, test } from "vitest";
import { run } from "../support/cli.ts";

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
])("%s is answered by what there is, with exit code 2", async (words, answer) => {
  const { code, stdout, stderr } = await run(words.split(" "));
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(answer);
  expect(stderr).not.toMatch(/\n\s+at /);
});
