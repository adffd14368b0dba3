import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { importPaths } from "../../src/ingest/import.ts";
import { recordTables } from "../../src/model/columns.ts";
import { openStore } from "../../src/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { storeOf } from "../support/telemetry.ts";
import { newFolder } from "./store-process.ts";

const fixtures = fileURLToPath(new URL("../../../../fixtures/store/", import.meta.url));
const telemetry = join(fixtures, "odd-times.jsonl");

test("records stored where their time as sent lies come to where it is meant, and come once", async () => {
  const path = join(await newFolder(), "old.duckdb");
  writeFileSync(path, gunzipSync(readFileSync(join(fixtures, "odd-times-layout-1.duckdb.gz"))));
  const store = await openStore(path);
  const fresh = await storeOf(telemetry);
  expect(await timesIn(store)).toEqual(await timesIn(fresh.store));
  // A copy under another name is read as new telemetry.
  const copy = join(await newFolder(), "copy.jsonl");
  writeFileSync(copy, readFileSync(telemetry));
  await importPaths(store, [copy]);
  expect(await timesIn(store)).toEqual(await timesIn(fresh.store));
  await store.close();
  await fresh.remove();
});

/** The times of all records, and what else was kept of them. */
function timesIn(store: Store): Promise<unknown> {
  return store.reading(async (session) => {
    const content: unknown[] = [];
    for (const { name, columns } of Object.values(recordTables)) {
      const times = columns.filter(({ name: each }) => /time|lag/.test(each));
      const names = times.map(({ name: each }) => each).join(", ");
      content.push(
        await session.rows(
          `SELECT record_id, ${names}, other_fields->>'timeUnixNano' AS sent,
             other_fields->>'startTimeUnixNano' AS start, other_fields->>'endTimeUnixNano' AS "end",
             other_fields->>'observedTimeUnixNano' AS observed
           FROM base.${name} ORDER BY record_id`,
        ),
      );
    }
    return content;
  });
}
