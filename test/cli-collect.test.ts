import { spawn } from "node:child_process";
import { chmod, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { type Outcome, run, testFolder } from "./support/cli.ts";
import { absolute } from "./support/source-tree.ts";

interface Listening {
  readonly pid: number;
  readonly http: string;
  readonly output: string;
}

const program = absolute("packages/cli/dist/cctelemetry.mjs");
const free = ["--port", "0", "--grpc-port", "0"];
const body = await readFile(absolute("fixtures/receiver/L-json-dupes/0002-logs.json"));

/** The program with all its places in one folder. */
function at(home: string): (...args: readonly string[]) => Promise<Outcome> {
  return (...args) => run(args, { env: { CCTELEMETRY_HOME: home, TZ: "UTC" } });
}

async function inBackground(home: string, ...args: readonly string[]): Promise<Listening> {
  const outcome = await at(home)("collect", "--background", "--json", ...free, ...args);
  expect(outcome).toMatchObject({ code: 0, stderr: "" });
  const listening = JSON.parse(outcome.stdout) as Listening;
  onTestFinished(() => {
    try {
      process.kill(listening.pid, "SIGKILL");
    } catch {
      // It has ended, as it should.
    }
  });
  return listening;
}

function post(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${url}/v1/logs`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: new Uint8Array(body),
  });
}

test("the self-test sends by three protocols and reads back", async () => {
  const home = await testFolder();
  const { code, stdout, stderr } = await at(home)("collect", "--self-test", "--json");
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual([
    { protocol: "http/json", result: "ok", sent_tokens: 1018, stored_tokens: 1018 },
    { protocol: "http/protobuf", result: "ok", sent_tokens: 2019, stored_tokens: 2019 },
    { protocol: "grpc", result: "ok", sent_tokens: 3020, stored_tokens: 3020 },
  ]);
  expect(await readdir(home)).toEqual([]);
});

test("the self-test needs a temporary folder, and says so", async () => {
  const home = await testFolder();
  const missing = join(home, "not there");
  const env = { CCTELEMETRY_HOME: home, TMPDIR: missing, TEMP: missing, TMP: missing };
  const { code, stdout, stderr } = await run(["collect", "--self-test"], { env });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(
    /^cctelemetry: No folder can be made in .*not there: ENOENT\.\nhint: Set /,
  );
});

test("in the background: what comes is on the disk, and import and query find it", async () => {
  const home = await testFolder();
  const { http, output, pid } = await inBackground(home);
  expect(output).toBe(join(home, "otlp", "claude-code.jsonl"));
  expect((await post(http)).status).toBe(200);
  expect((await post(http)).status).toBe(200);
  expect((await readFile(output, "utf8")).match(/\n/g)).toHaveLength(1);
  expect((await stat(output)).mode & 0o077).toBe(0);

  const cli = at(home);
  const status = await cli("collect", "status", "--json");
  expect(JSON.parse(status.stdout)).toMatchObject([{ state: "serving", pid, output }]);
  expect((await cli("import")).code).toBe(0);
  const rows = await cli("query", "SELECT count(*) AS n FROM events", "--json");
  expect(JSON.parse(rows.stdout)).toEqual([{ n: expect.any(Number) }]);
  expect(rows.stdout).not.toContain('"n":0');

  expect(await cli("collect", "stop")).toEqual({
    code: 0,
    stdout: `stopped process ${pid}\n`,
    stderr: "",
  });
  expect(await readdir(join(home, "otlp"))).toEqual(["claude-code.jsonl"]);
  const again = await cli("collect", "stop");
  expect(again.code).toBe(1);
  expect(again.stderr).toContain(`No receiver writes to ${output}.`);
});

test("a second one says who has the file, and who has the port", async () => {
  const home = await testFolder();
  const { http, output, pid } = await inBackground(home);
  const cli = at(home);
  for (const args of [[], ["--background"]]) {
    const second = await cli("collect", ...free, ...args);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`Another receiver writes to ${output} (process ${pid} on `);
    expect(second.stderr).toContain("collect stop ends it");
  }
  const port = new URL(http).port;
  const other = await cli("collect", "--port", port, "--output", join(home, "other.jsonl"));
  expect(other.code).toBe(1);
  expect(other.stderr).toContain(`Port ${port} is taken by another receiver (process ${pid}).`);
});

test("of a port that another program has, too", async () => {
  const home = await testFolder();
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((done) => server.once("listening", done));
  const address = server.address();
  const port = String(typeof address === "object" ? address?.port : "");
  const { code, stderr } = await at(home)("collect", "--port", port);
  expect(code).toBe(1);
  expect(stderr).toContain(`Port ${port} is taken by `);
  expect(stderr).toContain("another port with --port");
});

test("in the foreground it prints where it listens, and ends in order", async () => {
  const home = await testFolder();
  const output = join(home, "x.jsonl");
  const child = spawn(process.execPath, [program, "collect", ...free, "--output", output], {
    env: { ...process.env, CCTELEMETRY_HOME: home, NO_COLOR: "1" },
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  const ended = new Promise<number | null>((done) => child.once("close", done));
  onTestFinished(() => void child.kill("SIGKILL"));
  while (!stdout.includes("writing to")) await wait(20);
  const [url = ""] = /http:\/\/[\d.:]+/.exec(stdout) ?? [];
  expect((await post(url)).status).toBe(200);
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(stdout.split("\n")).toEqual([
    expect.stringMatching(
      /^listening on http:\/\/127\.0\.0\.1:\d+ \(OTLP\/HTTP, JSON and protobuf\)$/,
    ),
    expect.stringMatching(/^listening on http:\/\/127\.0\.0\.1:\d+ \(OTLP\/gRPC\)$/),
    `writing to ${output}`,
    expect.stringMatching(/^stopped after 1 request · logs 1 · /),
    "",
  ]);
});

test("a token closes the door, and is shown to nobody", async () => {
  const home = await testFolder();
  const token = "correct-horse-battery";
  const file = join(home, "token");
  await writeFile(file, `${token}\n`, { mode: 0o600 });
  const { http } = await inBackground(home, "--token-file", file);
  const wrong = await post(http, { authorization: "Bearer wrong-horse-battery" });
  expect(wrong.status).toBe(401);
  expect(await wrong.text()).not.toContain("horse");
  expect((await post(http)).status).toBe(401);
  expect((await post(http, { authorization: `Bearer ${token}` })).status).toBe(200);
  const log = await readFile(join(home, "collect.log"), "utf8");
  expect(log).not.toContain(token);
  await at(home)("collect", "stop");
});

test.each<readonly [name: string, args: readonly string[], code: number, words: string]>([
  ["another address without a token", ["--listen", "0.0.0.0"], 2, "needs a token"],
  ["no port at all", ["--port", "off", "--grpc-port", "off"], 2, "needs a port"],
  ["no port", ["--port", "70000"], 2, "not a port"],
  ["an unknown durability", ["--durability", "hope"], 2, "fsync, flush, none"],
  ["a token file that is not there", ["--token-file", "nowhere"], 1, "cannot be read"],
  ["an address of another machine", [...free, "--listen", "127.0.0.999"], 2, "needs a token"],
])("says what is wrong with %s", async (_name, args, code, words) => {
  const home = await testFolder();
  const outcome = await at(home)("collect", ...args);
  expect(outcome).toMatchObject({ code, stdout: "" });
  expect(outcome.stderr).toContain(words);
});

test("a token that others can read is refused", async () => {
  const home = await testFolder();
  const file = join(home, "token");
  await writeFile(file, "correct-horse-battery");
  await chmod(file, 0o644);
  const { code, stderr } = await at(home)("collect", "--token-file", file);
  expect(code).toBe(1);
  expect(stderr).toContain(`chmod 600 ${file}`);
});

test("with nothing to import, import says how to get some", async () => {
  const home = await testFolder();
  const { code, stderr } = await at(home)("import");
  expect(code).toBe(1);
  expect(stderr).toContain(`There is no telemetry in ${join(home, "otlp")} yet.`);
  expect(stderr).toContain("cctelemetry collect");
});
