import { appendFile, chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type Outcome,
  query,
  type RunOptions,
  run as runProgram,
  testFolder,
} from "./support/cli.ts";

/** The program in a home of its own, in a shell of session s1. */
function at(home: string) {
  const env = {
    CCTELEMETRY_HOME: home,
    CLAUDE_CODE_SESSION_ID: "s1",
    CLAUDE_CONFIG_DIR: join(home, "claude"),
    CCTELEMETRY_TAGS: "",
    OTEL_RESOURCE_ATTRIBUTES: "",
  };
  return (args: readonly string[], options: RunOptions = {}): Promise<Outcome> =>
    runProgram(args, { ...options, env: { ...env, ...options.env } });
}

const marksOf = (home: string) => join(home, "otlp", "stages.jsonl");

/** An api_request of session s1 as a Collector writes it, begun when it ends. */
function requestLine(time: number, id: string): string {
  const attribute = (key: string, value: object): object => ({ key, value });
  const attributes = [
    attribute("event.name", { stringValue: "api_request" }),
    attribute("session.id", { stringValue: "s1" }),
    attribute("request_id", { stringValue: id }),
    attribute("model", { stringValue: "claude-opus-5-5" }),
    attribute("input_tokens", { intValue: "10" }),
    attribute("cost_usd", { doubleValue: 0.5 }),
    attribute("duration_ms", { intValue: "0" }),
  ];
  const body = { stringValue: "claude_code.api_request" };
  const logRecords = [{ timeUnixNano: `${time}000000`, body, attributes }];
  return `${JSON.stringify({ resourceLogs: [{ resource: {}, scopeLogs: [{ logRecords }] }] })}\n`;
}

test("marks of a running session give its requests their stage, by import alone", async () => {
  const home = await testFolder();
  const run = at(home);
  const telemetry = join(home, "otlp", "telemetry.jsonl");
  const asked = async (id: string): Promise<void> => {
    await appendFile(telemetry, requestLine(Date.now(), id));
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  expect(await run(["stage", "start", "plan", "--workflow", "w1"])).toMatchObject({
    code: 0,
    stdout: "",
    stderr: "",
  });
  await asked("r1");
  expect(await run(["stage", "start", "review", "--next"])).toMatchObject({ code: 0, stderr: "" });
  await asked("r2");
  const parallel = await run(["stage", "start", "test"]);
  expect(parallel.stderr).toBe(
    "note: review is open in this session, too: what is spent now is ambiguous until it ends\n",
  );
  await asked("r3");
  await run(["stage", "end"]);
  await asked("r4");
  const inside = await run([
    ...["stage", "exec", "build", "--", process.execPath, "-e"],
    `require("fs").appendFileSync(${JSON.stringify(telemetry)}, ${JSON.stringify(requestLine(0, "r5"))}.replace("0000000", Date.now() + "000000")); process.exit(7)`,
  ]);
  expect(inside).toMatchObject({ code: 7, stderr: "" });
  await asked("r6");

  const database = join(home, "telemetry.duckdb");
  expect(await run(["import", join(home, "otlp")])).toMatchObject({ code: 0 });
  const sql = "SELECT request_id, workflow_id, stage, attribution FROM api_requests ORDER BY ALL";
  expect((await query(database, sql)).map((row) => Object.values(row))).toEqual([
    ["r1", "w1", "plan", "mark"],
    ["r2", null, "review", "mark"],
    ["r3", null, null, "ambiguous"],
    ["r4", null, null, "none"],
    ["r5", null, "build", "mark"],
    ["r6", null, null, "none"],
  ]);
  const report = await run(["report", "sessions", "--json", "--db", database]);
  expect(JSON.parse(report.stdout)).toMatchObject([{ unattributed_share: 0.5 }]);
  if (process.platform !== "win32") {
    expect((await stat(marksOf(home))).mode & 0o777).toBe(0o600);
  }
});

test("marks of many processes at once, and after a torn line, are all there", async () => {
  const home = await testFolder();
  await mkdir(join(home, "otlp"));
  await writeFile(marksOf(home), '{"resourceLogs":[{"torn');
  const numbers = Array.from({ length: 8 }, (_, index) => String(index));
  const outcomes = await Promise.all(
    numbers.map((number) => at(home)(["stage", "start", `s${number}`, "--note", "x".repeat(500)])),
  );
  expect(outcomes.map(({ code }) => code)).toEqual(numbers.map(() => 0));
  const lines = (await readFile(marksOf(home), "utf8")).split("\n").filter((line) => line !== "");
  const stages = lines
    .slice(1)
    .map((line) => /"stage","value":\{"stringValue":"s(\d)/.exec(line)?.[1]);
  expect(stages.sort()).toEqual(numbers);
  for (const line of lines.slice(1)) expect(() => JSON.parse(line)).not.toThrow();
});

test("a hook writes its mark, says nothing, and never fails", async () => {
  const home = await testFolder();
  const run = at(home);
  const quiet = { code: 0, stdout: "", stderr: "" };
  const prompt = {
    session_id: "s1",
    hook_event_name: "UserPromptSubmit",
    prompt: "/plan my secret",
  };
  expect(await run(["hooks", "mark"], { stdin: JSON.stringify(prompt) })).toEqual(quiet);
  expect(await run(["hooks", "mark"], { stdin: "garbage" })).toEqual(quiet);
  const text = await readFile(marksOf(home), "utf8");
  expect(text).toContain('"stringValue":"plan"');
  expect(text).not.toContain("secret");
  const blocked = await testFolder();
  await writeFile(join(blocked, "otlp"), "a file in the way");
  expect(await at(blocked)(["hooks", "mark"], { stdin: JSON.stringify(prompt) })).toEqual(quiet);
});

test("hooks are installed with a difference, a backup and a way back", async () => {
  const home = await testFolder();
  const run = at(home);
  const path = join(home, "claude", "settings.json");
  await mkdir(join(home, "claude"));
  const text = '{\n  "model": "opus" // mine\n}\n';
  await writeFile(path, text);
  const shown = await run(["hooks", "install", "--dry-run"]);
  expect(shown.stdout).toMatch(/\+ .*UserPromptSubmit/);
  expect(await readFile(path, "utf8")).toBe(text);
  expect((await run(["hooks", "install"])).stdout).toMatch(/is written\.\nWhat was there is in /);
  const edited = await readFile(path, "utf8");
  expect(edited).toContain("// mine");
  expect((await run(["hooks", "install"])).stdout).toContain("is as it should be");
  await run(["hooks", "uninstall"]);
  expect(JSON.parse((await readFile(path, "utf8")).replace("// mine", ""))).toEqual({
    model: "opus",
  });
  await chmod(path, 0o400);
  const refused = await run(["hooks", "install"]);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain("it is read-only");
});

test("run maps the session it chose, so that it is known should the tags be lost", async () => {
  const home = await testFolder();
  const claude = join(home, process.platform === "win32" ? "claude.cmd" : "claude");
  await writeFile(claude, process.platform === "win32" ? "@exit 0" : "#!/bin/sh\nexit 0\n");
  await chmod(claude, 0o755);
  const run = at(home);
  expect(await run(["run", "--stage", "plan", "--", claude, "-p", "x"])).toMatchObject({ code: 0 });
  const text = await readFile(marksOf(home), "utf8");
  expect(text).toMatch(/"session\.id","value":\{"stringValue":"[0-9a-f-]{36}"/);
  expect(text).toContain('"action","value":{"stringValue":"session"}');
});

test.each([
  [["stage", "start"], {}, 2, "missing required argument"],
  [["stage", "start", "plan"], { CLAUDE_CODE_SESSION_ID: "" }, 2, "not known which session"],
  [["stage", "map"], {}, 2, "no session to map"],
  [["stage", "map", "s1"], {}, 2, "No stage given for session s1"],
  [["stage", "map", "--from", "nowhere.json"], {}, 1, "cannot be read"],
  [["stage", "exec", "x", "--", "no-such-program"], {}, 1, "no such program"],
])("%j ends with a sentence", async (args, env, code, words) => {
  const outcome = await at(await testFolder())(args, { env });
  expect(outcome).toMatchObject({ code, stdout: "" });
  expect(outcome.stderr).toContain(words);
  expect(outcome.stderr).toContain("hint: ");
});

test("a session with a tag of its own is warned that marks go behind it", async () => {
  const outcome = await at(await testFolder())(["stage", "start", "plan"], {
    env: { CCTELEMETRY_TAGS: "workflow_id=w9,stage=build" },
  });
  expect(outcome).toMatchObject({
    code: 0,
    stderr: "note: this session carries the tag stage=build, which goes before marks\n",
  });
});

/** A request of a session, as a Collector writes it. */
const requestOf = (session: string): string =>
  requestLine(Date.now(), "r1").replace('"stringValue":"s1"', `"stringValue":"${session}"`);

const [REAL, TWIN, FRESH] = [
  "17486aec-1111-4222-8333-444444444444",
  "17486bbb-1111-4222-8333-444444444444",
  "e17745eb-1111-4222-8333-444444444444",
];

test("a session is named by the beginning of its id, stored or not, and what was marked is said", async () => {
  const home = await testFolder();
  const run = at(home);
  await mkdir(join(home, "otlp"));
  const telemetry = join(home, "otlp", "telemetry.jsonl");
  await writeFile(telemetry, requestOf(REAL) + requestOf(TWIN));
  expect((await run(["import"])).code).toBe(0);
  await appendFile(telemetry, requestOf(FRESH));

  const mapped = ["stage", "map", "17486aec", "e17745eb", "--stage", "plan", "--workflow", "w-17"];
  expect(await run(mapped)).toEqual({
    code: 0,
    stdout: "17486aec → stage plan, workflow_id w-17\ne17745eb → stage plan, workflow_id w-17\n",
    stderr: "",
  });
  const marks = await readFile(marksOf(home), "utf8");
  for (const id of [REAL, FRESH]) expect(marks).toContain(`"stringValue":"${id}"`);
  expect(marks).not.toContain('"stringValue":"17486aec"');

  const started = await run(["stage", "start", "review", "--session", "17486a"]);
  expect(started).toEqual({ code: 0, stdout: "17486aec → stage review\n", stderr: "" });
  const ended = await run(["stage", "end", "--session", "17486aec"]);
  expect(ended.stdout).toBe("17486aec → end of all stages\n");

  expect((await run(["import"])).code).toBe(0);
  const shown = await run(["report", "session", "17486aec", "--json"]);
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain("plan");
});

test.each([
  [["stage", "map", "17486", "--stage", "plan"], "More than one session begins with 17486."],
  [["stage", "map", "00000000", "--stage", "plan"], "No session begins with 00000000."],
  [["stage", "start", "plan", "--session", "nonsense"], "No session begins with nonsense."],
  [["stage", "end", "--session", "%"], "No session begins with %."],
  [["stage", "map", ".*", "--stage", "plan"], "No session begins with .*."],
])("%j is refused, and nothing is marked", async (args, words) => {
  const home = await testFolder();
  await mkdir(join(home, "otlp"));
  await writeFile(join(home, "otlp", "t.jsonl"), requestOf(REAL) + requestOf(TWIN));
  const outcome = await at(home)(args);
  expect(outcome).toMatchObject({ code: 2, stdout: "" });
  expect(outcome.stderr).toContain(words);
  await expect(readFile(marksOf(home))).rejects.toThrow();
});

test("a whole id is taken as it is, any other text by force", async () => {
  const run = at(await testFolder());
  const whole = await run(["stage", "map", FRESH.toUpperCase(), "--stage", "plan"]);
  expect(whole).toMatchObject({ code: 0, stdout: "e17745eb → stage plan\n" });
  const forced = await run(["stage", "map", "mine", "--stage", "plan", "--force"]);
  expect(forced).toMatchObject({ code: 0, stdout: "mine → stage plan\n" });
});

test("a mark for a session that never was hides none that is", async () => {
  const home = await testFolder();
  const run = at(home);
  await mkdir(join(home, "otlp"));
  await writeFile(join(home, "otlp", "t.jsonl"), requestOf(REAL));
  await run(["stage", "map", "17486aec", "--stage", "lost", "--force"]);
  expect((await run(["import"])).code).toBe(0);
  const { code, stdout } = await run(["report", "sessions", "--session", "17486aec", "--json"]);
  expect({ code, sessions: JSON.parse(stdout).length }).toEqual({ code: 0, sessions: 1 });
});
