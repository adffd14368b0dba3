import { expect, test } from "vitest";
import { fieldFile, importField } from "../support/field-import.ts";

test.each([
  ["few", 12],
  ["many", 400],
  ["big", 2000],
  ["banner", 1],
  ["compose", 12],
  ["kubectl-ts", 1],
])("%s: 20 requests behind %i lines of text", async (name, lines) => {
  const imported = await importField([fieldFile(`55-text-before-json/${name}.log`)]);
  expect({ code: imported.code, requests: imported.requests }).toEqual({ code: 0, requests: 20 });
  const summary = lines === 1 ? "1 line of other text" : `${lines} lines of other text`;
  expect(imported.stderr).toContain(summary);
});
