import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { testFolder } from "../../../../test/support/cli.ts";
import { claudeWord } from "../../src/run/claude-command.ts";
import { type ComposedRun, composeRun } from "../../src/run/compose.ts";
import { readTags } from "../../src/run/tags.ts";

const SESSION = "5f1d7a52-6f53-4f49-9d3c-0d5d0c2d7c11";
const asked = readTags("workflow_id=w1,stage=plan");

interface Situation {
  readonly env?: Readonly<Record<string, string>>;
  readonly userSettings?: string;
}

async function compose(
  command: readonly string[],
  { env = {}, userSettings }: Situation = {},
): Promise<ComposedRun> {
  const home = await testFolder();
  if (userSettings !== undefined) {
    await mkdir(join(home, ".claude"));
    await writeFile(join(home, ".claude", "settings.json"), userSettings);
  }
  return await composeRun(command, asked, { env, home, newSession: SESSION });
}

describe("Claude Code is known", () => {
  test.each([
    [["claude"], 0],
    [["/usr/local/bin/claude", "-p"], 0],
    [["C:\\Users\\me\\.local\\bin\\claude.exe"], 0],
    [["Claude.CMD"], 0],
    [["npx", "-y", "@anthropic-ai/claude-code@2.1.329", "-p"], 2],
    [["node", "/x/node_modules/@anthropic-ai/claude-code/cli.js"], 1],
    [["node", "/x/claude-code-2.0.76/cli.js"], 1],
    [["env", "A=1", "claude"], 2],
    [["./all-stages.sh", "claude"], undefined],
    [["node", "agent.mjs"], undefined],
    [["claude-trace"], undefined],
  ])("%j", (command, expected) => {
    expect(claudeWord(command)).toBe(expected);
  });
});

describe("a run of Claude Code", () => {
  test("has its tags in the settings, and a session of known id", async () => {
    const run = await compose(["claude", "-p", "x"]);
    const list = "workflow_id=w1,stage=plan";
    const settings = { env: { OTEL_RESOURCE_ATTRIBUTES: list, CCTELEMETRY_TAGS: list } };
    expect(run.command).toEqual([
      ...["claude", "--settings", JSON.stringify(settings), "--session-id", SESSION, "-p", "x"],
    ]);
    expect(run.env).toEqual(settings.env);
    expect(run.session).toBe(SESSION);
  });

  test("keeps what others set, each in its rank", async () => {
    const userEnv = { OTEL_RESOURCE_ATTRIBUTES: "stage=user,user=1,given=user" };
    const run = await compose(
      [
        "claude",
        "--settings",
        '{"env":{"OTEL_RESOURCE_ATTRIBUTES":"given=1,outer=given","A":"b"},"model":"opus"}',
      ],
      {
        env: {
          OTEL_RESOURCE_ATTRIBUTES: "shell=1,user=shell",
          CCTELEMETRY_TAGS: "outer=1,stage=outer",
        },
        userSettings: `{ // mine\n "env": ${JSON.stringify(userEnv)}, }`,
      },
    );
    const list = "shell=1,user=1,stage=plan,given=1,outer=1,workflow_id=w1";
    expect(run.env["OTEL_RESOURCE_ATTRIBUTES"]).toBe(list);
    expect(run.settings).toEqual({
      env: { OTEL_RESOURCE_ATTRIBUTES: list, CCTELEMETRY_TAGS: list, A: "b" },
      model: "opus",
    });
    expect(run.command.filter((word) => word === "--settings")).toHaveLength(1);
  });

  test("takes settings out of a file, and says when there are none", async () => {
    const path = join(await testFolder(), "mine.json");
    await writeFile(path, '\uFEFF{"permissions":{"deny":["Bash"]}}');
    const run = await compose(["claude", `--settings=${path}`, "--", "--settings", "x"]);
    expect(run.settings).toMatchObject({ permissions: { deny: ["Bash"] } });
    expect(run.command.slice(-3)).toEqual(["--", "--settings", "x"]);
    await expect(compose(["claude", "--settings", "none.json"])).rejects.toThrow("is no file");
    await expect(compose(["claude", "--settings", "{nothing"])).rejects.toThrow(
      "not a JSON object",
    );
    await expect(compose(["claude", "--settings"])).rejects.toThrow("has no value");
  });

  test.each([
    [["--resume", "abc"], undefined],
    [["-c"], undefined],
    [["-pc", "go on"], undefined],
    [["--bg", "x"], undefined],
    [["--session-id", "own"], "own"],
    [["--session-id=own"], "own"],
    [["--", "-c"], SESSION],
  ])("%j leaves the session as it is said", async (args, session) => {
    const run = await compose(["claude", ...args]);
    expect(run.session).toBe(session);
    expect(run.command.includes(SESSION)).toBe(session === SESSION);
  });

  test("of another command gets neither settings nor session", async () => {
    const run = await compose(["claude", "mcp", "list"]);
    expect(run).toMatchObject({ command: ["claude", "mcp", "list"], session: undefined });
  });
});

test("another program has the tags in its environment only", async () => {
  const run = await compose(["./stages.sh", "--settings"]).catch((error: unknown) => error);
  expect(run).toMatchObject({
    command: ["./stages.sh", "--settings"],
    env: { OTEL_RESOURCE_ATTRIBUTES: "workflow_id=w1,stage=plan" },
    session: undefined,
  });
});
