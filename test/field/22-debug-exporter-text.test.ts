import { expect, test } from "vitest";
import { query, run } from "../support/cli.ts";
import { fieldFile, importField } from "../support/field-import.ts";

test("text of the debug exporter is named once, with what to use instead", async () => {
  const file = fieldFile("22-debug-exporter-text/debug.log");
  const { code, stderr, requests, database } = await importField([file]);
  expect({ code, requests }).toEqual({ code: 1, requests: 0 });
  expect(stderr).toMatch(
    /^note: 15 lines of text of the Collector's debug exporter: .*file exporter/m,
  );
  expect(await query(database, "SELECT reason, lines FROM rejected_lines")).toEqual([
    { reason: "other-text", lines: 15 },
  ]);
  const status = await run(["status", "--db", database]);
  expect(status.stdout).toContain("15 lines of text of the Collector's debug exporter");
});

test("text of a console exporter is named once, with what to set", async () => {
  const file = fieldFile("22-debug-exporter-text/console.log");
  const { code, stderr, requests } = await importField([file]);
  expect({ code, requests }).toEqual({ code: 1, requests: 0 });
  expect(stderr).toMatch(/^note: 6 lines of text of a console exporter: .*OTEL_LOGS_EXPORTER/m);
});
