import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Sheet } from "../src/format/sheet.ts";
import { openParquetTable } from "../src/parquet.ts";
import { Database } from "../src/store/database.ts";
import { tableOf } from "../src/store/values.ts";
import { kinds } from "./format/samples.ts";

async function writeAndRead(sheet: Sheet) {
  const path = join(await mkdtemp(join(tmpdir(), "cctelemetry-parquet-")), "it's.parquet");
  await writeFile(path, "in its place", { mode: 0o600 });
  const table = await openParquetTable(sheet.columns);
  for (const row of sheet.rows) table.append([row]);
  await table.writeTo(path);
  await table.close();
  expect((await readFile(path)).subarray(0, 4).toString()).toBe("PAR1");
  const database = await Database.open();
  const read = await database.connection.runAndReadAll(`FROM '${path.replaceAll("'", "''")}'`);
  await database.close();
  return tableOf(read);
}

test("every kind of value comes back with its type", async () => {
  const { columns, rows } = await writeAndRead(kinds);
  expect(columns.map(({ type }) => type)).toEqual([
    "BOOLEAN",
    "INTEGER",
    "BIGINT",
    "VARCHAR",
    "DECIMAL(18,9)",
    "DECIMAL(38,2)",
    "FLOAT",
    "DOUBLE",
    "VARCHAR",
    "TIMESTAMP WITH TIME ZONE",
    "VARCHAR",
    "INTEGER[]",
    "VARCHAR",
  ]);
  expect(rows[0]?.slice(0, 12)).toEqual([
    true,
    -7,
    9_007_199_254_740_993n,
    "170141183460469231731687303715884105727",
    "0.139000000",
    "123456789012345678901234567890123456.78",
    Math.fround(0.1),
    0.1 + 0.2,
    'say "hi", a|b',
    kinds.rows[0]?.[9],
    '{"n":18446744073709551615,"s":"a\u2028b"}',
    [1, 2],
  ]);
  expect(rows[1]?.slice(8)).toEqual(["", null, null, null, null]);
});

test("sums stay integers, and names that repeat are made different", async () => {
  const sheet: Sheet = {
    columns: [
      { name: 'a"; DROP TABLE result; --', type: "HUGEINT" },
      { name: "a", type: "HUGEINT" },
      { name: "a", type: "STRUCT(x'); COPY (SELECT 1) TO '/tmp/evil' INTEGER)" },
    ],
    rows: [[12n, 10n ** 30n, { x: 1 }]],
  };
  const { columns, rows } = await writeAndRead(sheet);
  expect(columns).toMatchObject([
    { name: 'a"; DROP TABLE result; --', type: "BIGINT" },
    { name: "a", type: "DECIMAL(38,0)" },
    { name: "a_2" },
  ]);
  expect(rows).toEqual([[12n, String(10n ** 30n), '{"x":1}']]);
});
