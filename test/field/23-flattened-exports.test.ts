import { expect, test } from "vitest";
import { query } from "../support/cli.ts";
import { fieldFile, importField } from "../support/field-import.ts";

test.each(["clickhouse.jsonl", "cribl.jsonl", "flat.jsonl", "elastic.ndjson"])(
  "%s names its event and attributes, so the request is read",
  async (name) => {
    const imported = await importField([fieldFile(`23-flattened-exports/${name}`)]);
    const { code, requests, cost, database } = imported;
    expect({ code, requests, cost }).toEqual({ code: 0, requests: 1, cost: 0.0123 });
    const rows = await query(
      database,
      "SELECT session_id, model, input_tokens, output_tokens, epoch_ms(time) AS ms FROM api_requests",
    );
    expect(rows).toEqual([
      {
        session_id: "s-23",
        model: "claude-sonnet-4-6",
        input_tokens: 10,
        output_tokens: 100,
        ms: Date.parse("2026-11-10T09:00:00Z"),
      },
    ]);
  },
);

test("an export of Loki lacks the attributes: named, and plain that nothing came in", async () => {
  const { code, stderr, requests, database } = await importField([
    fieldFile("23-flattened-exports/loki.jsonl"),
  ]);
  expect({ code, requests }).toEqual({ code: 1, requests: 0 });
  expect(stderr).toMatch(/^note: 1 line of an export of Loki: .*file exporter/m);
  expect(stderr).toContain("is telemetry that can be read");
  expect(await query(database, "SELECT reason FROM rejected_lines")).toEqual([
    { reason: "not-otlp" },
  ]);
});
