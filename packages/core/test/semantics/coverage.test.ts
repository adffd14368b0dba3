import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { recordings, storeOf } from "../support/telemetry.ts";

type Row = Readonly<Record<string, unknown>>;

/** Asks a store made of these lines. */
async function asked(lines: readonly string[], sql: string): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "cctelemetry-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "otel.jsonl");
  await writeFile(path, `${lines.join("\n")}\n`);
  const { store, remove } = await storeOf(path);
  onTestFinished(remove);
  return store.reading((session) => session.rows(sql));
}

async function linesOf(run: string): Promise<readonly string[]> {
  const text = await readFile(join(recordings, `${run}.jsonl`), "utf8");
  return text.trimEnd().split("\n");
}

const gaps = "SELECT missing_events, agrees, likely_cause FROM coverage";

test("an event that never came leaves a gap in the numbers of the others", async () => {
  const lines = await linesOf("L-json-tools");
  const withLogs = lines.filter((line) => line.includes("resourceLogs"));
  const lost = withLogs[Math.floor(withLogs.length / 2)] ?? "";
  const events = lost.split('"event.sequence"').length - 1;
  expect(events).toBeGreaterThan(0);
  expect(await asked(lines, gaps)).toEqual([
    { missing_events: 0n, agrees: true, likely_cause: null },
  ]);
  const [row] = await asked(
    lines.filter((line) => line !== lost),
    gaps,
  );
  expect(row).toMatchObject({ missing_events: BigInt(events), agrees: false });
});

test.each(["L-tmux", "L-workflow", "L-json-killresume", "V-2.1.20"])(
  "nothing is said to be missing in %s: resumed, cleared, killed",
  async (run) => {
    const rows = await asked(await linesOf(run), "SELECT sum(missing_events) AS sum FROM coverage");
    expect(rows).toEqual([{ sum: 0n }]);
  },
);

test("the defects of a release are named, whatever its numbers say", async () => {
  const sql = "SELECT DISTINCT known_defects AS names FROM coverage";
  const [old] = await asked(await linesOf("O-json-tools"), sql);
  expect(old?.["names"]).toContain("background requests at exit");
  expect(old?.["names"]).toContain("retries without usage");
  const [later] = await asked(await linesOf("V-2.1.20"), sql);
  expect(later?.["names"]).toContain("subagents not marked");
  expect(later?.["names"]).not.toContain("retries without usage");
  expect(await asked(await linesOf("L-json-tools"), sql)).toEqual([{ names: null }]);
});

test("releases are compared by their numbers", async () => {
  const rows = await asked(
    await linesOf("L-json-attrs"),
    `SELECT base.release('2.0.76') < base.release('2.0.100') AS shorter,
       base.release('10.0.0') > base.release('9.99.99') AS longer,
       base.release('2.1.20-beta.1') = base.release('2.1.20') AS early,
       base.release('unknown') AS none, base.release(NULL) AS nothing`,
  );
  expect(rows).toEqual([{ shorter: true, longer: true, early: true, none: null, nothing: null }]);
});
