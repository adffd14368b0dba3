import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run, testFolder } from "./support/cli.ts";
import { fixture } from "./support/fixtures.ts";

const recording = fixture("L-json-tools.jsonl");

test("~ and $HOME in options and variables are the home directory, and no folder ~ is made", async () => {
  const home = await testFolder();
  const cwd = join(home, "work");
  await mkdir(cwd);
  const at = (env: Readonly<Record<string, string>>) => ({ cwd, env: { HOME: home, ...env } });
  const own = at({ CCTELEMETRY_HOME: "~/own" });
  expect((await run(["import", recording, "--db", "~/a.duckdb"], own)).code).toBe(0);
  expect((await run(["import", recording], at({ CCTELEMETRY_DB: "$HOME/b.duckdb" }))).code).toBe(0);
  expect((await run(["report", "summary", "--db", "~/a.duckdb", "-o", "~/r.csv"], own)).code).toBe(
    0,
  );
  expect((await run(["import", "~/*.nothing", "--db", "~/a.duckdb"], own)).stderr).toContain(home);
  const line = await run(["statusline", recording, "--fresh", "--db", "~/a.duckdb"], {
    ...own,
    stdin: '{"session_id":"x"}',
  });
  expect(line.code, line.stderr).toBe(0);
  expect(["a.duckdb", "b.duckdb", "r.csv"].filter((name) => !existsSync(join(home, name)))).toEqual(
    [],
  );
  expect(await readdir(cwd)).toEqual([]);
});

test("without a home directory they are refused", async () => {
  const folder = await testFolder();
  for (const env of [{ CCTELEMETRY_DB: "~/x.duckdb" }, { CCTELEMETRY_HOME: "~/x" }]) {
    const { code, stderr } = await run(["import", recording], {
      cwd: folder,
      env: { ...env, HOME: "relative" },
    });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^cctelemetry: There is no home directory/),
    ]);
  }
  expect(await readdir(folder)).toEqual([]);
});

test.skipIf(process.platform === "win32")(
  "another user's home is refused, and blanks are no folder",
  async () => {
    const folder = await testFolder();
    const refused = async (args: readonly string[], env: Readonly<Record<string, string>>) => {
      const { code, stderr } = await run(args, { cwd: folder, env: { HOME: folder, ...env } });
      expect(code).toBe(1);
      return stderr;
    };
    const inOption = await refused(["import", recording, "--db", "~root/x.duckdb"], {});
    expect(inOption).toMatch(/^cctelemetry: ~root\/x\.duckdb begins with another user's home/);
    for (const name of ["CCTELEMETRY_DB", "CCTELEMETRY_HOME"]) {
      const inVariable = await refused(["import", recording], { [name]: "~root/x" });
      expect(inVariable).toMatch(new RegExp(`^cctelemetry: ~root/x in ${name} begins`));
    }
    const relative = await refused(["import", recording], {
      CCTELEMETRY_HOME: " ",
      HOME: "relative",
    });
    expect(relative).toMatch(/HOME is "relative", which is not absolute/);
    expect(await readdir(folder)).toEqual([]);
  },
);
