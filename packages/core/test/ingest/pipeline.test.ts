import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startProgress } from "../../src/ingest/cursor.ts";
import { importPaths } from "../../src/ingest/import.ts";
import { LineDecoder } from "../../src/ingest/line-decoder.ts";
import { Pipeline } from "../../src/ingest/pipeline.ts";
import { Batch } from "../../src/model/batch.ts";
import { RecordWriter } from "../../src/model/record-writer.ts";
import { openSource } from "../../src/source/read/open.ts";
import { telemetry } from "../support/fixtures.ts";
import { TestStore } from "../support/test-store.ts";

const recordings = ["L-json-tools.jsonl", "L-json-sub.jsonl"].map((name) => join(telemetry, name));

test("an import whose database is deleted meanwhile stops, and the next one gets everything", async () => {
  const expected = await TestStore.of(...recordings);
  const db = await TestStore.open();
  const { path } = db.store;
  let removed = false;
  const importing = importPaths(db.store, recordings, {
    leaseRows: 20,
    onProgress: ({ path: file }) => {
      if (removed || file !== recordings[1]) return;
      removed = true;
      rmSync(path);
    },
  });
  await expect(importing).rejects.toMatchObject({ code: "store-replaced" });
  await db.import(...recordings);
  expect(await db.contentHash()).toBe(await expected.contentHash());
  expect(await db.value("SELECT count(*)::INT FROM base.resources")).toBe(
    await expected.value("SELECT count(*)::INT FROM base.resources"),
  );
  expect(readdirSync(join(path, ".."))).toEqual(["store.duckdb"]);
  await Promise.all([db.remove(), expected.remove()]);
});

test("two imports with one store do not mix what they stage", async () => {
  const expected = await TestStore.of(...recordings);
  const db = await TestStore.open();
  await Promise.all(recordings.map((path) => db.importWith({ leaseRows: 10 }, path)));
  expect(await db.contentHash()).toBe(await expected.contentHash());
  await Promise.all([db.remove(), expected.remove()]);
});

test("two imports of one file with one store count its lines once", async () => {
  const [path = ""] = recordings;
  const expected = await TestStore.of(path);
  const db = await TestStore.open();
  await Promise.all([db.import(path), db.import(path)]);
  expect(await db.contentHash()).toBe(await expected.contentHash());
  const lines = "SELECT sum(lines)::INT FROM source_files";
  expect(await db.value(lines)).toBe(await expected.value(lines));
  await Promise.all([db.remove(), expected.remove()]);
});

test("a batch is stored by and by while the next one is decoded", async () => {
  const [path = ""] = recordings;
  const db = await TestStore.open();
  const source = await openSource(path);
  const writer = new RecordWriter(new Batch());
  const decoder = new LineDecoder(writer);
  const pipeline = new Pipeline(db.store, writer.batch);
  expect(pipeline.giveWay(), "nothing is being stored").toBeUndefined();
  const lines = readFileSync(path);
  const end = lines.indexOf("\n");
  decoder.line(lines, 0, end, 0, true);
  const cursor = {
    fileId: "f0f0f0f0-0000-0000-0000-000000000000",
    path,
    offset: 0,
    fingerprintLength: 0,
    fingerprintHash: "",
  };
  pipeline.progress({
    ...startProgress(source, cursor),
    offset: end + 1,
    lines: 1,
    records: decoder.take(),
  });
  await pipeline.flush();
  for (let way = pipeline.giveWay(); way !== undefined; way = pipeline.giveWay()) await way;
  expect(pipeline.stored.logs + pipeline.stored.points).toBeGreaterThan(0);
  expect(await db.value("SELECT cursor_offset::INT FROM source_files")).toBe(end + 1);
  await source.close();
  await db.remove();
});
