import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportParameters } from "../../src/reports/parameters.ts";
import { reports } from "../../src/reports/registry.ts";
import { storeOf, type TestStore } from "../support/telemetry.ts";

const all = Object.values(reports);

describe("the registry", () => {
  test("holds every SQL file of the folder, and no other", async () => {
    const folder = fileURLToPath(new URL("../../src/reports/", import.meta.url));
    const files = (await readdir(folder)).filter((name) => name.endsWith(".sql"));
    const helpers = [
      "find_models.sql",
      "find_session.sql",
      "footer.sql",
      "tag_names.sql",
      "uncounted.sql",
      "unpriced.sql",
    ];
    expect(files.filter((name) => !helpers.includes(name)).sort()).toEqual(
      all.map(({ name }) => `${name}.sql`).sort(),
    );
  });

  test.each(all)(
    "$name is under its own name, and its SQL begins with what a row means",
    (report) => {
      expect(reports[report.name]).toBe(report);
      expect(report.sql).toMatch(/^-- One row per \S/);
      expect(report.question).toMatch(/\?$/);
    },
  );

  test.each(all)(
    "$name declares the parameters of its SQL, and no others",
    ({ sql, parameters }) => {
      const inSql = new Set([...sql.matchAll(/\$([a-z]+)/g)].map(([, name]) => name));
      const shownOnly = ["tz", "last"];
      const expected = parameters.filter((name) => inSql.has(name) || !shownOnly.includes(name));
      expect([...inSql].sort()).toEqual([...expected].sort());
      for (const name of parameters) expect(reportParameters[name].text).toBeTruthy();
    },
  );
});

describe("on a database without a record", () => {
  let db: TestStore;
  beforeAll(async () => {
    db = await storeOf();
  });
  afterAll(() => db.remove());

  test.each(all)("$name has the columns it declares, in their order", async ({ sql, columns }) => {
    const names = new Set([...sql.matchAll(/\$([a-z]+)/g)].map(([, name]) => name ?? ""));
    const nothing = Object.fromEntries(
      [...names].map((name) => [name, name === "tz" ? "UTC" : null]),
    );
    const table = await db.store.reading((session) => session.table(sql, nothing));
    expect(table.columns.map(({ name }) => name)).toEqual(columns.map(({ name }) => name));
    expect(table.rows).toEqual([]);
  });
});
