import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { query, run, testFolder } from "../support/cli.ts";
import { requestLine } from "../support/telemetry.ts";

const count = "SELECT count(*) AS n FROM api_requests";

/** Makes a path of a kind; gives how many requests are behind it. */
const kinds: Readonly<Record<string, (path: string, number: number) => number>> = {
  good: (path, number) => {
    writeFileSync(path, `${requestLine(number)}\n`);
    return 1;
  },
  missing: () => 0,
  "empty folder": (path) => {
    mkdirSync(path);
    return 0;
  },
  "folder of texts": (path) => {
    mkdirSync(path);
    writeFileSync(join(path, "notes.txt"), "nothing here\n");
    return 0;
  },
  folder: (path, number) => {
    mkdirSync(path);
    writeFileSync(join(path, "otel.jsonl"), `${requestLine(number)}\n`);
    return 1;
  },
};

describe("a list of paths, some of which cannot be read", () => {
  test("is imported but for those, which are named, and the exit code is 1", async () => {
    const folder = await testFolder();
    const db = join(folder, "t.duckdb");
    const paths = ["a.jsonl", "none.jsonl", "b.jsonl"].map((name) => join(folder, name));
    for (const [number, path] of paths.entries()) if (number !== 1) kinds["good"]?.(path, number);
    const outcome = await run(["import", ...paths, "--db", db, "--json"]);
    expect(outcome.code).toBe(1);
    expect(JSON.parse(outcome.stdout)).toMatchObject([{ files: 2, log_records: 2 }]);
    expect(outcome.stderr).toContain(
      `1 of 3 paths could not be read: There is no file or directory "${paths[1]}". 2 files were read.`,
    );
    expect(await query(db, count)).toEqual([{ n: 2 }]);
  });

  test("of which none can is an error that names each", async () => {
    const folder = await testFolder();
    const db = join(folder, "t.duckdb");
    const outcome = await run(["import", join(folder, "x"), join(folder, "y"), "--db", db]);
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(outcome.stderr).toContain("None of the paths can be read.");
    expect(outcome.stderr).toContain(join(folder, "x"));
    expect(outcome.stderr).toContain(join(folder, "y"));
  });

  test("in whatever order and number, loses nothing that can be read", async () => {
    const lists = fc.array(fc.constantFrom(...Object.keys(kinds)), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(lists, async (list) => {
        const folder = await testFolder();
        const db = join(folder, "t.duckdb");
        const paths = list.map((_kind, at) => join(folder, `p${at}`));
        const requests = list.reduce(
          (sum, kind, at) => sum + (kinds[kind]?.(paths[at] ?? "", at) ?? 0),
          0,
        );
        const outcome = await run(["import", ...paths, "--db", db]);
        expect(outcome.code).toBe(requests === list.length ? 0 : 1);
        if (requests > 0) expect(await query(db, count)).toEqual([{ n: requests }]);
      }),
      { numRuns: 5 },
    );
  });
});
