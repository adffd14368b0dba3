import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderForFile, imported, query, run, testFolder } from "./support/cli.ts";
import { fixture } from "./support/fixtures.ts";
import { runInside } from "./support/inside.ts";
import { requestLine } from "./support/telemetry.ts";

const folder = folderForFile(beforeAll, afterAll);
const recordings = ["L-workflow", "O-json-err", "L-json-cumulative", "P-json-tools"];
let database = "";

beforeAll(async () => {
  database = await imported(
    folder(),
    recordings.map((name) => fixture(`${name}.jsonl`)),
  );
});

const reports = [
  "summary",
  "daily",
  "weekly",
  "monthly",
  "sessions",
  "session",
  "prompts",
  "requests",
  "waterfall",
  "workflows",
  "stages",
  "tasks",
  "agents",
  "timeline",
  "models",
  "tools",
  "cache",
  "activity",
  "errors",
  "coverage",
];

test("the reports are those that are asked for, and all are listed", async () => {
  const { stdout } = await run(["report", "--json"]);
  const listed = JSON.parse(stdout) as { readonly report: string }[];
  expect(listed.map(({ report }) => report)).toEqual(reports);
});

/** A report whose rows come in every format; the others in two of them, in turn. */
const IN_EVERY_FORMAT = "requests";
const formats = ["jsonl", "csv", "markdown", "table", "parquet"] as const;

describe("every format has the same rows:", () => {
  test.each(reports)("%s", async (name) => {
    const turn = reports.indexOf(name);
    const chosen = new Set<(typeof formats)[number]>(
      name === IN_EVERY_FORMAT
        ? formats
        : formats.filter((_, at) => (at - turn) % 5 === 0 || (at - turn - 1) % 5 === 0),
    );
    const [first] = await query(database, "SELECT session_id FROM sessions ORDER BY 1 LIMIT 1");
    const command = ["report", name, "--db", database, "--tz", "UTC"];
    if (["session", "prompts", "waterfall"].includes(name))
      command.push("--session", String(first?.["session_id"]));
    const print = async (...format: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await runInside([...command, ...format]);
      expect(code, stderr).toBe(0);
      return stdout;
    };
    const printed = await run([...command, "--json"]);
    expect(printed).toMatchObject({ code: 0, stderr: "" });
    const rows = JSON.parse(printed.stdout) as Readonly<Record<string, unknown>>[];
    expect(rows.length).toBeGreaterThan(0);

    if (chosen.has("jsonl")) {
      const lines = (await print("--format", "jsonl")).trimEnd().split("\n");
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows);
    }
    if (chosen.has("csv")) {
      const csv = await print("--format", "csv");
      expect(csv.split("\r\n")[0]).toBe(Object.keys(rows[0] ?? {}).join(","));
    }

    // For people a long report is cut unless it is asked for whole; for programs it never is.
    if (chosen.has("markdown")) {
      const whole = rows.length > 50 ? ["--limit", "all"] : [];
      const markdown = await print("--format", "markdown", ...whole);
      expect(markdown.split("\n").filter((line) => line.startsWith("|"))).toHaveLength(
        rows.length + 2,
      );
    }
    if (chosen.has("table")) expect(await print("--format", "table")).toContain("─");
    if (chosen.has("parquet")) {
      const file = join(folder(), `${name}.parquet`);
      await print("--output", file);
      expect((await readFile(file)).subarray(0, 4).toString()).toBe("PAR1");
    }
  });
});

describe("streams and exit codes:", () => {
  test.each([
    [["--help"], 0],
    [["--version"], 0],
    [["report", "models", "--help"], 0],
    [[], 2],
    [["nonsense"], 2],
    [["query", "SELECT 1", "--format", "nonsense"], 2],
    [["report", "nonsense"], 2],
    [["report", "daily", "--tz", "Mars/Olympus"], 2],
    [["import", "--nonsense"], 2],
  ] as const)("cctelemetry %j ends with %i", async (command, expected) => {
    const { code, stdout, stderr } = await run(command);
    expect(code, stderr).toBe(expected);
    if (expected === 0) expect(stdout).not.toBe("");
    else {
      expect(stdout).toBe("");
      expect(stderr).not.toBe("");
    }
  });

  test("control characters and formulas of telemetry reach nobody raw", async () => {
    const own = await testFolder();
    const file = join(own, "evil.jsonl");
    const evil = "=cmd|' /C calc'!A0\u001b]0;owned\u0007\u001b[2J\u202e\u009b31m";
    await writeFile(file, `${requestLine(1).replace('"claude-opus-5-5"', JSON.stringify(evil))}\n`);
    const path = await imported(own, [file]);
    for (const format of ["table", "csv", "markdown", "json", "jsonl"]) {
      const { stdout } = await runInside(["report", "models", "--db", path, "--format", format]);
      expect(stdout).toContain("cmd");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not appear.
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202e]/);
      if (format === "csv") expect(stdout).not.toMatch(/(^|,)"?=/m);
    }
  });

  test("results go to standard output and nothing else does", async () => {
    const { stdout } = await run(["query", "SELECT 42 AS answer", "--json", "--db", database]);
    expect(JSON.parse(stdout)).toEqual([{ answer: 42 }]);
  });
});
