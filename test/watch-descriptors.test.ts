import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { query, run, testFolder } from "./support/cli.ts";
import { absolute } from "./support/source-tree.ts";

const FILES = 250;

test.runIf(process.platform === "linux")(
  "watch follows and stores more files than it may open",
  async () => {
    const folder = await testFolder();
    const many = join(folder, "many");
    mkdirSync(many);
    const input = readFileSync(
      absolute("fixtures/field/41-by-team-project-pr/input.jsonl"),
      "utf8",
    );
    const [first = ""] = input.split("\n");
    for (let number = 0; number < FILES; number += 1) {
      const session = String(number).padStart(12, "0");
      writeFileSync(
        join(many, `${number}.jsonl`),
        `${first.replaceAll("000000000410", session)}\n`,
      );
    }
    const database = join(folder, "many.duckdb");
    const { stdout, stderr } = await run(["watch", many, "--json", "--db", database], {
      launcher: ["bash", "-c", 'ulimit -n 96; exec timeout -s INT 20 "$@"', "bash"],
    });
    const last = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "{}") as {
      readonly store: unknown;
      readonly files: readonly { readonly state: string; readonly reason: string | null }[];
    };
    expect(stderr).toBe("");
    expect(last.store).toEqual({ state: "ok", reason: null });
    expect([...new Set(last.files.map(({ state, reason }) => `${state} ${reason}`))]).toEqual([
      "following null",
    ]);
    expect(last.files.length).toBe(FILES);
    expect(await query(database, "SELECT count(*)::INT AS n FROM api_requests")).toEqual([
      { n: FILES },
    ]);
  },
);
