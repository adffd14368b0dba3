import { join } from "node:path";
import { expect, test } from "vitest";
import { type Outcome, run, testFolder } from "../support/cli.ts";
import { fixture } from "../support/fixtures.ts";
import { layOutGenerated } from "../support/generated.ts";
import { runImport } from "../support/importer.ts";
import { storeContent } from "../support/store-content.ts";

const recording = fixture("L-json-sub.jsonl");
const count = "SELECT count(*) AS records FROM log_records";

test("two imports of the same files and queries meanwhile: exact, and no lock is reported", async () => {
  const folder = await testFolder();
  const files = await layOutGenerated(folder);
  const expected = join(folder, "expected.duckdb");
  await run(["import", recording, files, "--db", expected]);

  const database = join(folder, "shared.duckdb");
  await run(["import", recording, "--db", database]);
  let done = false;
  const paced = { database, paths: [files], leaseRows: 1000 };
  const imports = Promise.all([
    runImport(paced),
    runImport(paced),
    run(["import", files, "--db", database]),
  ]).finally(() => {
    done = true;
  });
  const asked: Outcome[] = [];
  while (!done) asked.push(await run(["query", count, "--json", "--db", database]));

  const said = (await imports).map((end) => ("said" in end ? end.said : end.stderr));
  expect(said).toEqual(["", "", ""]);
  expect(asked.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    asked.map(() => ({ code: 0, stderr: "" })),
  );
  const counts = asked.map(({ stdout }) => Number(JSON.parse(stdout)[0].records));
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(await storeContent(database)).toEqual(await storeContent(expected));
});
