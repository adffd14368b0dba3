import { spawnSync } from "node:child_process";
import { appendFile, mkdir, open, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type Outcome, query, run, testFolder } from "./support/cli.ts";
import { fixture } from "./support/fixtures.ts";
import { runInside } from "./support/inside.ts";
import { requestLine } from "./support/telemetry.ts";

/** Never a stack, never a bug, whatever went in. */
function expectCalm({ stdout, stderr }: Outcome): void {
  expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at |this is a bug|\[object Object\]|undefined/);
}

const good = (number: number): Buffer => Buffer.from(`${requestLine(number)}\n`);
const text = (content: string): Buffer => Buffer.from(content);
const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

/** A record whose every field has the wrong type, and the number too large for any. */
const wrongTypes = JSON.stringify({
  resourceLogs: [
    {
      resource: { attributes: "none" },
      schemaUrl: 7,
      scopeLogs: [
        {
          scope: [],
          logRecords: [
            {
              timeUnixNano: { soon: true },
              observedTimeUnixNano: [],
              severityNumber: "loud",
              body: 5,
              attributes: { "event.name": "api_request" },
              traceId: 12,
              flags: "x",
            },
            "a record",
            null,
            7,
          ],
        },
        "a scope",
      ],
    },
    null,
  ],
});

interface Damage {
  readonly name: string;
  readonly bytes: Buffer;
  /** Requests of the neighbours, all of which must be stored. */
  readonly requests: number;
  /** How many entries rejected_lines gets; undefined where only "at least one" is promised. */
  readonly rejected?: number;
}

const damages: readonly Damage[] = [
  {
    name: "a line that is no JSON",
    bytes: Buffer.concat([good(1), text("not json\n"), good(2)]),
    requests: 2,
    rejected: 1,
  },
  {
    name: "JSON that is no telemetry",
    bytes: Buffer.concat([good(1), text('{"a":1}\n[1,2]\n"text"\n17\nnull\n'), good(2)]),
    requests: 2,
    rejected: 5,
  },
  {
    name: "a half line at the end",
    bytes: Buffer.concat([good(1), good(2), text(requestLine(3).slice(0, 200))]),
    requests: 2,
    rejected: 1,
  },
  {
    name: "a whole record without newline at the end",
    bytes: Buffer.concat([good(1), text(requestLine(2))]),
    requests: 2,
    rejected: 0,
  },
  {
    name: "a torn line with a record glued to it",
    bytes: Buffer.concat([text(requestLine(1).slice(0, 150)), good(2), good(3)]),
    requests: 2,
    rejected: 1,
  },
  {
    name: "a NUL hole at the start",
    bytes: Buffer.concat([Buffer.alloc(5_000), good(1), good(2)]),
    requests: 2,
    rejected: 1,
  },
  {
    name: "a NUL hole in the middle",
    bytes: Buffer.concat([good(1), Buffer.alloc(3), good(2)]),
    requests: 2,
    rejected: 1,
  },
  {
    name: "invalid UTF-8 in a text",
    bytes: Buffer.concat([
      Buffer.from(requestLine(1).replace("req_1", "req_~~")).map((byte) =>
        byte === 0x7e ? 0xff : byte,
      ),
      text("\n"),
      good(2),
    ]),
    requests: 2,
    rejected: 1,
  },
  {
    name: "a byte order mark, CRLF and empty lines",
    bytes: text(`\uFEFF${requestLine(1)}\r\n\r\n\n   \n${requestLine(2)}\r\n`),
    requests: 2,
    rejected: 0,
  },
  {
    name: "depth 10,000",
    bytes: Buffer.concat([
      good(1),
      text(`${deep(10_000)}\n`),
      text(`{"resourceLogs":[{"resource":{},"scopeLogs":[],"x":${deep(10_000)}}]}\n`),
      text(`${"[".repeat(10_000)}\n`),
      good(2),
    ]),
    requests: 2,
  },
  {
    name: "10^309 and friends",
    bytes: Buffer.concat([
      good(1),
      text(
        `${requestLine(2).replace(/"cost_usd","value":\{"doubleValue":0.25\}/, '"cost_usd","value":{"doubleValue":1e309}')}\n`,
      ),
      text(
        `${requestLine(3).replace('"intValue":"1000"', '"intValue":"99999999999999999999999999"')}\n`,
      ),
      text(`${requestLine(4).replace('"intValue":"1000"', '"intValue":1e309')}\n`),
      good(5),
    ]),
    requests: 2,
    rejected: 3,
  },
  {
    name: "a wrong type in every field",
    bytes: Buffer.concat([good(1), text(`${wrongTypes}\n`), good(2)]),
    requests: 2,
  },
  {
    name: "keys that attack objects",
    bytes: Buffer.concat([
      good(1),
      text(`${requestLine(2).replace('"session.id"', '"__proto__"')}\n`),
      text(`{"__proto__":{"resourceLogs":1},"constructor":2,"resourceLogs":[]}\n`),
      good(3),
    ]),
    requests: 3,
  },
];

describe("damage is reported and costs no neighbour:", () => {
  test.each(damages)("$name", async ({ bytes, requests, rejected }) => {
    const folder = await testFolder();
    const file = join(folder, "damaged.jsonl");
    const database = join(folder, "t.duckdb");
    await writeFile(file, bytes);

    const outcome = await runInside(["import", file, "--db", database]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expectCalm(outcome);

    const [stored] = await query(
      database,
      "SELECT count(DISTINCT request_id) AS n FROM api_requests",
    );
    expect(stored?.["n"]).toBe(requests);
    const lines = await query(database, "FROM rejected_lines ORDER BY byte_offset");
    if (rejected === undefined) expect(lines.length).toBeGreaterThan(0);
    else expect(lines).toHaveLength(rejected);
    for (const line of lines) {
      expect(line["path"]).toBe(file);
      expect(line["reason"]).toMatch(/./);
      expect(Number(line["byte_offset"])).toBeLessThan(bytes.length);
    }

    const strict = await runInside(["import", file, "--strict", "--db", join(folder, "s.duckdb")]);
    expect(strict.code).toBe(lines.length > 0 ? 1 : 0);
    expectCalm(strict);
  });

  test("a line of 64 MB is stored whole", async () => {
    const folder = await testFolder();
    const file = join(folder, "long.jsonl");
    const database = join(folder, "t.duckdb");
    const [two, four] = [2, 4].map((number) =>
      requestLine(number).slice('{"resourceLogs":['.length, -2),
    );
    const line = `{"resourceLogs":[${two},${" ".repeat(64 << 20)}${four}]}\n`;
    await writeFile(file, Buffer.concat([good(1), text(line), good(3)]));
    const outcome = await run(["import", file, "--db", database]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expectCalm(outcome);
    const ids = await query(database, "SELECT request_id FROM api_requests ORDER BY 1");
    expect(ids.map((row) => row["request_id"])).toEqual(["req_1", "req_2", "req_3", "req_4"]);
  });

  test("a single record of 64 MB is reported, not stored", async () => {
    const folder = await testFolder();
    const file = join(folder, "long.jsonl");
    const database = join(folder, "t.duckdb");
    const line = requestLine(2).replace("claude-opus-5-5", "x".repeat(64 << 20));
    await writeFile(file, Buffer.concat([good(1), text(`${line}\n`), good(3)]));
    const outcome = await run(["import", file, "--db", database]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expectCalm(outcome);
    const ids = await query(database, "SELECT request_id FROM api_requests ORDER BY 1");
    expect(ids.map((row) => row["request_id"])).toEqual(["req_1", "req_3"]);
    expect(await query(database, "FROM rejected_lines")).toHaveLength(1);
  });

  test("a truncated .gz gives what can be read", async () => {
    const folder = await testFolder();
    const file = join(folder, "short.jsonl.gz");
    const database = join(folder, "t.duckdb");
    const lines = Array.from({ length: 2_000 }, (_, number) => requestLine(number));
    const packed = gzipSync(`${lines.join("\n")}\n`);
    await writeFile(file, packed.subarray(0, packed.length >> 1));
    const outcome = await run(["import", file, "--db", database]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expectCalm(outcome);
    const [stored] = await query(database, "SELECT count(*) AS n FROM api_requests");
    expect(Number(stored?.["n"])).toBeGreaterThan(100);
    expect(await query(database, "FROM rejected_lines")).not.toEqual([]);
  });

  test.each(["modes/zstd/L-workflow.jsonl.zst", "modes/proto/L-workflow.logs.pb"])(
    "a truncated frame (%s) gives the frames before it",
    async (name) => {
      const folder = await testFolder();
      const file = join(folder, "short.bin");
      const database = join(folder, "t.duckdb");
      await writeFile(file, await readFile(fixture(name)));
      const handle = await open(file);
      const { size } = await handle.stat();
      await handle.close();
      await truncate(file, size - 20);
      const outcome = await run(["import", file, "--db", database]);
      expect(outcome.code, outcome.stderr).toBe(0);
      expectCalm(outcome);
      const [stored] = await query(database, "SELECT count(*) AS n FROM log_records");
      expect(Number(stored?.["n"])).toBeGreaterThan(50);
      expect(await query(database, "FROM rejected_lines")).not.toEqual([]);
    },
  );

  test("a binary is one rejection, and that nothing was read is a failure", async () => {
    const folder = await testFolder();
    const file = join(folder, "picture.jsonl");
    const database = join(folder, "t.duckdb");
    await writeFile(
      file,
      Buffer.from(Array.from({ length: 20_000 }, (_, at) => (at * 167) & 0xff)),
    );
    const outcome = await run(["import", file, "--db", database]);
    expect(outcome.code, outcome.stderr).toBe(1);
    expect(outcome.stderr).toContain("is telemetry that can be read");
    expectCalm(outcome);
    expect(await query(database, "FROM rejected_lines")).toHaveLength(1);
  });

  test("what was half is whole later, and nothing is read twice", async () => {
    const folder = await testFolder();
    const file = join(folder, "growing.jsonl");
    const database = join(folder, "t.duckdb");
    const line = requestLine(2);
    await writeFile(file, Buffer.concat([good(1), text(line.slice(0, 100))]));
    expect((await run(["import", file, "--db", database])).code).toBe(0);
    await appendFile(file, `${line.slice(100)}\n${requestLine(3)}\n`);
    expect((await run(["import", file, "--db", database])).code).toBe(0);
    const ids = await query(database, "SELECT request_id FROM api_requests ORDER BY 1");
    expect(ids.map((row) => row["request_id"])).toEqual(["req_1", "req_2", "req_3"]);
  });
});

/** What cannot be imported: one sentence that names it, a hint, exit code 1. */
function expectRefusal(outcome: Outcome, name: string): void {
  expect(outcome.code, outcome.stderr).toBe(1);
  expectCalm(outcome);
  expect(outcome.stdout).toBe("");
  const [sentence = "", hint = "", ...rest] = outcome.stderr.trimEnd().split("\n");
  expect(sentence).toMatch(/^cctelemetry: .*\.$/);
  expect(sentence).toContain(name);
  expect(hint).toMatch(/^hint: /);
  expect(rest).toEqual([]);
}

/** The administrator may read everything, unless that privilege is put down first. */
const withoutPrivilege =
  process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : [];
const [putDown = "true", ...withArguments] = withoutPrivilege;
const mayBeDenied =
  process.platform !== "win32" && spawnSync(putDown, [...withArguments, "true"]).status === 0;

describe("what cannot be imported is refused in one sentence:", () => {
  test("a path that does not exist", async () => {
    const folder = await testFolder();
    const database = join(folder, "t.duckdb");
    expectRefusal(
      await run(["import", join(folder, "none.jsonl"), "--db", database]),
      "none.jsonl",
    );
  });

  test("a directory without telemetry", async () => {
    const folder = await testFolder();
    await mkdir(join(folder, "photos"));
    await writeFile(join(folder, "photos", "a.txt"), "nothing here");
    const database = join(folder, "t.duckdb");
    expectRefusal(await run(["import", join(folder, "photos"), "--db", database]), "photos");
  });

  test.runIf(mayBeDenied)("a file that may not be read", async () => {
    const folder = await testFolder();
    const file = join(folder, "secret.jsonl");
    await writeFile(file, good(1), { mode: 0o000 });
    const command = ["import", file, "--db", join(folder, "t.duckdb")];
    expectRefusal(await run(command, { launcher: withoutPrivilege }), "secret.jsonl");
  });
});
