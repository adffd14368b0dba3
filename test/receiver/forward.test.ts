import { readFileSync, writeFileSync } from "node:fs";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { linesOf } from "../../packages/core/test/support/fixtures.ts";
import { runs, seed } from "../../packages/core/test/support/runs.ts";
import { type Receiver, startReceiver } from "../../packages/receiver/src/index.ts";
import { sendLines } from "../prometheus/support/collect.ts";
import { freePort } from "../prometheus/support/programs.ts";
import { imported, query, run, testFolder } from "../support/cli.ts";
import { programCommand, start } from "../support/running.ts";
import { absolute } from "../support/source-tree.ts";
import { type Lab, startLab } from "./support/lab.ts";
import { sample } from "./support/requests.ts";
import { type Mood, startUpstream, type Upstream } from "./support/upstream.ts";

interface Scene {
  readonly lab: Lab;
  readonly upstream: Upstream;
  readonly output: string;
  /** Starts a receiver that sends on; several after each other with the same file. */
  readonly begin: (rotateBytes?: number) => Promise<Receiver>;
  readonly send: (receiver: Receiver, id: string, padding?: number) => Promise<void>;
}

async function scene(): Promise<Scene> {
  const folder = await testFolder();
  const lab = await startLab();
  const upstream = await startUpstream(lab.http);
  onTestFinished(async () => {
    await upstream.close();
    await lab.close();
  });
  const output = join(folder, "otlp", "own.jsonl");
  return {
    ...{ lab, upstream, output },
    begin: async (rotateBytes = 0) => {
      const receiver = await startReceiver({
        ...{ output, httpPort: 0, grpcPort: undefined, rotateBytes, durability: "flush" },
        forward: { url: upstream.url, headers: {}, leastWaitMs: 5, mostWaitMs: 40, answerMs: 500 },
      });
      onTestFinished(receiver.close);
      return receiver;
    },
    send: async (receiver, id, padding) => {
      const { line } = sample("logs", id, padding);
      await sendLines(`http://${receiver.addresses.http}`, [line]);
    },
  };
}

const behind = (receiver: Receiver): number | undefined => receiver.counts().forward?.behindBytes;

async function arrived({ lab }: Scene, ids: readonly string[]): Promise<void> {
  await expect.poll(() => new Set(lab.ids())).toEqual(new Set(ids));
}

const moods = fc.constantFrom<Mood>(
  ...(["passes", "passes", "hangs", "cuts before", "cuts after"] as const),
  ...[429, 500, 502, 503, 504, 401, 403, 404, 302],
);

test(`whatever the destination does, everything arrives (FAULT_SEED=${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(moods, { minLength: 1, maxLength: 12 }),
      fc.array(fc.constantFrom("send", "send", "send large", "restart", "wait"), {
        minLength: 5,
        maxLength: 25,
      }),
      fc.constantFrom(0, 600, 3_000),
      async (drawn, steps, rotateBytes) => {
        const here = await scene();
        let turn = 0;
        here.upstream.mood = () => drawn[turn++ % drawn.length] ?? "passes";
        let receiver = await here.begin(rotateBytes);
        const ids: string[] = [];
        for (const step of steps) {
          if (step === "restart") {
            await receiver.close();
            receiver = await here.begin(rotateBytes);
          } else if (step === "wait") {
            await new Promise((done) => setTimeout(done, 20));
          } else {
            ids.push(`r${ids.length}`);
            await here.send(receiver, ids.at(-1) ?? "", step === "send large" ? 5_000 : 0);
          }
        }
        here.upstream.mood = () => "passes";
        await arrived(here, ids);
        await expect.poll(() => behind(receiver)).toBe(0);
        expect(receiver.counts().forward?.refused).toBe(0);
        await receiver.close();
        await here.upstream.close();
        await here.lab.close();
      },
    ),
    { numRuns: runs(4), interruptAfterTimeLimit: 240_000, endOnFailure: true },
  );
});

test("a destination that is away is waited for, and how far it is behind is known", async () => {
  const here = await scene();
  const { upstream } = here;
  const receiver = await here.begin(1_000);
  upstream.mood = () => 503;
  const ids = Array.from({ length: 12 }, (_, index) => `away-${index}`);
  for (const id of ids) await here.send(receiver, id, 500);
  await expect.poll(() => receiver.counts().forward?.fault).toBe("503 not now");
  await expect.poll(() => behind(receiver) ?? 0).toBeGreaterThan(12 * 500);
  expect(here.lab.ids()).toEqual([]);
  const names = await readdir(dirname(here.output));
  // Nothing but the journal, its lock and the cursor.
  expect(names.filter((name) => !/^own.*\.jsonl(\.lock|\.forward)?$/.test(name))).toEqual([]);
  upstream.mood = () => "passes";
  await arrived(here, ids);
  await expect
    .poll(() => receiver.counts().forward)
    .toMatchObject({
      ...{ behindBytes: 0, refused: 0, fault: undefined, sent: 12 },
    });
});

test("what comes before the first start is kept here, and another destination begins at its end", async () => {
  const here = await scene();
  const alone = await startReceiver({ output: here.output, httpPort: 0, grpcPort: undefined });
  await here.send(alone, "before");
  await alone.close();
  const first = await here.begin();
  await here.send(first, "one");
  await arrived(here, ["one"]);
  await first.close();
  const cursor = `${here.output}.forward`;
  writeFileSync(cursor, readFileSync(cursor, "utf8").replace(here.upstream.url, "http://other:1"));
  const second = await here.begin();
  await here.send(second, "two");
  await arrived(here, ["one", "two"]);
  await second.close();
  // A cursor that cannot be read is no reason to send everything.
  await writeFile(cursor, "{");
  const third = await here.begin();
  await here.send(third, "three");
  await arrived(here, ["one", "two", "three"]);
});

test("files that are gone or were renamed stop nothing", async () => {
  const here = await scene();
  here.upstream.mood = () => 503;
  const receiver = await here.begin(700);
  for (const id of ["a", "b", "c", "d"]) await here.send(receiver, id, 500);
  await receiver.close();
  const folder = dirname(here.output);
  const rotated = (await readdir(folder)).filter((name) => name.includes("-size")).sort();
  expect(rotated).toHaveLength(3);
  await rm(join(folder, rotated[0] ?? ""));
  here.upstream.mood = () => "passes";
  const next = await here.begin(700);
  await arrived(here, ["b", "c", "d"]);
  // Another program moves the file away.
  await rename(here.output, join(folder, "elsewhere.jsonl"));
  await here.send(next, "e", 500);
  await arrived(here, ["b", "c", "d", "e"]);
});

test("what a destination will never accept is counted, and what follows goes on", async () => {
  const here = await scene();
  const receiver = await here.begin();
  here.upstream.mood = () => 400;
  await here.send(receiver, "wrong");
  await expect.poll(() => receiver.counts().forward?.refused).toBe(1);
  expect(receiver.counts().forward?.fault).toBe("400 not now");
  here.upstream.mood = () => "passes";
  await here.send(receiver, "right");
  await arrived(here, ["right"]);
  await expect
    .poll(() => receiver.counts().forward)
    .toMatchObject({ sent: 1, refused: 1, fault: undefined });
});

test("an answer without end costs neither memory nor the connection for good", async () => {
  const here = await scene();
  const receiver = await here.begin();
  here.upstream.mood = () => "floods";
  await here.send(receiver, "flooded");
  await expect.poll(() => receiver.counts().forward?.sent).toBe(1);
  here.upstream.mood = () => "passes";
  await here.send(receiver, "after");
  await arrived(here, ["after"]);
});

test("a receiver that is killed again and again sends everything on, as it was", async () => {
  const folder = await testFolder();
  const { lab, upstream } = await scene();
  const moodsInTurn: readonly Mood[] = ["passes", 503, "passes", "cuts after", "passes"];
  // Later on it is well: each of its faults costs a second of real waiting.
  upstream.mood = () =>
    upstream.seen() > 20 ? "passes" : (moodsInTurn[upstream.seen() % 5] ?? "passes");
  const headers = join(folder, "headers");
  await writeFile(headers, "# for the team\nAuthorization: Bearer of-the-team\n\nX-Team: a=b\n", {
    mode: 0o600,
  });
  const output = join(folder, "own.jsonl");
  const lines = linesOf("L-workflow.jsonl");
  for (let from = 0; from < lines.length; from += 12) {
    const running = start(
      [
        ...[...programCommand, "collect", "--json", "--port", "0", "--grpc-port", "off"],
        ...["--output", output, "--forward", `${upstream.url}/`, "--forward-headers", headers],
      ],
      { CCTELEMETRY_HOME: folder },
    );
    await running.until(() => running.stdout().includes("forwarding"));
    const { http } = JSON.parse(running.stdout().split("\n")[0] ?? "") as { readonly http: string };
    await sendLines(http, lines.slice(from, from + 12));
    if (from + 12 < lines.length) {
      running.signal("SIGKILL");
      await running.ended;
      continue;
    }
    await expect.poll(() => lab.lines().length).toBeGreaterThanOrEqual(lines.length);
    const status = await run(["collect", "status", "--output", output]);
    expect(status.stdout).toMatch(/sending on to http:\/\/127\.0\.0\.1:\d+, \d+ sent/);
    const asJson = await run(["collect", "status", "--output", output, "--json"]);
    expect(JSON.parse(asJson.stdout)[0].forward).toMatchObject({ refused: 0, url: upstream.url });
    running.signal("SIGTERM");
    expect(await running.ended).toBe(0);
  }
  expect(upstream.lastHeaders()).toMatchObject({
    ...{ authorization: "Bearer of-the-team", "x-team": "a=b", "content-encoding": "gzip" },
  });
  const telemetry = join(lab.folder, "otlp", "telemetry.jsonl");
  const database = await imported(await testFolder(), [telemetry]);
  const truth = await imported(await testFolder(), [
    absolute("fixtures/telemetry/L-workflow.jsonl"),
  ]);
  const sql =
    "SELECT stage, task_id, model, count(*) AS n, sum(cost_usd) AS cost, sum(input_tokens) AS input FROM usage GROUP BY ALL ORDER BY ALL";
  expect(await query(database, sql)).toEqual(await query(truth, sql));
});

test("what cannot work is one sentence, and shows no secret", async () => {
  const folder = await testFolder();
  const secrets = join(folder, "headers");
  await writeFile(secrets, "Authorization Bearer secret-of-mine\n", { mode: 0o600 });
  const port = await freePort();
  const open = join(folder, "open");
  await writeFile(open, "A: b\n", { mode: 0o644 });
  const cases: readonly (readonly [string, readonly string[], Record<string, string>?])[] = [
    ["is not an http or https address", ["--forward", "collector:4318"]],
    ["holds a password that every process can read", ["--forward", "http://me:secret-of-mine@c:1"]],
    ["is the address of one signal", ["--forward", "http://collector:4318/v1/logs"]],
    ["has more than a path", ["--forward", "http://collector:4318/?token=secret-of-mine"]],
    ["is this receiver itself", ["--forward", `http://localhost:${port}`, "--port", `${port}`]],
    ["belongs to --forward", ["--forward-headers", secrets]],
    ["cannot be sent", ["--forward", "http://c:1", "--forward-headers", secrets]],
    ["can be read by others", ["--forward", "http://c:1", "--forward-headers", open]],
    ["cannot be read", ["--forward", "http://c:1", "--forward-headers", join(folder, "none")]],
    [
      "A header in CCTELEMETRY_FORWARD_HEADERS cannot be sent",
      ["--forward", "http://c:1"],
      { CCTELEMETRY_FORWARD_HEADERS: "host=secret-of-mine" },
    ],
  ];
  for (const [sentence, args, env] of cases) {
    const { code, stderr } = await run(
      [
        "collect",
        "--port",
        "0",
        "--grpc-port",
        "off",
        "--output",
        join(folder, "o.jsonl"),
        ...args,
      ],
      env === undefined ? {} : { env },
    );
    expect([code, stderr], sentence).toEqual([
      expect.any(Number),
      expect.stringMatching(/^cctelemetry: .+\nhint: .+\n$/),
    ]);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain("secret-of-mine");
  }
  expect(await readFile(secrets, "utf8")).toContain("secret-of-mine");
});
