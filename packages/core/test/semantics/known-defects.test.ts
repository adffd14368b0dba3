import { expect, test } from "vitest";
import { imported, query, testFolder } from "../../../../test/support/cli.ts";
import { fixture } from "../../../../test/support/fixtures.ts";
import { defects, defectsOf } from "../../src/doctor/defects.ts";

/** The version before one whose last number is not 0. */
const before = (version: string): string =>
  version.replace(/\d+$/, (patch) => String(Number(patch) - 1));

test.each(defects)("$what: until $until", (defect) => {
  expect(defectsOf(defect.until)).not.toContain(defect);
  expect(defectsOf(before(defect.until))).toContain(defect);
  expect(defectsOf(`${before(defect.until)}-beta.1`)).toContain(defect);
  if (defect.from === undefined) {
    expect(defectsOf("1.0.128")).toContain(defect);
  } else {
    expect(defectsOf(defect.from)).toContain(defect);
    expect(defectsOf(before(defect.from))).not.toContain(defect);
  }
});

test.each(["2.1.400", "2.2.0", "10.0.0", "unknown", ""])("%j has no known defect", (version) => {
  expect(defectsOf(version)).toEqual([]);
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
