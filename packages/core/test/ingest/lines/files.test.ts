import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Following, lineNumber, lines } from "../../support/following.ts";
import { TestStore } from "../../support/test-store.ts";

const file = "collector.log";
const text = (count: number): string =>
  Array.from({ length: count }, (_, at) => `2026-11-10T09:00:00Z info starting ${at}\n`).join("");
const docker = (log: string): string =>
  `${JSON.stringify({ log, stream: "stdout", time: "2026-11-10T09:00:00Z" })}\n`;

describe("a follower", () => {
  test("reads what comes after text, and counts the text", async () => {
    const following = await Following.open();
    following.append(file, text(3));
    await following.start([file]);
    following.append(file, `otelcol-1  | ${lineNumber(1)}\n${text(2)}${lines(2)}`);
    await following.expectStored([1, 2]);
    expect(await following.rejected()).toEqual([{ reason: "other-text", file, at: 0 }]);
  });

  test("waits for the last part of a line, across processes", async () => {
    const following = await Following.open();
    const line = `${lineNumber(2)}\n`;
    following.append(file, docker(`${lineNumber(1)}\n`) + docker(line.slice(0, 300)));
    await following.start([file]);
    following.append(file, docker(line.slice(300, 500)));
    await following.expectStored([1]);
    await following.stop();
    await following.start([file]);
    following.append(file, docker(line.slice(500)) + docker(`${lineNumber(3)}\n`));
    await following.expectStored([1, 2, 3]);
    expect(await following.rejected()).toEqual([]);
    expect(await following.files()).toMatchObject([{ lines: 5, records: 3 }]);
  });

  test("takes up a line in parts that an import has found broken off", async () => {
    const following = await Following.open();
    const line = `${lineNumber(2)}\n`;
    following.append(file, docker(`${lineNumber(1)}\n`) + docker(line.slice(0, 300)));
    await following.import(file);
    expect(await following.rejected()).toMatchObject([{ reason: "unterminated" }]);
    following.append(file, docker(line.slice(300)));
    await following.import(file);
    expect(await following.stored()).toEqual([1, 2]);
    expect(await following.rejected()).toEqual([]);
  });
});

describe("an import", () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await TestStore.open();
  });
  afterEach(() => store.remove());

  test("of lines that were cut, each without its last part, counts each of them", async () => {
    const cut = (number: number) => docker(lineNumber(number).slice(0, 300));
    const alone = await store.import(await store.file(cut(1) + cut(2), "alone.log"));
    expect(alone.totals).toMatchObject({ lines: 2, logRecords: 0, rejectedLines: 2 });
    expect(alone.notRead).toMatchObject([{ reason: "not-json", lines: 2 }]);
    const whole = docker(`${lineNumber(4)}\n`);
    const rest = docker(`${lineNumber(3).slice(300)}\n`);
    const text = cut(1) + docker(lineNumber(3).slice(0, 300)) + rest + whole;
    const mixed = await store.import(await store.file(text, "mixed.log"));
    expect(mixed.totals).toMatchObject({ lines: 4, logRecords: 2, rejectedLines: 1 });
  });

  test("of lines in UTF-8 with UTF-16 behind them, as PowerShell appends it, reads both", async () => {
    const appended = Buffer.from(`${lineNumber(2)}\r\n${lineNumber(3)}\r\n`, "utf16le");
    const both = Buffer.concat([Buffer.from(`${lineNumber(1)}\n`), appended]);
    const path = await store.file(Buffer.concat([both, Buffer.from(`${lineNumber(4)}\n`)]));
    const { totals } = await store.import(path);
    expect(totals).toMatchObject({ lines: 4, logRecords: 4, rejectedLines: 0 });
    const again = await store.import(await store.file(both));
    expect(again.totals).toMatchObject({ lines: 3, duplicates: 3, rejectedLines: 0 });
  });

  const base = { time: "2026-11-10T09:00:00Z", session_id: "s", event_name: "user_prompt" };
  const event = {
    ...base,
    ...{ stage: "build", attribution: "tag", model_expected: null },
    attributes: { "event.name": "user_prompt", "session.id": "s" },
  };
  const row = { ...base, canonical_model: "m", cost_usd: 1 };
  test.each<[string, string]>([
    ["JSON lines", `${JSON.stringify(row)}\n`],
    ["events in JSON lines", `${JSON.stringify(event)}\n`],
    ["JSON", JSON.stringify([event, event], undefined, 2)],
    ["a report", `${JSON.stringify({ day: "2026-11-10", unpriced_requests: 0 })}\n`],
    ["CSV", "day,requests,cost_usd,unpriced_requests\n"],
  ])("of what cctelemetry exported as %s names it and stores nothing", async (_, text) => {
    const { totals, notRead } = await store.import(await store.file(text, "export.jsonl"));
    expect(totals.logRecords).toBe(0);
    expect(notRead).toMatchObject([
      { detail: expect.stringMatching(/^an export of cctelemetry: import the telemetry files/) },
    ]);
  });

  test("of a folder finds requests behind a long text", async () => {
    await store.file(`${text(8000)}${lines(1)}`, "a.log");
    await store.file(text(8000), "b.log");
    const { totals, skipped } = await store.import(store.folder);
    expect(totals).toMatchObject({ files: 1, logRecords: 1, rejectedLines: 8000 });
    expect(skipped.map(({ path }) => path)).toContainEqual(expect.stringContaining("b.log"));
    expect(await store.rejected()).toMatchObject([{ reason: "other-text", lines: 8000 }]);
  });

  test("of a folder finds requests in base64, as lists of bytes and in labels of Loki", async () => {
    const bytes = Buffer.from(lineNumber(1));
    const labels = { event_name: "api_request", session_id: "s-1", request_id: "r-9" };
    const contents = [
      { data: bytes.toString("base64") },
      { MESSAGE: [...Buffer.from(lineNumber(2))] },
      { labels, line: "claude_code.api_request", timestamp: "2026-11-10T09:00:00Z" },
    ];
    for (const content of contents) await store.file(JSON.stringify(content));
    const { totals } = await store.import(store.folder);
    expect(totals).toMatchObject({ files: 3, logRecords: 3, rejectedLines: 0 });
  });

  test("counts more text of a file that has grown", async () => {
    const path = await store.file(`${text(3)}${lines(1)}`, "a.log");
    await store.import(path);
    await store.file(`${readFileSync(path, "utf8")}${text(4)}`, "a.log");
    const { notRead } = await store.import(path);
    expect(notRead).toMatchObject([{ reason: "other-text", lines: 4, kind: "other" }]);
    expect(await store.rejected()).toMatchObject([{ byte_offset: 0, lines: 7 }]);
  });

  test("reads documents over many lines that hold requests", async () => {
    const wrapped = [1, 2].map((n) => ({ ts: "t", payload: JSON.parse(lineNumber(n)) }));
    const path = await store.file(JSON.stringify(wrapped, null, 2));
    const { totals } = await store.import(path);
    expect(totals).toMatchObject({ logRecords: 2, rejectedLines: 0 });
    const bare = await TestStore.open();
    await bare.importText(lines(1, 2));
    expect(await store.contentHash()).toBe(await bare.contentHash());
    await bare.remove();
  });

  test("reads envelopes without line feeds that are longer together than memory may hold", async () => {
    const numbers = Array.from({ length: 600 }, (_, at) => at + 1);
    const envelopes = numbers.map((n) =>
      JSON.stringify({ messageType: "DATA", logEvents: [{ message: lineNumber(n) }] }),
    );
    const path = await store.file(envelopes.join(""));
    const { totals } = await store.importWith({ maxLineBytes: 4096, leaseRows: 100 }, path);
    expect(totals).toMatchObject({ logRecords: 600, rejectedLines: 0 });
    const bare = await TestStore.open();
    await bare.importText(lines(...numbers));
    expect(await store.contentHash()).toBe(await bare.contentHash());
    await bare.remove();
  });

  test.each([
    [{ __CURSOR: "s=1", MESSAGE: null }, /^a journal whose text was left out: .*--all/],
    [
      { __REALTIME_TIMESTAMP: "1", MESSAGE: [..."\u001b[1mstarted"].map((c) => c.charCodeAt(0)) },
      /^other text/,
    ],
    [{ messageType: "CONTROL_MESSAGE", logEvents: [] }, /^a control message of CloudWatch: /],
    [{ type: "result", total_cost_usd: 1 }, /cctelemetry init turns telemetry on$/],
  ])("names what %j is", async (row, name) => {
    await store.importText(`${JSON.stringify(row)}\n${lines(1)}`);
    expect(await store.rejected()).toMatchObject([{ detail: expect.stringMatching(name) }]);
  });

  test("names one line of other JSON without a line feed for what it is", async () => {
    await store.importText('{"streams":[{"stream":{},"values":[["1","text"]]}]}');
    expect(await store.rejected()).toMatchObject([
      { reason: "not-otlp", detail: expect.stringMatching(/^an export of Loki: /) },
    ]);
  });

  test("takes the row of a ClickHouse server in another zone at the event's own time", async () => {
    const LogAttributes = {
      "event.name": "api_request",
      "event.timestamp": "2026-11-10T09:00:00.123Z",
      request_id: "r",
    };
    const row = {
      Timestamp: "2026-11-10 14:30:00.123456789",
      Body: "claude_code.api_request",
      ResourceAttributes: { "service.name": "claude-code" },
      LogAttributes,
    };
    await store.importText(`${JSON.stringify(row)}\n`);
    expect(await store.value("SELECT epoch_us(time)::VARCHAR FROM base.api_request_logs")).toBe(
      `${Date.parse("2026-11-10T09:00:00.123Z") * 1000 + 456}`,
    );
  });
});
