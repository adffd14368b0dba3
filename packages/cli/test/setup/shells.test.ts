import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Variable } from "@cctelemetry/core/light";
import { describe, expect, test } from "vitest";
import { testFolder } from "../../../../test/support/cli.ts";
import { withBlock } from "../../src/setup/profile-block.ts";
import {
  type ShellName,
  shellLines,
  shellNamed,
  shellOf,
  shellPlace,
} from "../../src/setup/shells.ts";

const variable = (value: string): Variable => ({ name: "OTEL_X", value, rank: "needed" });
const lines = (shell: ShellName, value: string): string => shellLines(shell, [variable(value)]);

test.each([
  ["bash", "a b", "export OTEL_X='a b'\n"],
  ["zsh", "it's", "export OTEL_X='it'\\''s'\n"],
  ["fish", "it's \\ $x", "set -gx OTEL_X 'it\\'s \\\\ $x'\n"],
  ["powershell", "it's $x ‘’", "$env:OTEL_X = 'it''s $x ‘‘’’'\n"],
  ["cmd", "100 % & more", '@set "OTEL_X=100 %% & more"\n'],
] as const)("%s quotes %j", (shell, value, expected) => {
  expect(lines(shell, value)).toBe(expected);
});

const installed = (["bash", "zsh", "fish", "pwsh"] as const).filter(
  (shell) => spawnSync(shell, ["-c", "exit 0"]).status === 0,
);

test.each(installed)("%s itself reads what is written for it", async (shell) => {
  const name = shellNamed(shell);
  if (name === undefined) throw new Error(shell);
  const value = 'http://127.0.0.1:4318/ it\'s "a" $HOME `id` \\ %20 ü';
  const file = join(await testFolder(), name === "powershell" ? "e.ps1" : "e.sh");
  await writeFile(file, lines(name, value));
  const command = `. '${file}'; '${process.execPath}' -p process.env.OTEL_X`;
  const run = spawnSync(shell, [
    "-c",
    name === "powershell" ? command.replace("; ", "; & ") : command,
  ]);
  expect(run.stdout.toString()).toBe(`${value}\n`);
});

describe("the shell a user works in", () => {
  test.each([
    ["/bin/bash", "linux", "bash"],
    ["/usr/local/bin/fish", "darwin", "fish"],
    ["/usr/bin/pwsh", "linux", "powershell"],
    ["C:\\Program Files\\Git\\bin\\bash.exe", "win32", "bash"],
    ["/bin/sh", "linux", "bash"],
    [undefined, "win32", "powershell"],
  ])("%s on %s is %s", (shell, platform, expected) => {
    expect(shellOf({ SHELL: shell }, platform)).toBe(expected);
  });

  test.each([
    ["/bin/tcsh", "The shell tcsh is not one that init knows."],
    ["", "The shell is not known: SHELL is not set."],
  ])("%j is refused in a sentence", (shell, sentence) => {
    expect(() => shellOf({ SHELL: shell }, "linux")).toThrow(sentence);
  });
});

describe("the file of a shell", () => {
  const place = (shell: ShellName, platform: string, env = {}): string =>
    shellPlace(shell, {
      env,
      platform,
      home: platform === "win32" ? "C:\\u" : "/h",
      configFolder: "/c",
    }).path;

  test.each([
    ["bash", "linux", {}, "/h/.bashrc"],
    ["bash", "darwin", {}, "/h/.bash_profile"],
    ["zsh", "darwin", {}, "/h/.zshrc"],
    ["zsh", "linux", { ZDOTDIR: "/z" }, "/z/.zshrc"],
    ["fish", "linux", {}, "/h/.config/fish/conf.d/cctelemetry.fish"],
    ["fish", "linux", { XDG_CONFIG_HOME: "/x" }, "/x/fish/conf.d/cctelemetry.fish"],
    ["powershell", "linux", {}, "/h/.config/powershell/profile.ps1"],
    ["powershell", "win32", {}, "C:\\u\\Documents\\PowerShell\\profile.ps1"],
    ["cmd", "linux", {}, "/c/environment.cmd"],
  ] as const)("%s on %s with %j", (shell, platform, env, expected) => {
    expect(place(shell, platform, env)).toBe(expected);
  });

  test("needs a home directory, and says so", () => {
    const input = { env: {}, platform: "linux", home: undefined, configFolder: "/c" };
    expect(() => shellPlace("bash", input)).toThrow("There is no home directory");
    expect(shellPlace("zsh", { ...input, env: { ZDOTDIR: "/z" } }).path).toBe("/z/.zshrc");
  });
});

describe("the block in a profile", () => {
  const block = (line: string): string =>
    `# >>> cctelemetry >>>\n# Written by cctelemetry init.\n${line}\n# <<< cctelemetry <<<\n`;

  test.each([
    ["", block("A")],
    ["alias x=y\n", `alias x=y\n${block("A")}`],
    ["no end of line", `no end of line\n${block("A")}`],
    [`before\n${block("OLD")}after\n`, `before\n${block("A")}after\n`],
    ["one\r\n", `one\r\n${block("A").replaceAll("\n", "\r\n")}`],
  ])("is put into %j", (profile, expected) => {
    const once = withBlock(profile, "A\n", "~/.bashrc");
    expect(once).toBe(expected);
    expect(withBlock(once, "A\n", "~/.bashrc")).toBe(once);
  });

  test("without an end is left as it is", () => {
    const torn = "a\n# >>> cctelemetry >>>\nexport X=1\n";
    expect(() => withBlock(torn, "A\n", "~/.bashrc")).toThrow('has a line "# >>> cctelemetry >>>"');
  });
});
