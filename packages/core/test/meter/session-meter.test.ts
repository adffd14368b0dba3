import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stageText } from "../../src/format/stage-text.ts";
import type { LiveSession } from "../../src/live/snapshot.ts";
import { refreshMeter } from "../../src/meter/refresh.ts";
import { SessionMeter } from "../../src/meter/session-meter.ts";
import { telemetry } from "../support/fixtures.ts";
import { storeOf } from "../support/telemetry.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");

let place: string;
let file: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "cctelemetry-meter-"));
  mkdirSync(join(place, "otlp"));
  file = join(place, "otlp", "claude-code.jsonl");
});

afterEach(() => rmSync(place, { recursive: true, force: true }));

interface Truth {
  readonly logs: {
    readonly by_session: Readonly<
      Record<
        string,
        { readonly requests: number; readonly cost_usd: number; readonly tokens: Tokens }
      >
    >;
  };
}

interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheCreation: number;
}

function linesOf(run: string): readonly string[] {
  return readFileSync(`${telemetry}${run}.jsonl`, "utf8").trimEnd().split("\n");
}

function options(sessionId: string) {
  return { folder: join(place, "cache"), sessionId, sources: [] };
}

function refresh(sessionId: string, store?: Parameters<typeof refreshMeter>[0]["store"]) {
  const paths = [join(place, "otlp", "*.jsonl")];
  return refreshMeter({ ...options(sessionId), paths, store, now: () => NOW });
}

/** What a process of the status line does. */
async function glance(sessionId: string): Promise<LiveSession | undefined> {
  const meter = new SessionMeter(options(sessionId));
  await meter.catchUp();
  meter.save(NOW);
  return meter.shown(NOW);
}

function used(session: LiveSession | undefined): unknown {
  return {
    requests: session?.requests,
    input: Number(session?.inputTokens),
    output: Number(session?.outputTokens),
    cacheRead: Number(session?.cacheReadTokens),
    cacheCreation: Number(session?.cacheCreationTokens),
    cost: Number(session?.costNanoUsd).toFixed(0),
  };
}

function wanted(of: Truth["logs"]["by_session"][string]): unknown {
  const { requests, tokens, cost_usd } = of;
  return { requests, ...tokens, cost: (cost_usd * 1e9).toFixed(0) };
}

describe("appended line by line, a session has used what the truth says", () => {
  const runs = ["L-workflow", "O-workflow", "M-workflow-mixed", "L-tmux", "L-json-dupes.all"];

  test.each(runs)("%s", async (run) => {
    const lines = linesOf(run);
    const path = `${telemetry}${run.replace(".all", "")}.truth.json`;
    const truth = JSON.parse(readFileSync(path, "utf8")) as Truth;
    const sessions = Object.entries(truth.logs.by_session);
    writeFileSync(file, text(lines.slice(0, 1)));
    for (const [id] of sessions) await refresh(id);
    for (const [at, line] of lines.slice(1).entries()) {
      // Written in two pieces, as the Collector may.
      appendFileSync(file, line.slice(0, 100));
      if (at % 5 === 0) for (const [id] of sessions) await glance(id);
      appendFileSync(file, `${line.slice(100)}\n`);
      if (at % 3 === 0) for (const [id] of sessions) await glance(id);
    }
    for (const [id, of] of sessions) expect(used(await glance(id))).toEqual(wanted(of));
    for (const [id, of] of sessions)
      expect(used((await refresh(id)).shown(NOW))).toEqual(wanted(of));
  });
});

const lines = linesOf("L-json-tools");
const truth = JSON.parse(readFileSync(`${telemetry}L-json-tools.truth.json`, "utf8")) as Truth;
const [[session, sum] = ["", undefined]] = Object.entries(truth.logs.by_session);
if (sum === undefined) throw new Error("no session");
const right = wanted(sum);
const [first, rest] = [lines.slice(0, 5), lines.slice(5)];

function text(some: readonly string[]): string {
  return some.map((line) => `${line}\n`).join("");
}

describe("lines that something has wrapped", () => {
  const docker = (line: string): readonly string[] =>
    (`${line}\n`.match(/[\s\S]{1,700}/g) ?? []).map((log) =>
      JSON.stringify({ log, stream: "stdout", time: "2026-11-21T11:00:00Z" }),
    );
  const cri = (line: string): readonly string[] => {
    const pieces = line.match(/[\s\S]{1,700}/g) ?? [];
    return pieces.map(
      (piece, at) => `2026-11-21T11:00:00Z stdout ${at === pieces.length - 1 ? "F" : "P"} ${piece}`,
    );
  };
  const compose = (line: string): readonly string[] => [`otelcol-1  | ${line}`];

  test.each([
    ["Docker's json-file in parts", docker, ""],
    ["containerd in parts", cri, ""],
    ["compose behind the Collector's start", compose, "otelcol-1  | Everything is ready.\n"],
  ])("%s", async (_name, wrap, before) => {
    const wrapped = lines.flatMap((line) => wrap(line));
    expect(wrapped.length >= lines.length).toBe(true);
    writeFileSync(file, before + text(wrapped.slice(0, 3)));
    await refresh(session);
    for (const [at, line] of wrapped.slice(3).entries()) {
      appendFileSync(file, `${line}\n`);
      if (at % 2 === 0) await glance(session);
    }
    expect(used(await glance(session))).toEqual(right);
    expect(used((await refresh(session)).shown(NOW))).toEqual(right);
  });
});

describe("files that change under it", () => {
  beforeEach(async () => {
    writeFileSync(file, text(first));
    await refresh(session);
    await glance(session);
  });

  test("rotated by rename: the new file is found by a refresh, nothing counts twice", async () => {
    appendFileSync(file, text(rest.slice(0, 2)));
    renameSync(file, join(place, "otlp", "claude-code-2026-11-21T11-00-00.000.jsonl"));
    writeFileSync(file, text(rest.slice(2)));
    expect(new SessionMeter(options(session)).needsRefresh(NOW + 60_000)).toBe(true);
    await refresh(session);
    expect(used(await glance(session))).toEqual(right);
  });

  test("copied and truncated", async () => {
    copyFileSync(file, join(place, "otlp", "claude-code.jsonl.1"));
    truncateSync(file, 0);
    appendFileSync(file, text(rest));
    const meter = new SessionMeter(options(session));
    await meter.catchUp();
    expect(meter.needsRefresh(NOW)).toBe(true);
    await refresh(session);
    expect(used(await glance(session))).toEqual(right);
  });

  test("a copy of everything beside it", async () => {
    appendFileSync(file, text(rest));
    copyFileSync(file, join(place, "otlp", "copy.jsonl"));
    await refresh(session);
    expect(used(await glance(session))).toEqual(right);
  });

  test("gone: what was counted stays", async () => {
    appendFileSync(file, text(rest));
    await glance(session);
    rmSync(file);
    expect(used(await glance(session))).toEqual(right);
    await refresh(session);
    expect(used(await glance(session))).toEqual(right);
  });

  test("torn by a writer that was killed: the neighbour counts", async () => {
    appendFileSync(file, `${(rest[0] ?? "").slice(0, 400)}${text(rest)}`);
    expect(used(await glance(session))).toEqual(right);
  });

  test("more than is read at once: left to a refresh", async () => {
    const filler = `{"resourceLogs":[],"filler":"${"x".repeat(1_000_000)}"}\n`;
    appendFileSync(file, filler.repeat(5) + text(rest));
    const meter = new SessionMeter(options(session));
    await meter.catchUp();
    expect(meter.needsRefresh(NOW)).toBe(true);
    await refresh(session);
    expect(used(await glance(session))).toEqual(right);
  });
});

test("what only the database knows counts, and once", async () => {
  const packed = join(place, "otlp", "old.jsonl.gz");
  writeFileSync(packed, gzipSync(text(first)));
  writeFileSync(file, text(lines.slice(3)));
  const db = await storeOf(packed);
  try {
    await refresh(session, db.store);
    expect(used(await glance(session))).toEqual(right);
  } finally {
    await db.remove();
  }
});

test("before the first refresh it knows nothing, and says so", async () => {
  const meter = new SessionMeter(options(session));
  await meter.catchUp();
  expect([meter.isSurveyed, meter.needsRefresh(NOW), meter.shown(NOW)]).toEqual([
    false,
    true,
    undefined,
  ]);
  expect(meter.save(NOW)).toBe(true);
});

test("a file that was empty is looked for again once it is not", async () => {
  writeFileSync(file, "");
  await refresh(session);
  expect(new SessionMeter(options(session)).needsRefresh(NOW + 60_000)).toBe(false);
  appendFileSync(file, text(lines));
  expect(new SessionMeter(options(session)).needsRefresh(NOW + 60_000)).toBe(true);
  await refresh(session);
  expect(used(await glance(session))).toEqual(right);
});

describe("marks of stages", () => {
  const untagged = lines.map((line) =>
    line.replaceAll(/"key":"(stage|workflow_id|task_id|agent)"/g, '"key":"other_$1"'),
  );

  function mark(time: number, action: string, values: Readonly<Record<string, string>>): string {
    const all = { "event.name": "stage_mark", "session.id": session, action, ...values };
    const attributes = Object.entries(all).map(([key, stringValue]) => ({
      key,
      value: { stringValue },
    }));
    const logRecords = [{ timeUnixNano: `${time}000000`, attributes }];
    return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
  }

  async function staged(...marks: readonly string[]): Promise<string | undefined> {
    rmSync(join(place, "cache"), { recursive: true, force: true });
    writeFileSync(file, text(untagged));
    writeFileSync(join(place, "otlp", "marks.jsonl"), text(marks));
    await refresh(session);
    const shown = await glance(session);
    expect(used(shown)).toEqual(right);
    return shown && stageText(shown);
  }

  const plan = mark(NOW, "start", { stage: "plan", workflow_id: "w1" });
  const planEnds = mark(NOW + 2000, "end", { stage: "plan" });
  const review = mark(NOW + 1000, "start", { stage: "review", agent: "a" });

  test("give the stage that is open, in whatever order they come and however often", async () => {
    expect(await staged(plan)).toBe("plan");
    expect(await staged(planEnds, plan, plan)).toBeUndefined();
    expect(await staged(plan, review)).toBe("ambiguous");
    expect(await staged(plan, review, planEnds)).toBe("review");
    expect(await staged(plan, review, mark(NOW + 3000, "end", {}))).toBeUndefined();
    const docs = mark(NOW, "session", { stage: "docs" });
    expect(await staged(plan, docs)).toBe("docs");
    expect(await staged(docs, mark(NOW + 1, "session", { stage: "plan" }))).toBe("ambiguous");
    const otherWorkflow = mark(NOW + 2000, "end", { stage: "plan", workflow_id: "w2" });
    expect(await staged(plan, otherWorkflow)).toBeUndefined();
  });

  test("of other sessions, or that are none, change nothing", async () => {
    const other = plan.replace(session, "another");
    const odd = plan.replace('"start"', '"dance"');
    expect(
      await staged(other, odd, `{"stage_mark" ${session}`, `["stage_mark","${session}"]`),
    ).toBe(undefined);
  });

  test("are followed as they come", async () => {
    writeFileSync(file, text(untagged));
    await refresh(session);
    expect((await glance(session))?.stage).toBeUndefined();
    appendFileSync(file, text([plan]));
    expect(await glance(session)).toMatchObject({ stage: "plan", workflowId: "w1" });
    appendFileSync(file, text([planEnds]));
    expect((await glance(session))?.stage).toBeUndefined();
  });

  test("do not stand above what requests carry themselves", async () => {
    const tagged = "17486aec-c0de-4114-ae2a-c0855465eba9";
    writeFileSync(file, text([...linesOf("L-workflow"), plan.replace(session, tagged)]));
    await refresh(tagged);
    expect((await glance(tagged))?.stage).toBe("implement");
  });
});

test("a state that is damaged or of another version is none", async () => {
  writeFileSync(file, text(lines));
  const { path } = await refresh(session);
  const kept = readFileSync(path, "utf8");
  for (const damaged of [kept.slice(0, -40), "", "null", '{"version":99}', "[]"]) {
    writeFileSync(path, damaged);
    expect(new SessionMeter(options(session)).isSurveyed).toBe(false);
  }
  await refresh(session);
  expect(used(await glance(session))).toEqual(right);
});

test.skipIf(process.platform === "win32")("its files are nobody else's to read", async () => {
  writeFileSync(file, text(lines));
  const { path } = await refresh(session);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(place, "cache")).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(place, "cache"))).toHaveLength(1);
});

test("a session id of another shape leads nowhere else", async () => {
  const odd = "../../../etc/passwd\0\n\"'";
  const meter = new SessionMeter(options(odd));
  expect(meter.path.startsWith(join(place, "cache"))).toBe(true);
  await refresh(odd);
  expect(await glance(odd)).toBeUndefined();
});
