import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { imported, query, run, testFolder } from "../support/cli.ts";
import { absolute } from "../support/source-tree.ts";
import { requestLine } from "../support/telemetry.ts";

const usage = `SELECT count(*) AS n, sum(cost_usd)::VARCHAR AS c, any_value(tags->>'department') AS d
  FROM api_requests`;

function input(name: string): string {
  return absolute(`fixtures/field/20-encodings/${name}.jsonl`);
}

describe("a file in another encoding", () => {
  const read = ["utf8bom", "utf16le", "utf16be", "utf16le-nobom", "crlf", "crlf-bom"];

  test.each(read)("%s is read whole", async (name) => {
    const db = await imported(await testFolder(), [input(name)]);
    const [row] = await query(db, usage);
    expect(row).toMatchObject({ n: 2, d: "Küche 開発" });
    expect(Number(row?.["c"])).toBe(0.0246);
    expect(await query(db, "SELECT count(*) AS n FROM rejected_lines")).toEqual([{ n: 0 }]);
  });

  test("the same file in each of them holds the same records", async () => {
    const db = await imported(await testFolder(), read.map(input));
    expect(await query(db, "SELECT count(*) AS n FROM api_requests")).toEqual([{ n: 2 }]);
  });

  test("latin1 is read with what is no UTF-8 replaced, and named", async () => {
    const db = await imported(await testFolder(), [input("latin1")]);
    expect(await query(db, "SELECT count(*) AS n FROM api_requests")).toEqual([{ n: 2 }]);
    expect(await query(db, "SELECT DISTINCT reason FROM rejected_lines")).toEqual([
      { reason: "invalid-utf8" },
    ]);
  });

  test("UTF-16 that grows is read on", async () => {
    const folder = await testFolder();
    const file = join(folder, "redirected.jsonl");
    const db = join(folder, "t.duckdb");
    appendFileSync(file, Buffer.from(`\ufeff${requestLine(1)}\r\n`, "utf16le"));
    await run(["import", file, "--db", db]);
    appendFileSync(file, Buffer.from(`${requestLine(2)}\r\n`, "utf16le"));
    const { stdout } = await run(["import", file, "--db", db, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject([{ log_records: 1, duplicates: 0 }]);
    expect(await query(db, "SELECT count(*) AS n FROM api_requests")).toEqual([{ n: 2 }]);
  });
});
