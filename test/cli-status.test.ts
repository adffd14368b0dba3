import { spawnSync } from "node:child_process";
import { appendFile, chmod, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { imported, type Outcome, run, testFolder } from "./support/cli.ts";
import { fixture } from "./support/fixtures.ts";
import { requestLine } from "./support/telemetry.ts";

type Row = Readonly<Record<string, unknown>>;

/** A folder with a file that was imported, and its database. */
async function read(): Promise<{ folder: string; file: string; database: string }> {
  const folder = await testFolder();
  const file = join(folder, "otel.jsonl");
  await copyFile(fixture("L-workflow.jsonl"), file);
  return { folder, file, database: await imported(folder, [file]) };
}

async function rowsOf(database: string): Promise<readonly Row[]> {
  const { code, stdout, stderr } = await run(["status", "--json", "--db", database]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Row[];
}

describe("each file as it is now:", () => {
  test("what was appended is reported in bytes, and read by the next import", async () => {
    const { file, database } = await read();
    expect(await rowsOf(database)).toMatchObject([
      { path: file, state: "up to date", lag_bytes: 0, rejected_lines: 0, reason: null },
    ]);
    const more = `${requestLine(1)}\nno telemetry\n`;
    await appendFile(file, more);
    expect(await rowsOf(database)).toMatchObject([{ state: "behind", lag_bytes: more.length }]);
    const table = await run(["status", "--db", database]);
    expect(table.stdout).toMatch(/otel\.jsonl +behind/);
    expect(table.stdout).toContain("cctelemetry import <file>");
    await run(["import", file, "--db", database]);
    expect(await rowsOf(database)).toMatchObject([
      { state: "up to date", lag_bytes: 0, rejected_lines: 1 },
    ]);
  });

  test("a directory in its place, with the reason below the table", async () => {
    const { file, database } = await read();
    await rm(file);
    await mkdir(file);
    expect(await rowsOf(database)).toMatchObject([{ state: "a directory", lag_bytes: null }]);
    const { code, stdout } = await run(["status", "--db", database]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/is a directory, not a file/);
  });

  test("a table fits 80 columns, whatever is wrong", async () => {
    const { file, database } = await read();
    await rm(file);
    await mkdir(file);
    const { stdout } = await run(["status", "--db", database], { env: { COLUMNS: "80" } });
    for (const line of stdout.split("\n")) expect([...line].length).toBeLessThanOrEqual(80);
    expect(stdout).toContain("a directory");
  });
});

describe("the database", () => {
  const refused = ({ code, stdout, stderr }: Outcome, words: RegExp): void => {
    expect(code, stderr).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(words);
    expect(stderr).toMatch(/\nhint: /);
  };

  test("is shown with its size, its state and the space left", async () => {
    const { database } = await read();
    const { stdout } = await run(["status", "--db", database]);
    expect(stdout).toMatch(/^state +.*free on its disk/m);
  });

  test("a directory in its place is one sentence", async () => {
    refused(await run(["status", "--db", await testFolder()]), /is a directory, not a database/);
  });

  test.skipIf(process.platform === "win32")("a pipe in its place is not waited for", async () => {
    const pipe = join(await testFolder(), "t.duckdb");
    spawnSync("mkfifo", [pipe]);
    refused(await run(["status", "--db", pipe]), /is a pipe, not a database/);
  });

  const anyone = spawnSync("setpriv", ["--reuid=65534", "--clear-groups", "true"]).status === 0;

  describe.runIf(anyone)("of another user", () => {
    const launcher = ["setpriv", "--reuid=65534", "--clear-groups"];

    test("that may be read is read-only", async () => {
      const { folder, database } = await read();
      await chmod(folder, 0o755);
      await chmod(database, 0o644);
      const table = await run(["status", "--db", database], { launcher });
      expect(table.stdout).toMatch(/^state +read-only/m);
      const json = await run(["status", "--json", "--db", database], { launcher });
      expect(json.stderr).toMatch(/^note: read-only/);
      expect(JSON.parse(json.stdout)).toMatchObject([{ state: "up to date" }]);
    });

    test("with a file that may not be read", async () => {
      const { folder, file, database } = await read();
      await chmod(folder, 0o755);
      await chmod(database, 0o644);
      await chmod(file, 0o600);
      const { stdout } = await run(["status", "--json", "--db", database], { launcher });
      expect(JSON.parse(stdout)).toMatchObject([
        {
          state: "unreadable",
          lag_bytes: null,
          reason: expect.stringContaining("may not be read"),
        },
      ]);
    });

    test("that may not be read is one sentence", async () => {
      const { folder, database } = await read();
      await chmod(folder, 0o755);
      refused(await run(["status", "--db", database], { launcher }), /t.*duckdb cannot be opened/);
    });
  });

  test("that is no database is left as it is", async () => {
    const database = join(await testFolder(), "t.duckdb");
    await writeFile(database, "my diary\n");
    refused(await run(["status", "--db", database]), /is no DuckDB database/);
    expect(await readFile(database, "utf8")).toBe("my diary\n");
  });
});

const mayMount = spawnSync("unshare", ["--map-root-user", "--mount", "true"]).status === 0;

test.runIf(mayMount)("a full disk is reported, and what is stored can be asked", async () => {
  const folder = await testFolder();
  const { database } = await read();
  const script = `
    mkdir "$0/disk" && mount -t tmpfs -o size=32m small "$0/disk" || exit 99
    cp "$1" "$0/disk/t.duckdb"; shift
    cat /dev/zero > "$0/disk/filler" 2> /dev/null
    exec "$@"`;
  const launcher = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, folder, database];
  const { code, stdout, stderr } = await run(["status", "--db", join(folder, "disk", "t.duckdb")], {
    launcher,
  });
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^state +its disk is full, 0 B free/m);
});
