import { lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Store } from "@cctelemetry/core";
import { beforeAll, describe, expect, test } from "vitest";
import { makeHome, run } from "./run.ts";

let home = "";

beforeAll(async () => {
  home = await makeHome();
});

describe("a statement comes", () => {
  const answer = { code: 0, stdout: '[\n{"one":1}\n]\n', stderr: "" };

  test("from the command line, from a file, from standard input", async () => {
    expect(await run(home, ["query", "SELECT 1 AS one", "--json"])).toEqual(answer);
    await writeFile(join(home, "one.sql"), "-- one\nSELECT 1 AS one;\n");
    expect(await run(home, ["query", "--file", "one.sql", "--json"])).toEqual(answer);
    const stdin = "SELECT 1 AS one";
    expect(await run(home, ["query", "--json"], { stdin })).toEqual(answer);
    expect(await run(home, ["query", "-", "--json"], { stdin })).toEqual(answer);
  });

  test("with parameters", async () => {
    const sql = "SELECT $a || $b AS text, $n::INTEGER * 2 AS n";
    const parameters = ["-p", "a=x=y", "--param", "b=' --", "-p", "n=21"];
    const { stdout } = await run(home, ["query", sql, "--format", "jsonl", ...parameters]);
    expect(stdout).toBe('{"text":"x=y\' --","n":42}\n');
  });
});

describe("rows", () => {
  test("are cut at a limit, and the note is not among them", async () => {
    const cut = await run(home, ["query", "FROM range(20000)", "--format", "csv"]);
    expect(cut.stdout.trimEnd().split("\r\n")).toHaveLength(10_001);
    expect(cut.stderr).toBe("note: only the first 10000 rows are shown; --max-rows 0 shows all\n");
    const whole = await run(home, ["query", "FROM range(20000)", "--max-rows", "0", "--json"]);
    expect(JSON.parse(whole.stdout)).toHaveLength(20_000);
    expect(whole.stderr).toBe("");
  });

  test("show times on the clock of the zone that is asked for", async () => {
    const sql = "SELECT TIMESTAMPTZ '2026-07-15 22:30:00+00' AS t, t::DATE AS day";
    const { stdout } = await run(home, ["query", sql, "--tz", "Europe/Berlin"]);
    expect(stdout).toContain("2026-07-16 00:30:00  2026-07-16");
    const own = await run(home, ["query", sql], { env: { TZ: "Asia/Tokyo" } });
    expect(own.stdout).toContain("2026-07-16 07:30:00  2026-07-16");
    const json = await run(home, ["query", sql, "--json", "--tz", "Europe/Berlin"]);
    expect(JSON.parse(json.stdout)).toEqual([{ t: "2026-07-15T22:30:00Z", day: "2026-07-16" }]);
  });

  test("of EXPLAIN are the lines of the plan", async () => {
    const { stdout } = await run(home, ["query", "EXPLAIN FROM api_requests"]);
    expect(stdout).toMatch(/┌─+┐\n│ +PROJECTION +│/);
  });
});

describe("a file", () => {
  test.each(["csv", "json", "jsonl", "md", "parquet"])(
    "as %s is whole and private",
    async (kind) => {
      const name = `rows.${kind}`;
      const outcome = await run(home, ["query", "FROM api_requests", "--output", name]);
      expect(outcome).toEqual({ code: 0, stdout: "", stderr: "" });
      expect((await stat(join(home, name))).mode & 0o777).toBe(0o600);
      const bytes = await readFile(join(home, name));
      const starts = {
        csv: "time,",
        json: "[\n{",
        jsonl: '{"time"',
        md: "| time",
        parquet: "PAR1",
      };
      expect(bytes.toString("latin1")).toMatch(new RegExp(`^${literally(starts[kind as "csv"])}`));
    },
  );

  test("replaces what is there, and through a link what it leads to", async () => {
    const folder = join(home, "replace");
    await mkdir(folder);
    await writeFile(join(folder, "old.txt"), "old");
    await symlink(join(folder, "old.txt"), join(folder, "out.csv"));
    await run(home, ["query", "SELECT 1 AS a", "-o", join(folder, "out.csv")]);
    expect((await lstat(join(folder, "out.csv"))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, "old.txt"), "utf8")).toBe("a\r\n1\r\n");
  });

  test("is not there after a failure, nor half of it", async () => {
    const folder = join(home, "failed");
    await mkdir(folder);
    await writeFile(join(folder, "kept.csv"), "kept");
    for (const name of ["kept.csv", "new.parquet", "new.json"]) {
      const sql = "SELECT CASE WHEN range = 9000 THEN error('late') END FROM range(9001)";
      const outcome = await run(home, ["query", sql, "--max-rows", "0", "-o", join(folder, name)]);
      expect(outcome.code).toBe(1);
    }
    const limits = { shell: 'ulimit -f 8; "$@"' };
    const args = ["query", "FROM range(100000)", "--max-rows", "0", "-o", join(folder, "big.csv")];
    const big = await run(home, args, limits);
    expect(big.code).not.toBe(0);
    expect(await readdir(folder)).toEqual(["kept.csv"]);
    expect(await readFile(join(folder, "kept.csv"), "utf8")).toBe("kept");
  });

  test("is not left behind by an interrupt", async () => {
    const folder = join(home, "interrupted");
    await mkdir(folder);
    const args = ["query", "SELECT sleep_ms(20000)", "-o", join(folder, "x.csv")];
    const outcome = await run(home, args, { shell: '"$@" & sleep 1; kill -INT $!; wait $!' });
    expect(outcome.code).toBe(130);
    expect(await readdir(folder)).toEqual([]);
  });
});

test("views of another version are created again before the query runs", async () => {
  const old = await makeHome();
  const path = join(old, "telemetry.duckdb");
  const { openStore } = await import("@cctelemetry/core");
  const store = await openStore(path);
  expect(store).toBeInstanceOf(Store);
  await store.writing(async (session) => {
    await session.run("UPDATE base.meta SET definition = 'another'");
    await session.run("CREATE OR REPLACE VIEW api_requests AS SELECT 'old' AS model");
  });
  await store.close();
  const { stdout } = await run(old, ["query", "SELECT count(*) AS n FROM api_requests", "--json"]);
  expect(JSON.parse(stdout)[0].n).toBeGreaterThan(1);
});

function literally(text: string): string {
  return text.replace(/[[{|]/g, "\\$&");
}
