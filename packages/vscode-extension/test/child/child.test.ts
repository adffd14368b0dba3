import { appendFileSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HostMessage } from "@cctelemetry/dashboard/protocol";
import { readHostMessage } from "@cctelemetry/dashboard/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { absolute } from "../../../../test/support/source-tree.ts";
import { requestLine } from "../../../../test/support/telemetry.ts";
import { writeEmptyDatabase } from "../../../core/test/support/telemetry.ts";
import type { ChildToHost } from "../../src/messages.ts";
import type { StatusView } from "../../src/status-view.ts";
import { greetingFor, holdLock, Listened, type Scene, scene } from "./support.ts";

let place: Scene;
let child: Listened;

beforeEach(async () => {
  place = scene();
  await writeEmptyDatabase(place.database);
});

afterEach(async () => {
  await child.end();
  place.remove();
});

function viewWhere(holds: (view: StatusView) => boolean) {
  return (message: ChildToHost): StatusView | undefined =>
    message.kind === "status" && holds(message.view) ? message.view : undefined;
}

function pageMessage<K extends HostMessage["kind"]>(kind: K) {
  return (message: ChildToHost): Extract<HostMessage, { kind: K }> | undefined => {
    const inner = message.kind === "page" ? readHostMessage(message.message) : undefined;
    return inner?.kind === kind ? (inner as Extract<HostMessage, { kind: K }>) : undefined;
  };
}

/** The line of a request as it was recorded now. */
function lineNow(number: number): string {
  const nanos = `${Date.now() + number}000000`;
  return requestLine(number).replaceAll(/17\d{17}/g, nanos);
}

const caughtUp = viewWhere(({ ready }) => ready);

test("a line is part of the status soon", async () => {
  child = new Listened(greetingFor(place));
  await child.until(caughtUp);
  for (const number of [1, 2, 3]) {
    appendFileSync(place.file, `${lineNow(number)}\n`);
    const started = performance.now();
    const view = await child.until(viewWhere(({ today }) => today.requests === number));
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(view.sessions[0]).toMatchObject({
      total_tokens: number * 1000,
      cost_usd: number * 0.25,
      requests: number,
      model: "claude-opus-5-5",
    });
    expect(view.store.state).toBe("ok");
  }
});

test("the page gets the live state, that it changed, and what it asks for", async () => {
  child = new Listened(greetingFor(place, { watched: true }));
  await child.until(caughtUp);
  copyFileSync(absolute("fixtures/telemetry/L-workflow.jsonl"), place.file);
  await child.until((message) => {
    const live = pageMessage("live")(message);
    return live?.files.some((file) => file.cursor_offset === file.size_bytes) ? live : undefined;
  });
  const from = child.heard.length;
  await child.until(pageMessage("changed"));
  child.send({
    kind: "page",
    message: { kind: "report", id: 7, name: "stages", parameters: { workflow: null } },
  });
  const table = await child.until(pageMessage("table"), from);
  expect(table.id).toBe(7);
  expect(table.rows.length).toBeGreaterThan(3);
  expect(table.footer?.timeZone).toBe("UTC");
});

test("a file that is not there yet is awaited, and followed once it is", async () => {
  child = new Listened(
    greetingFor(place, { paths: [join(place.folder, "none.jsonl"), place.file] }),
  );
  const view = await child.until(caughtUp);
  const missing = view.files.find(({ path }) => path.endsWith("none.jsonl"));
  expect(missing).toMatchObject({ state: "waiting", reason: "There is no such file yet." });
  expect(view.configured).toBe(true);
  writeFileSync(join(place.folder, "none.jsonl"), `${lineNow(1)}\n`);
  await child.until(
    viewWhere(({ files }) =>
      files.some((file) => file.path.endsWith("none.jsonl") && file.state === "following"),
    ),
  );
});

test("without a file, a setting or a database it says that nothing is set up", async () => {
  const env = { CCTELEMETRY_HOME: place.folder };
  child = new Listened(greetingFor(place, { paths: [], database: null }), env);
  const before = await child.until(caughtUp);
  expect(before.configured).toBe(false);
  mkdirSync(join(place.folder, "otlp"));
  writeFileSync(join(place.folder, "otlp", "claude-code.jsonl"), `${lineNow(1)}\n`);
  const after = await child.until(viewWhere(({ today }) => today.requests === 1));
  expect(after.configured).toBe(true);
});

test("what the database was filled from is followed once a foreign lock is gone", async () => {
  child = new Listened(greetingFor(place));
  appendFileSync(place.file, `${lineNow(1)}\n`);
  await child.until(viewWhere(({ today }) => today.requests === 1));
  await child.end();
  const release = await holdLock(place.database);
  child = new Listened(greetingFor(place, { paths: [] }), { CCTELEMETRY_HOME: place.folder });
  await child.until((message) => (message.kind === "log" ? message : undefined));
  await child.until((message) => (message.kind === "started" ? message : undefined));
  release();
  await child.until(viewWhere(({ files }) => files.some(({ path }) => path === place.file)));
  appendFileSync(place.file, `${lineNow(2)}\n`);
  const view = await child.until(viewWhere(({ today }) => today.requests === 2));
  expect(view.configured).toBe(true);
});

describe("questions of the page", () => {
  const cases: readonly (readonly [string, object, string])[] = [
    [
      "an unknown report",
      { kind: "report", name: "nonsense", parameters: {} },
      "There is no report",
    ],
    ["a wrong parameter", { kind: "report", name: "daily", parameters: { last: "x" } }, "--last x"],
    ["SQL that writes", { kind: "query", sql: "DROP TABLE x", limit: 10 }, "only"],
    ["SQL that reads files", { kind: "query", sql: "FROM '/etc/passwd'", limit: 10 }, ""],
  ];

  test("that cannot be answered fail with a sentence", async () => {
    child = new Listened(greetingFor(place));
    appendFileSync(place.file, `${lineNow(1)}\n`);
    await child.until(viewWhere(({ today }) => today.requests === 1));
    for (const [id, [, question, sentence]] of cases.entries()) {
      child.send({ kind: "page", message: { id, ...question } });
      const failed = await child.until((message) => {
        const inner = pageMessage("failed")(message);
        return inner?.id === id ? inner : undefined;
      });
      expect(failed.message).toContain(sentence);
    }
  });

  test("are answered: a statement, the schema", async () => {
    child = new Listened(greetingFor(place));
    appendFileSync(place.file, `${lineNow(1)}\n${lineNow(2)}\n`);
    await child.until(viewWhere(({ today }) => today.requests === 2));
    await expect
      .poll(async () => {
        const from = child.heard.length;
        const sql = "SELECT count(*) AS n, 9007199254740993 AS big FROM api_requests";
        child.send({ kind: "page", message: { kind: "query", id: 1, sql, limit: 10 } });
        return (await child.until(pageMessage("table"), from)).rows;
      })
      .toEqual([[2, "9007199254740993"]]);
    child.send({ kind: "page", message: { kind: "schema", id: 2 } });
    const { relations } = await child.until(pageMessage("schema"));
    expect(relations.map(({ name }) => name)).toContain("api_requests");
  });
});

test("commands get texts: a report, rows, an import", async () => {
  child = new Listened(greetingFor(place));
  appendFileSync(place.file, `${lineNow(1)}\n`);
  await child.until(viewWhere(({ today }) => today.requests === 1));
  const other = join(place.folder, "other.jsonl");
  writeFileSync(other, `${lineNow(5)}\n${lineNow(6)}\nnonsense\n`);
  const answer = (id: number) => (message: ChildToHost) =>
    message.kind === "answer" && message.id === id ? message.text : undefined;
  child.send({ kind: "request", id: 1, request: { what: "import", paths: [other] } });
  expect(await child.until(answer(1))).toBe(
    "2 log records, 0 metric points and 0 spans from 1 file; 1 line rejected.",
  );
  child.send({
    kind: "request",
    id: 2,
    request: { what: "report", name: "models", parameters: {} },
  });
  expect(await child.until(answer(2))).toMatch(/^\*\*Where does the money go\?\*\*\n\n\| model/);
  child.send({ kind: "request", id: 3, request: { what: "query", sql: "SELECT 42 AS answer" } });
  expect(await child.until(answer(3))).toContain("42");
  child.send({
    kind: "request",
    id: 4,
    request: { what: "import", paths: [join(place.folder, "no")] },
  });
  const refused = await child.until((message) =>
    message.kind === "refusal" && message.id === 4 ? message : undefined,
  );
  expect(refused.message).toContain("no");
});

test("a child whose window is gone stores what it read and ends", async () => {
  child = new Listened(greetingFor(place));
  await child.until(caughtUp);
  appendFileSync(place.file, `${lineNow(1)}\n`);
  await child.until(viewWhere(({ today }) => today.requests === 1));
  expect(await child.end()).toBe("code 0");
  child = new Listened(greetingFor(place));
  const view = await child.until(caughtUp);
  expect(view.today.requests).toBe(1);
});

test("messages that make no sense are noted and do no harm", async () => {
  child = new Listened(greetingFor(place));
  await child.until(caughtUp);
  for (const nonsense of [
    null,
    7,
    {},
    { kind: "start" },
    { kind: "page" },
    { kind: "request", id: -1 },
  ]) {
    child.process.send(nonsense as never);
  }
  await child.until((message) => (message.kind === "log" ? message : undefined));
  appendFileSync(place.file, `${lineNow(1)}\n`);
  await child.until(viewWhere(({ today }) => today.requests === 1));
});
