import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nameText } from "../../../src/model/other-forms.ts";
import { lineNumber } from "../../support/following.ts";
import { TestStore } from "../../support/test-store.ts";

/** A request of Claude Code as its attributes, which every export below has in its own form. */
const attributes = {
  "event.name": "api_request",
  "event.timestamp": "2026-11-10T09:00:00.123Z",
  "event.sequence": 7,
  "session.id": "s-1",
  "user.id": "u-1",
  "user.account_uuid": "a-1",
  "organization.id": "o-1",
  "prompt.id": "p-1",
  model: "claude-sonnet-4-6",
  input_tokens: 10,
  output_tokens: 100,
  cache_read_tokens: 1000,
  cache_creation_tokens: 0,
  cost_usd: 0.0123,
  request_id: "req_1",
  team: "web",
};
const resource = { "service.name": "claude-code", "service.version": "2.1.250" };
const body = "claude_code.api_request";
const iso = "2026-11-10T09:00:00.123Z";
const nanos = `${Date.parse(iso)}000000`;

const labels = Object.fromEntries(
  Object.entries({ ...attributes, ...resource, "scope.name": "com.anthropic" }).map(
    ([name, value]) => [name.replaceAll(".", "_"), String(value)],
  ),
);
const { service_name, ...metadata } = labels;

const forms: Readonly<Record<string, unknown>> = {
  "logcli -o jsonl": { labels, line: body, timestamp: "2026-11-10T10:00:00.123000000+01:00" },
  "Loki's query_range": {
    status: "success",
    data: { resultType: "streams", result: [{ stream: labels, values: [[nanos, body]] }] },
  },
  "Loki's query_range, metadata apart": {
    stream: { service_name },
    values: [[nanos, body, { structuredMetadata: metadata, parsed: {} }]],
  },
  "Loki's push": { streams: [{ stream: { service_name }, values: [[nanos, body, metadata]] }] },
  "Explore of Grafana": [{ line: body, timestamp: nanos, date: iso, fields: labels }],
  Honeycomb: { Timestamp: iso, body, ...attributes, ...resource, "meta.signal_type": "log" },
  "New Relic": [{ ...attributes, ...resource, message: body, timestamp: Date.parse(iso) }],
  "Vector's file sink": { attributes, message: body, resources: resource, timestamp: iso },
};

let store: TestStore;
beforeEach(async () => {
  store = await TestStore.open();
});
afterEach(() => store.remove());

describe("a request is read from an export of", () => {
  test.each(Object.keys(forms))("%s", async (name) => {
    for (const text of [`${JSON.stringify(forms[name])}\n`, JSON.stringify(forms[name], null, 2)]) {
      await store.importText(text);
    }
    expect(await store.rejected()).toEqual([]);
    expect(await requests()).toEqual([
      {
        session_id: "s-1",
        user_account_uuid: "a-1",
        model: "claude-sonnet-4-6",
        input: 10,
        read: 1000,
        nano_usd: 12_300_000,
        at: iso,
        service_name: "claude-code",
        service_version: "2.1.250",
        team: "web",
      },
    ]);
  });
});

function requests(): Promise<unknown> {
  return store.rows(
    `SELECT session_id, user_account_uuid, model, input_tokens::INT AS input,
       cache_read_tokens::INT AS read, cost_nano_usd::INT AS nano_usd,
       strftime(time AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') AS at,
       service_name, service_version, attributes->>'team' AS team
     FROM base.api_request_logs`,
  );
}

describe("cells of CSV that hold requests", () => {
  test.each([
    ['2026-11-10,"box, 1",', ",last"],
    ["", ""],
    ["1;2;", ";3"],
  ])("between %j and %j", async (before, after) => {
    const cell = `"${lineNumber(1).replaceAll('"', '""')}"`;
    await store.importText(`time,host,message,more\n${before}${cell}${after}\n`);
    expect((await store.counts()).logs).toBe(1);
    const bare = await TestStore.open();
    await bare.importText(`${lineNumber(1)}\n`);
    expect(await store.contentHash()).toBe(await bare.contentHash());
    await bare.remove();
  });

  test("without their end are rejected", async () => {
    await store.importText(`1,"${lineNumber(1).replaceAll('"', '""').slice(0, -9)}\n`);
    expect((await store.counts()).logs).toBe(0);
    expect(await store.rejected()).toHaveLength(1);
  });
});

test("documents that hold no telemetry are named once", async () => {
  const rows = [1, 2].map((line) => ({ labels: {}, line: `${line}`, timestamp: nanos }));
  await store.importText(JSON.stringify(rows, null, 2));
  expect(await store.rejected()).toMatchObject([
    { reason: "not-otlp", detail: expect.stringMatching(/^an export of Loki: /) },
  ]);
});

describe("text is named behind what programs put in front of it:", () => {
  const prefixes = [
    "",
    "[pod/otel-7d9f-x2v/otelcol] ",
    "2026-11-10T09:00:00.123456789Z ",
    "[pod/otel-7d9f-x2v/otelcol] 2026-11-10T09:00:00.123456789Z ",
    "2026-11-10T09:00:00.1+01:00 stdout F ",
    "otel-1  | ",
    "\u001b[36motel-1  | \u001b[0m",
    "Nov 10 09:00:00 box otelcol[812]: ",
    "2026-11-10T09:00:00+0100 box otelcol[812]: ",
  ];
  const texts: readonly (readonly [string, RegExp])[] = [
    ["     -> session.id: Str(s-1)", /^text of the Collector's debug exporter: /],
    ["LogRecord #0", /^text of the Collector's debug exporter: /],
    ["Trace ID: ", /^text of the Collector's debug exporter: /],
    ['[0] v1_logs: [[1795900000.1, {}], {"log"=>"x"}]', /^text of Fluent/],
    ['2026-11-10,claude-code,"a ""b"", c",,10,0.1', /^CSV without a request/],
    ["Everything is ready. Begin running, and processing, data.", /^other text: /],
  ];
  test.each(texts)("%s", (text, name) => {
    for (const prefix of prefixes) expect(nameText(prefix + text), prefix).toMatch(name);
  });
});
