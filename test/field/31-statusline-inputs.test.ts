import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run, testFolder } from "../support/cli.ts";
import { absolute } from "../support/source-tree.ts";

const inputs = absolute("fixtures/field/31-statusline-inputs");
/** The time zone in which a limit's end is shown. */
const TZ = "UTC";

const usual = "Opus 4.7 · 1.3k · $1.25";

/** The line for each input; what is of no use in it is left out. */
const lines: readonly (readonly [input: string, line: string])[] = [
  ["s-full", `${usual} · context 42 % · 5h 97 %`],
  ["s-bom", `${usual} · context 42 % · 5h 97 %`],
  ["s-crlf-pretty", `${usual} · context 42 % · 5h 97 %`],
  ["s-ts-as-percent", `${usual} · context 42 %`],
  ["s-context-null", `${usual} · 5h 97 %`],
  ["s-context-over", `${usual} · context 1 % · 5h 97 %`],
  ["s-limits-null", `${usual} · context 42 %`],
  ["s-limits-absent", `${usual} · context 42 %`],
  ["s-model-string", `claude-opus-4-7 · 1.3k · $1.25 · context 42 % · 5h 97 %`],
  ["s-percent-fraction", `${usual} · context 42 % · 5h <1 % · 7d 108 %`],
  ["s-percent-string", `${usual} · context 42 % · 5h 96 %`],
  ["s-reset-iso", `${usual} · context 42 % · 5h 96 %`],
  ["s-reset-ms", `${usual} · context 42 % · 5h 96 %`],
  ["s-reset-past", `${usual} · context 42 % · 5h 96 %`],
  ["s-winpath", `${usual} · context 42 % · 5h 97 %`],
  ["s-cost-null", "Opus 4.7 · context 42 % · 5h 97 %"],
  ["s-unknown-session", "Opus 4.7 · ~$9.99 · context 42 % · 5h 97 %"],
];

async function draw(name: string, ...options: readonly string[]) {
  const folder = await testFolder();
  const stdin = await readFile(join(inputs, `${name}.json`));
  const files = [join(inputs, "input.jsonl"), "--db", join(folder, "none.duckdb"), "--fresh"];
  const env = { CCTELEMETRY_HOME: folder, TZ, COLUMNS: "204" };
  return run(["statusline", ...files, ...options], { stdin, env });
}

test.each(lines)("%s gives its line", async (name, line) => {
  const { code, stdout, stderr } = await draw(name);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const shown = stdout
    .trimEnd()
    // How long a limit lasts depends on today, and so does whether a session spends now.
    .replaceAll(/ until (?:[A-Z]\w\w )?\d\d:\d\d/g, "")
    .replace(/ · \$[\d.]+\/h/, "")
    .replace(/ · 7d 12 %(?= |$)| · reading telemetry/g, "");
  expect(shown).toBe(line);
});

test("a name with signs that turn or ring is shown escaped", async () => {
  const { code, stdout } = await draw("s-emoji");
  expect(code).toBe(0);
  expect(stdout).toContain("Öpus 🚀 超");
  for (const sign of ["\u202e", "\u0007"]) expect(stdout).not.toContain(sign);
});

test("the last folder of a Windows path is named on every system", async () => {
  const { stdout } = await draw("s-winpath", "--template", "{folder} {cost} · {session}");
  expect(stdout).toBe("my-proj $1.25 · 11111111\n");
});

test("programs get the same values", async () => {
  const { stdout } = await draw("s-ts-as-percent", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    claude_code: { context_percent: 42, five_hour: null, seven_day: null },
  });
});
