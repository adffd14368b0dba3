import { beforeAll, describe, expect, test } from "vitest";
import { runInside } from "../../../test/support/inside.ts";
import { makeHome, run } from "./run.ts";

let home = "";

beforeAll(async () => {
  home = await makeHome();
});

const commands = [
  "collect",
  "import",
  "query",
  "report",
  "run",
  "schema",
  "status",
  "init",
  "doctor",
  "hooks",
  "stage",
];

describe("help", () => {
  test.each(commands)("%s lists its options and gives examples", async (name) => {
    const asked = await runInside([name, "--help"], { env: { CCTELEMETRY_HOME: home } });
    expect(asked).toMatchObject({ code: 0, stderr: "" });
    expect(asked.stdout).toContain(`Usage: cctelemetry ${name}`);
    expect(asked.stdout).toMatch(/Examples:\n {2}cctelemetry/);
    for (const line of asked.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    expect(await run(home, ["help", name])).toEqual(asked);
  });

  test("of each report names the parameters it takes", async () => {
    const { stdout } = await run(home, ["report", "stages", "--help"]);
    expect(stdout).toMatch(
      /--since <time>[\s\S]*--workflow <id>[\s\S]*cctelemetry report stages --last/,
    );
    expect((await run(home, ["report", "session", "--help"])).stdout).toContain("[session]");
  });

  test("is the same wherever the user's data lie", async () => {
    const elsewhere = await run("/", ["query", "--help"]);
    expect(elsewhere).toEqual(await run(home, ["query", "--help"]));
  });
});

describe("wrong usage ends with 2 and a hint", () => {
  test.each([
    [[], "Usage:"],
    [["improt"], "Did you mean import?"],
    [["query", "SELECT 1", "--fromat", "json"], "Did you mean --format?"],
    [["query", "SELECT 1", "--format", "xml"], "Allowed choices are table, json"],
    [["query", "SELECT 1", "--json", "--format", "csv"], "cannot be used with"],
    [["query", "SELECT 1", "--max-rows", "-1"], "not a whole number"],
    [["query", "SELECT 1", "--timeout", "soon"], "not a number of seconds"],
    [["query", "SELECT 1", "--tz", "Mars/Olympus"], "not a time zone"],
    [["query", "SELECT 1", "--param", "novalue"], "name=value"],
    [["query", "SELECT $a"], "needs a value for its parameter $a"],
    [["query", "SELECT 1", "--file", "x.sql"], "given twice"],
    [["query", "SELECT 1", "--format", "parquet"], "--output"],
    [["report", "stagse"], "no report called stagse"],
    [["report", "session"], "--session"],
    [["report", "daily", "--last", "soon"], "not a span of time"],
    [["schema", "nowhere"], "no table or view called nowhere"],
    [["status", "extra"], "too many arguments"],
  ])("%j", async (args, words) => {
    const outcome = await runInside(args, { env: { CCTELEMETRY_HOME: home } });
    expect(outcome).toMatchObject({ code: 2, stdout: "" });
    expect(outcome.stderr).toContain(words);
    if (args.length > 0) expect(outcome.stderr).toMatch(/^cctelemetry: .*\n(\(Did.*\n)?hint: /);
    expect(outcome.stderr).not.toContain("    at ");
  });
});

describe("known failures end with 1, a sentence and a hint", () => {
  test.each([
    [["query", "DROP TABLE base.meta"], "may only read"],
    [["query", "SELECT * FROM nowhere"], "LINE 1: SELECT * FROM nowhere\n"],
    [["query", "SELECT 1", "--db", "none.duckdb"], "no database"],
    [["query", "--file", "none.sql"], "none.sql cannot be read"],
    [["report", "daily", "--db", "none.duckdb"], "no database"],
    [["status", "--db", "none.duckdb"], "no database"],
    [["query", "SELECT 1", "--output", "no/such/folder.csv"], "no such folder"],
    [["query", "SELECT 1", "--output", "."], "is a directory"],
    [["query", "SELECT sleep_ms(20000)", "--timeout", "0.5"], "longer than 0.5 s"],
    [["import", "bad\u001b[31mname\u202e.jsonl"], "bad\\x1b[31mname\\u202e.jsonl"],
  ])("%j", async (args, words) => {
    const outcome = await run(home, args);
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(outcome.stderr).toMatch(/^cctelemetry: /);
    expect(outcome.stderr).toContain(words);
    expect(outcome.stderr).not.toContain("    at ");
  });

  test("with their stack where it is asked for", async () => {
    const { stderr } = await run(home, ["query", "DROP TABLE x", "--debug"]);
    expect(stderr).toMatch(/may only read[\s\S]*\n {4}at /);
  });
});

describe("terminals", () => {
  const report = ["report", "stages"];

  test("pipes get no colours and no limit of width", async () => {
    const { stdout } = await run(home, report);
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toContain("models");
    expect(stdout).not.toContain("left out");
  });

  test("80 columns are enough", async () => {
    for (const name of ["summary", "stages", "sessions", "tools", "coverage"]) {
      const { stdout } = await run(home, ["report", name], { env: { COLUMNS: "80" } });
      for (const line of stdout.split("\n")) expect([...line].length).toBeLessThanOrEqual(80);
      expect(stdout).not.toContain("── 1 ─");
    }
  });

  test.each([
    [{ FORCE_COLOR: "1" }, [], true],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, [], false],
    [{ FORCE_COLOR: "1" }, ["--no-color"], false],
    [{ FORCE_COLOR: "0" }, [], false],
  ])("%j %j", async (env, args, coloured) => {
    const { stdout } = await run(home, [...report, ...args], { env });
    expect(stdout.includes("\u001b[")).toBe(coloured);
  });

  test("a pipe that closes is no error", async () => {
    const sql = "SELECT range, repeat('x', 1000) FROM range(200000)";
    const outcome = await run(home, ["query", sql, "--format", "csv", "--max-rows", "0"], {
      shell: '"$@" | head -n 1; echo $PIPESTATUS',
    });
    expect(outcome.stderr).toBe("");
    expect(outcome.stdout.trim().split("\n").at(-1)).toBe("0");
  });

  test("a full device is a sentence", async () => {
    const outcome = await run(home, ["query", "FROM api_requests", "-o", "/dev/full/x.csv"]);
    expect(outcome).toMatchObject({ code: 1 });
  });
});
