import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Outcome, type RunOptions, run as runProgram, testFolder } from "./support/cli.ts";
import { absolute } from "./support/source-tree.ts";

const isPosix = process.platform !== "win32";

/** Says what it was started with. */
const REPORT = `console.log(JSON.stringify({
  args: process.argv.slice(2), tags: process.env.OTEL_RESOURCE_ATTRIBUTES,
  pool: process.env.UV_THREADPOOL_SIZE, mask: process.umask().toString(8),
}))`;

/** Nothing of what the machine's user has set. */
const bare = { CLAUDE_CONFIG_DIR: "/nowhere", OTEL_RESOURCE_ATTRIBUTES: "", CCTELEMETRY_TAGS: "" };

function run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return runProgram(args, { ...options, env: bare });
}

async function script(text: string): Promise<string> {
  const path = join(await testFolder(), "script.mjs");
  await writeFile(path, text);
  return path;
}

/** Runs a script of ours through `cctelemetry run`. */
function runScript(path: string, ...args: readonly string[]) {
  return run([
    "run",
    "--workflow",
    "w 1",
    "--stage",
    "plan",
    "--",
    process.execPath,
    path,
    ...args,
  ]);
}

test("the program gets its arguments, our tags, and nothing of how we run", async () => {
  const outcome = await runScript(await script(REPORT), "--json", "a b", "--", '"$x"');
  expect(outcome).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(outcome.stdout)).toEqual({
    args: ["--json", "a b", "--", '"$x"'],
    tags: "workflow_id=w%201,stage=plan",
    mask: process.umask().toString(8),
  });
});

test("input, output and exit code go through", async () => {
  const path = await script(
    "process.stdin.pipe(process.stdout); process.stdin.on('end', () => { process.exitCode = 42 })",
  );
  const outcome = await run(["run", "--tag", "a=b", "--", process.execPath, path], {
    stdin: "through",
  });
  expect(outcome).toEqual({ code: 42, stdout: "through", stderr: "" });
});

test("tags of an outer run hold for an inner one", async () => {
  const outcome = await run([
    ...["run", "--workflow", "w1", "--stage", "plan", "--", process.execPath],
    ...[absolute("packages/cli/dist/cctelemetry.mjs"), "run", "--stage", "review"],
    ...["--tag", "workflow_id=", "--print-settings"],
  ]);
  expect(JSON.parse(outcome.stdout)).toMatchObject({
    env: { OTEL_RESOURCE_ATTRIBUTES: "stage=review" },
  });
});

test.each([
  [["run", "--stage", "x"], 2, "no command to run"],
  [["run", "--", "node", "x"], 2, "no tag to run it with"],
  [["run", "--stage", "x", "--print-settings", "--", "claude"], 2, "starts nothing"],
  [["run", "--tag", "model=x", "--", "claude"], 2, "Claude Code's own"],
  [["run", "--stage", "x", "--", "no-such-program-here"], 1, "no such program"],
])("%j ends with %d", async (args, code, words) => {
  const outcome = await run(args);
  expect(outcome).toMatchObject({ code, stdout: "" });
  expect(outcome.stderr).toMatch(/^cctelemetry: .*\nhint: /);
  expect(outcome.stderr).toContain(words);
});

/** A run of a script, once the script has said that it is there. */
async function started(text: string): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [
      ...[absolute("packages/cli/dist/cctelemetry.mjs"), "run", "--stage", "x", "--"],
      ...[
        process.execPath,
        await script(`${text}; setTimeout(() => {}, 20_000); console.log("up")`),
      ],
    ],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...bare } },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  return child;
}

function ended(child: ChildProcess): Promise<readonly [number | null, string | null]> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve([code, signal]));
  });
}

test.runIf(isPosix).each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s ends the program, and us as it ended",
  async (signal) => {
    const child = await started("");
    child.kill(signal);
    expect(await ended(child)).toEqual([null, signal]);
  },
);

test.runIf(isPosix)("a program that takes a signal its own way decides the end", async () => {
  const child = await started(
    `process.on("SIGTERM", () => process.exit(${constants.signals.SIGTERM}))`,
  );
  child.kill("SIGTERM");
  expect(await ended(child)).toEqual([constants.signals.SIGTERM, null]);
});
