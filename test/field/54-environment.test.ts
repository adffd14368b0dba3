import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run, testFolder } from "../support/cli.ts";
import { absolute } from "../support/source-tree.ts";

// Full disks and limits: test/full-output.test.ts.
const input = absolute("fixtures/field/54-environment/input.jsonl");

test.skipIf(process.platform === "win32")(
  "containers and CI: one sentence, no stack, nothing in odd places",
  async () => {
    const folder = await testFolder();
    const home = join(folder, "home");
    await mkdir(home);
    const env = { HOME: home, CCTELEMETRY_HOME: join(folder, "cc") };
    const cwd = join(folder, "work");
    await mkdir(cwd);
    const unset = ["env", "-u", "HOME", "-u", "CCTELEMETRY_HOME"];
    // The system may know another home, with a database that is nobody's business here.
    const elsewhere = { XDG_DATA_HOME: join(folder, "data") };
    const homeless = await run(["report", "summary"], { cwd, launcher: unset, env: elsewhere });
    expect(homeless.code).toBe(1);
    const tilde = { HOME: home, CCTELEMETRY_HOME: "", CCTELEMETRY_DB: "~/x.duckdb" };
    expect((await run(["import", input], { cwd, env: tilde })).code).toBe(0);
    expect(await readdir(home)).toContain("x.duckdb");
    expect((await run(["import", input], { cwd, env })).code).toBe(0);
    const noTemporary = { ...env, TMPDIR: "/no/such" };
    expect((await run(["query", "SELECT 1 AS a"], { cwd, env: noTemporary })).code).toBe(0);
    const narrow = { ...env, LANG: "C", LC_ALL: "C", TERM: "dumb", COLUMNS: "40" };
    expect((await run(["report", "models"], { cwd, env: narrow })).code).toBe(0);
    const small = { ...env, NODE_OPTIONS: "--max-old-space-size=64" };
    expect((await run(["report", "summary"], { cwd, env: small })).code).toBe(0);
    const nowhere = await run(["report", "models", "--output", "/no/such/x.csv"], { cwd, env });
    expect([nowhere.code, nowhere.stderr]).toEqual([
      1,
      expect.stringMatching(/^cctelemetry: The output .*there is no such folder\.\nhint: /),
    ]);
    for (const { stderr } of [homeless, nowhere]) expect(stderr).not.toMatch(/ at .*\.mjs/);
    expect(await readdir(cwd)).toEqual([]);
  },
);
