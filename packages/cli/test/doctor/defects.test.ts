import { expect, test } from "vitest";
import { imported, query, testFolder } from "../../../../test/support/cli.ts";
import { fixture } from "../../../../test/support/fixtures.ts";
import { defects, defectsOf } from "../../src/doctor/defects.ts";

test.each([
  ["2.1.329", 0],
  ["2.1.214", 0],
  ["2.1.213", 1],
  ["2.1.20", 5],
  ["2.1.19", 9],
  ["1.0.128", 9],
  ["2.1.130", 4],
  ["2.1.20-beta.1", 5],
  ["unknown", 0],
])("%s has %i known defects", (version, count) => {
  expect(defectsOf(version)).toHaveLength(count);
});

test("those that concern the numbers are those of the view known_defects", async () => {
  const folder = await testFolder();
  const database = await imported(folder, [fixture("L-workflow.jsonl")]);
  const stored = await query(
    database,
    "SELECT name, since_version, fixed_in_version FROM known_defects ORDER BY name",
  );
  const told = defects.flatMap(({ name, from, until }) =>
    name === undefined ? [] : [{ name, since_version: from ?? "0.0.0", fixed_in_version: until }],
  );
  expect(told.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(stored);
});
