import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { imported, run, testFolder } from "./support/cli.ts";
import { fixture } from "./support/fixtures.ts";

/** A device of our own on which no byte has room. */
const full = join(tmpdir(), `cctelemetry-full-${process.pid}`);
const mayMake = spawnSync("mknod", ["-m", "666", full, "c", "1", "7"]).status === 0;
rmSync(full, { force: true });

const sentence =
  /^cctelemetry: Standard output cannot be written: there is no space left\.\nhint: [^\n]*\n$/;

describe.runIf(mayMake)("standard output without room", () => {
  test("is one sentence and exit code 1, whatever was to be written", async () => {
    const folder = await testFolder();
    const database = await imported(folder, [fixture("L-json-tools.jsonl")]);
    spawnSync("mknod", ["-m", "666", join(folder, "full"), "c", "1", "7"]);
    const report = ["report", "sessions", "--db", database];
    const commands = [
      ...["table", "json", "jsonl", "csv", "markdown"].map((format) => [
        ...report,
        "--format",
        format,
      ]),
      ["query", "FROM range(3)", "--db", database],
      ["status", "--db", database],
      ["schema"],
      ["watch", "--json", "--db", database],
      ["--help"],
      ["report", "--help"],
      ["--version"],
    ];
    for (const command of commands) {
      const launcher = ["bash", "-c", `exec "$@" > ${folder}/full`, "bash"];
      const { code, stderr } = await run(command, { launcher });
      expect([command.join(" "), code, stderr]).toEqual([
        command.join(" "),
        1,
        expect.stringMatching(sentence),
      ]);
    }
    // Nobody hears of a full standard error; what was asked for is done, or not.
    for (const [command, expected] of [
      [report, 0],
      [["report", "nope"], 2],
    ] as const) {
      const launcher = ["bash", "-c", `exec "$@" 2> ${folder}/full`, "bash"];
      expect((await run(command, { launcher })).code).toBe(expected);
    }
  });
});

describe.skipIf(process.platform === "win32")("limits of the machine are known errors", () => {
  const recording = fixture("L-json-tools.jsonl");

  test.each([
    ["a name of 254 bytes", `${"a".repeat(247)}.duckdb`, 1, /name of the database is too long/],
    [
      "a path of 5,000 bytes",
      `${"a/".repeat(2_500)}x.duckdb`,
      1,
      /name of the database is too long/,
    ],
    ["a name that just fits", `${"a".repeat(240)}.db`, 0, /^$/],
  ])("%s", async (_, name, expected, words) => {
    const folder = await testFolder();
    const { code, stderr } = await run(["import", recording, "--db", join(folder, name)]);
    expect([code, stderr]).toEqual([expected, expect.stringMatching(words)]);
  });

  test("no folder for temporary files", async () => {
    const { code, stderr } = await run(["collect", "--self-test"], { env: { TMPDIR: "/no/such" } });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^cctelemetry: .*\/no\/such.*\nhint: Set TMPDIR to a folder/),
    ]);
  });

  test.runIf(process.platform === "linux")(
    "memory that the engine does not fit into, and few descriptors",
    async () => {
      const folder = await testFolder();
      const database = await imported(folder, [recording]);
      const limited = (limit: string, args: readonly string[]) =>
        run(args, { launcher: ["bash", "-c", `ulimit ${limit}; exec "$@"`, "bash"] });
      for (const command of [
        ["report", "summary"],
        ["query", "SELECT 1"],
      ]) {
        const { code, stderr } = await limited("-v 800000", [...command, "--db", database]);
        // Another Node.js may fit, or not even start.
        if (code !== 0 && stderr.startsWith("cctelemetry")) {
          expect([code, stderr]).toEqual([
            1,
            expect.stringMatching(
              /^cctelemetry: The database engine cannot be loaded.*\nhint: .*\n$/,
            ),
          ]);
        }
      }
      const many = join(folder, "many");
      spawnSync("mkdir", [many]);
      for (let number = 0; number < 200; number++)
        writeFileSync(join(many, `${number}.jsonl`), "{}\n");
      const few = await run(["watch", many, "--json", "--db", database], {
        launcher: ["bash", "-c", 'ulimit -n 64; exec timeout -s INT 8 "$@"', "bash"],
      });
      expect(few.stderr).not.toMatch(/ at .*\.mjs/);
      const reason = (
        JSON.parse(few.stdout.trimEnd().split("\n").at(-1) ?? "{}") as {
          store?: { reason?: string };
        }
      ).store?.reason;
      if (typeof reason === "string") expect(reason).toMatch(/Too many files are open/);
    },
  );
});
