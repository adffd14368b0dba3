import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { KnownError } from "../../src/errors.ts";
import { ask, buildChild, makeStore, refusal, refusalHere } from "./sandbox-helpers.ts";
import { exhausting, hostile } from "./sandbox-hostile.ts";

let script = "";
let folder = "";
let path = "";

beforeAll(async () => {
  script = await buildChild();
  ({ folder, path } = await makeStore());
  writeFileSync(`${folder}/other.csv`, "a,b\n1,2\n");
});

const onDisk = () =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`, "latin1")]),
  );
const here = () => readdirSync(".").sort();

describe("refuses, and touches no file", () => {
  test("there are enough attacks to mean something", () => {
    expect(hostile.length + exhausting.length).toBeGreaterThan(130);
  });

  test.each(hostile)("%s", async (statement) => {
    const before = onDisk();
    const listed = here();
    const sql = statement.replaceAll("$dir", folder).replaceAll("$db", path);
    const error = await refusalHere(path, sql);
    expect(error.code).toMatch(/^query-(refused|failed)$/);
    expect(error.message.length).toBeGreaterThan(10);
    expect(onDisk()).toEqual(before);
    expect(here()).toEqual(listed);
  });

  // A process takes forty times as long; what refuses is the same.
  test.each(hostile.filter((_, at) => at % 20 === 0))("in a process: %s", async (statement) => {
    const before = onDisk();
    const sql = statement.replaceAll("$dir", folder).replaceAll("$db", path);
    const error = await refusal(script, path, sql);
    expect(error.code).toMatch(/^query-(refused|failed)$/);
    expect(onDisk()).toEqual(before);
  });

  test("not even where a hostile database brings a view that would", async () => {
    const before = onDisk();
    const outcome = await ask(script, path, "SELECT * FROM trap").catch((error: unknown) => error);
    expect(outcome instanceof Error ? outcome : new KnownError("query-failed", "")).toBeInstanceOf(
      KnownError,
    );
    expect(onDisk()).toEqual(before);
    expect(existsSync("/tmp/cctelemetry-trap")).toBe(false);
  });
});

describe("outlives", () => {
  test.each(exhausting.map((sql) => [sql.slice(0, 60), sql]))("%s", async (_, sql) => {
    const started = Date.now();
    const options = { timeoutMs: 800, maxRows: 1_000, maxBytes: 10_000_000 };
    const outcome = await ask(script, path, sql, options).then(
      () => "answered",
      (error: unknown) => error,
    );
    expect(outcome === "answered" || outcome instanceof KnownError).toBe(true);
    expect(Date.now() - started).toBeLessThan(60_000);
    expect((await ask(script, path, "SELECT 1")).rows).toEqual([[1]]);
  });
});
