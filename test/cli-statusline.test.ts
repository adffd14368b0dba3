import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { type Outcome, type RunOptions, run, testFolder } from "./support/cli.ts";
import { absolute } from "./support/source-tree.ts";
import { requestLine } from "./support/telemetry.ts";

interface Truth {
  readonly logs: {
    readonly by_session: Readonly<
      Record<
        string,
        {
          readonly requests: number;
          readonly cost_usd: number;
          readonly tokens: Readonly<Record<string, number>>;
        }
      >
    >;
  };
}

const recording = absolute("fixtures/telemetry/L-workflow.jsonl");
const truth = JSON.parse(
  readFileSync(absolute("fixtures/telemetry/L-workflow.truth.json"), "utf8"),
) as Truth;
const sessions = Object.entries(truth.logs.by_session);

let home: string;
let file: string;

beforeEach(async () => {
  home = await testFolder();
  mkdirSync(join(home, "otlp"));
  file = join(home, "otlp", "claude-code.jsonl");
});

function statusline(
  input: object | string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Outcome> {
  const stdin = typeof input === "string" ? input : JSON.stringify(input);
  const env = { CCTELEMETRY_HOME: home, COLUMNS: "200", ...options.env };
  return run(["statusline", ...args], { ...options, stdin, env });
}

/** The line once a refresh in the background is done. */
async function settled(input: object, text: RegExp, args: readonly string[] = []): Promise<string> {
  let line = "";
  await expect
    .poll(
      async () => {
        const { code, stdout, stderr } = await statusline(input, args);
        expect([code, stderr]).toEqual([0, ""]);
        line = stdout;
        return line;
      },
      { interval: 100 },
    )
    .toMatch(text);
  return line;
}

describe("the numbers of every session of a recording", () => {
  test("are the truth's, by line and by JSON", async () => {
    writeFileSync(file, readFileSync(recording));
    for (const [id, { requests, cost_usd, tokens }] of sessions) {
      const { stdout } = await statusline({ session_id: id }, ["--json", "--fresh"]);
      const { session } = JSON.parse(stdout) as { session: Record<string, unknown> };
      expect(session).toMatchObject({
        session_id: id,
        requests,
        input_tokens: tokens["input"],
        output_tokens: tokens["output"],
        cache_read_tokens: tokens["cacheRead"],
        cache_creation_tokens: tokens["cacheCreation"],
      });
      expect(session["cost_usd"]).toBeCloseTo(cost_usd, 9);
      const later = await statusline({ session_id: id }, ["--json"]);
      expect(JSON.parse(later.stdout)).toEqual(JSON.parse(stdout));
    }
  });
});

test("a first line says that it reads, later ones follow the file", async () => {
  const [id, { requests }] = sessions.toSorted((a, b) => b[1].requests - a[1].requests)[0] ?? [
    "",
    { requests: 0 },
  ];
  const lines = readFileSync(recording, "utf8").trimEnd().split("\n");
  writeFileSync(file, `${lines[0]}\n`);
  const input = { session_id: id, model: { display_name: "Opus" }, cost: { total_cost_usd: 0.5 } };
  const first = await statusline(input);
  expect([first.code, first.stdout, first.stderr]).toEqual([
    0,
    "Opus · ~$0.50 · reading telemetry\n",
    "",
  ]);
  await settled(input, /no telemetry yet/);
  const template = ["--template", "{requests}"];
  await settled(input, /^\n$/, template);
  appendFileSync(file, `${lines.slice(1).join("\n")}\n`);
  const { stdout } = await statusline(input, template);
  expect(stdout).toBe(`${requests}\n`);
});

test("of a session that only the database knows, it is shown as well", async () => {
  const [id = "", { requests }] = sessions[0] ?? ["", { requests: 0 }];
  const imported = await run(["import", recording], { env: { CCTELEMETRY_HOME: home } });
  expect(imported.code).toBe(0);
  await settled({ session_id: id }, new RegExp(`^${requests} `), [
    "--template",
    "{requests} {cost}",
  ]);
});

test("many at once leave one state, and no process behind", async () => {
  writeFileSync(file, readFileSync(recording));
  const [id = ""] = sessions[0] ?? [];
  const outcomes = await Promise.all(
    Array.from({ length: 6 }, () => statusline({ session_id: id })),
  );
  for (const { code, stderr } of outcomes) expect([code, stderr]).toEqual([0, ""]);
  await settled({ session_id: id }, /\$/);
  await expect
    .poll(() => readdirSync(join(home, "cache", "statusline")))
    .toEqual([expect.stringMatching(/^[0-9a-f]{16}\.json$/)]);
});

test("a refresh that was killed does not keep the next one from starting", async () => {
  writeFileSync(file, readFileSync(recording));
  const [id = ""] = sessions[0] ?? [];
  await settled({ session_id: id }, /\$/);
  const folder = join(home, "cache", "statusline");
  const [name = ""] = readdirSync(folder);
  rmSync(join(folder, name));
  const gone = spawnSync(process.execPath, ["-e", "0"]).pid;
  writeFileSync(join(folder, `${name}.refreshing`), String(gone));
  await settled({ session_id: id }, /\$/);
});

describe("what makes no sense", () => {
  const cases: readonly (readonly [string, string, readonly string[], number, string])[] = [
    ["no input", "", [], 2, "is missing on stdin"],
    ["input that is no JSON", "hello", [], 2, "stdin is not status line JSON"],
    [
      "an unknown value",
      "{}",
      ["--template", "{nonsense}"],
      2,
      "has {nonsense}, which is no value",
    ],
    ["an odd width", "{}", ["--width", "0"], 2, "--width"],
    ["an unknown option", "{}", ["--nonsense"], 2, "--nonsense"],
  ];

  test.each(cases)("%s: one sentence and a hint", async (_name, input, args, code, text) => {
    const outcome = await statusline(input, args);
    expect(outcome.code).toBe(code);
    expect(outcome.stdout).toBe("");
    expect(outcome.stderr).toContain(text);
    expect(outcome.stderr).toMatch(/^cctelemetry: .+\nhint: .+\n$/);
  });

  test("no session: what Claude Code sends is shown", async () => {
    const outcome = await statusline({ cost: { total_cost_usd: 2 } });
    expect([outcome.code, outcome.stdout]).toEqual([0, "~$2.00 · no session\n"]);
  });

  const isRoot = process.getuid?.() === 0;
  test.skipIf(process.platform === "win32" || isRoot)(
    "a cache that cannot be written",
    async () => {
      mkdirSync(join(home, "cache"));
      chmodSync(join(home, "cache"), 0o500);
      const outcome = await statusline({ session_id: "s" });
      expect([outcome.code, outcome.stdout]).toEqual([0, "cache not writable\n"]);
    },
  );

  test("a cache that is a file", async () => {
    writeFileSync(join(home, "cache"), "");
    const outcome = await statusline({ session_id: "s" });
    expect([outcome.code, outcome.stdout]).toEqual([0, "cache not writable\n"]);
  });
});

describe("setting it up", () => {
  const settings = (): string => join(home, "claude", "settings.json");
  const install = (...args: readonly string[]): Promise<Outcome> =>
    run(["statusline", ...args], {
      env: { CCTELEMETRY_HOME: home, CLAUDE_CONFIG_DIR: join(home, "claude") },
    });
  const read = (): { statusLine?: Record<string, unknown> } =>
    JSON.parse(readFileSync(settings(), "utf8").replace(/^\s*\/\/.*$/gm, "")) as object;

  test("makes the file, then has nothing more to do", async () => {
    const made = await install("--install");
    expect([made.code, made.stderr]).toEqual([0, ""]);
    expect(read().statusLine).toMatchObject({ type: "command", refreshInterval: 10 });
    expect(read().statusLine?.["command"]).toMatch(/statusline$/);
    expect((await install("--install")).stdout).toContain("is as it should be");
  });

  test("keeps comments, other keys and what the user set, and leaves a copy", async () => {
    mkdirSync(join(home, "claude"));
    const before = '{\n  // mine\n  "model": "opus"\n}\n';
    writeFileSync(settings(), before);
    await install("--install", "--template", "{cost} · {stage}");
    const after = readFileSync(settings(), "utf8");
    expect(after).toContain("// mine");
    expect(after).toContain('"model": "opus"');
    expect(read().statusLine?.["command"]).toContain("{cost} · {stage}");
    const copies = readdirSync(join(home, "claude")).filter((name) => name.endsWith(".bak"));
    expect(copies).toHaveLength(1);
    expect(readFileSync(join(home, "claude", copies[0] ?? ""), "utf8")).toBe(before);
    writeFileSync(settings(), after.replace('"refreshInterval": 10', '"refreshInterval": 3'));
    await install("--install");
    expect(read().statusLine).toMatchObject({ refreshInterval: 3 });
    expect((await install("--uninstall")).code).toBe(0);
    expect(read().statusLine).toBeUndefined();
    expect(readFileSync(settings(), "utf8")).toContain("// mine");
  });

  test("leaves another status line alone by default", async () => {
    mkdirSync(join(home, "claude"));
    const before = '{ "statusLine": { "type": "command", "command": "ccusage statusline" } }\n';
    writeFileSync(settings(), before);
    const refused = await install("--install");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(
      "has another status line: ccusage statusline.\nhint: --replace",
    );
    await install("--uninstall");
    expect(readFileSync(settings(), "utf8")).toBe(before);
    expect((await install("--install", "--replace")).code).toBe(0);
    expect(read().statusLine?.["command"]).toMatch(/cctelemetry/);
  });

  test("refuses a file that is no JSON, and changes nothing", async () => {
    mkdirSync(join(home, "claude"));
    writeFileSync(settings(), "{ nonsense");
    const refused = await install("--install");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/is not valid JSON at line 1.*\nhint: /);
    expect(readFileSync(settings(), "utf8")).toBe("{ nonsense");
    expect(existsSync(`${settings()}.bak`)).toBe(false);
  });

  test.skipIf(process.platform === "win32")("what was set up can be run", async () => {
    await install("--install", "--template", "it's {cost}");
    const command = String(read().statusLine?.["command"]);
    const { stdout } = await run([], {
      launcher: ["sh", "-c", `echo '{"cost":{"total_cost_usd":3}}' | ${command}`],
      env: { CCTELEMETRY_HOME: home, PATH: process.env["PATH"] ?? "" },
    });
    expect(stdout).toBe("it's ~$3.00\n");
  });
});

test("a database that takes the place of another one brings its own numbers", async () => {
  const files = [
    { path: join(home, "one.jsonl"), text: `${requestLine(0)}\n${requestLine(1)}\n` },
    { path: join(home, "two.jsonl"), text: `${requestLine(2)}\n` },
  ];
  const database = join(home, "telemetry.duckdb");
  const input = { session_id: "11111111-2222-4333-8444-555555555555" };
  const shown: string[] = [];
  for (const { path, text } of files) {
    writeFileSync(path, text);
    for (const old of [database, `${database}.wal`]) rmSync(old, { force: true });
    const env = { CCTELEMETRY_HOME: home };
    expect((await run(["import", path], { env })).code).toBe(0);
    shown.push((await statusline(input, ["--fresh", "--template", "{cost}"])).stdout);
    expect((await statusline(input, ["--template", "{cost}"])).stdout).toBe(shown.at(-1));
  }
  expect(shown).toEqual(["$0.50\n", "$0.25\n"]);
});
