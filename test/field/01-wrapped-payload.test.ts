import { expect, test } from "vitest";
import { query } from "../support/cli.ts";
import { fieldFile, importField } from "../support/field-import.ts";

test("requests in an envelope of time, path and payload are read", async () => {
  const { code, requests, database, stderr } = await importField([
    fieldFile("01-wrapped-payload/input.jsonl"),
  ]);
  expect({ code, requests }).toEqual({ code: 0, requests: 2 });
  expect(stderr).not.toContain("rejected");
  expect(await query(database, "SELECT count(*) AS n FROM metric_points")).toEqual([{ n: 1 }]);
  expect(await query(database, "FROM rejected_lines")).toEqual([]);
});
