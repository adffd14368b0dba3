import { spawnSync } from "node:child_process";
import { lstat, mkdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { imported, type Outcome, run, testFolder } from "../support/cli.ts";
import { runInside } from "../support/inside.ts";
import { absolute } from "../support/source-tree.ts";

const input = absolute("fixtures/field/78-output-to-devices/input.jsonl");
const formats = ["table", "json", "jsonl", "csv", "markdown", "parquet"];

test.skipIf(process.platform === "win32")(
  "devices, pipes, links and standard output are written to, and stay what they are",
  async () => {
    const folder = await testFolder();
    const database = await imported(folder, [input]);
    const at = (name: string) => join(folder, "dev", name);
    await mkdir(join(folder, "dev"));
    const mayMake = spawnSync("mknod", ["-m", "666", at("null"), "c", "1", "3"]).status === 0;
    await symlink("/proc/self/fd/1", at("stdout"));
    spawnSync("mkfifo", [at("fifo")]);
    await writeFile(join(folder, "real"), "old\n", { mode: 0o644 });
    await symlink(join(folder, "real"), at("link"));

    for (const format of formats) {
      const report = (name: string): Promise<Outcome> =>
        run(["report", "summary", "--db", database, "--format", format, "--output", at(name)]);
      const plain = await runInside([
        ...["report", "summary", "--db", database, "--format", format],
        ...["--output", join(folder, "plain")],
      ]);
      expect(plain).toEqual({ code: 0, stdout: "", stderr: "" });
      const expected = await readFile(join(folder, "plain"));
      // What is text goes the same ways: one of them goes all.
      const isAlike = !["table", "parquet"].includes(format);
      if (mayMake && !isAlike) {
        expect(await report("null")).toEqual({ code: 0, stdout: "", stderr: "" });
      }
      const printed = await report("stdout");
      expect([printed.code, printed.stderr]).toEqual([0, ""]);
      if (format !== "parquet") expect(printed.stdout).toBe(expected.toString());
      else expect(printed.stdout).toMatch(/^PAR1[\s\S]*PAR1$/);
      expect(await report("link")).toEqual({ code: 0, stdout: "", stderr: "" });
      expect((await readFile(join(folder, "real"))).length).toBe(expected.length);
      if (isAlike) continue;
      const piped = readFile(at("fifo"));
      expect(await report("fifo")).toEqual({ code: 0, stdout: "", stderr: "" });
      expect((await piped).length).toBe(expected.length);
    }

    if (mayMake) expect((await lstat(at("null"))).isCharacterDevice()).toBe(true);
    expect(await readlink(at("stdout"))).toBe("/proc/self/fd/1");
    expect((await lstat(at("fifo"))).isFIFO()).toBe(true);
    expect(await readlink(at("link"))).toBe(join(folder, "real"));
    expect((await lstat(join(folder, "real"))).mode & 0o777).toBe(0o644);
    const shell = ["bash", "-c", `exec "$@" -o >(cat > ${folder}/substituted)`, "bash"];
    expect(
      (await run(["query", "SELECT 1 AS a", "--json", "--db", database], { launcher: shell })).code,
    ).toBe(0);
    await expect.poll(() => readFile(join(folder, "substituted"), "utf8")).toBe('[\n{"a":1}\n]\n');
    const journal = await run(
      ["collect", "-o", at("stdout"), "--port", "24998", "--grpc-port", "0"],
      {
        launcher: ["timeout", "60"],
      },
    );
    expect(journal.code).toBe(1);
    expect(await readlink(at("stdout"))).toBe("/proc/self/fd/1");
  },
  300_000,
);
