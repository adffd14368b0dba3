import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcp } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Outcome, run, testFolder } from "../../../../test/support/cli.ts";
import { fixture } from "../../../../test/support/fixtures.ts";
import { programCommand, start } from "../../../../test/support/running.ts";

interface Row {
  readonly check: string;
  readonly level: string;
  readonly what: string;
  readonly fix: string | null;
}

interface Home {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly call: (...args: readonly string[]) => Promise<Outcome>;
  /** Rows of `doctor --json`, and the exit code. */
  readonly examined: () => Promise<{ code: number | null; rows: readonly Row[] }>;
}

/** Variables of the machine that runs the tests, which doctor must not see. */
const others = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(OTEL_|CLAUDE|https?_proxy$|no_proxy$)/i.test(name))
    .map((name) => [name, ""]),
);

async function home(): Promise<Home> {
  const folder = await testFolder();
  const env = {
    ...others,
    HOME: folder,
    USERPROFILE: folder,
    CLAUDE_CONFIG_DIR: "",
    CCTELEMETRY_HOME: join(folder, "data"),
    PATH: "/none",
  };
  const call = (...args: readonly string[]) => run(args, { env, cwd: folder });
  return {
    folder,
    env,
    call,
    examined: async () => {
      const { code, stdout } = await call("doctor", "--json");
      return { code, rows: JSON.parse(stdout) as Row[] };
    },
  };
}

async function freePort(): Promise<number> {
  const server = createTcp();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

describe("from nothing to a set-up that is well", () => {
  test("doctor says each next step", async () => {
    const { call, env, examined } = await home();
    const nothing = await call("doctor");
    expect(nothing.code).toBe(1);
    expect(nothing.stdout).toMatch(/✗ telemetry is switched off[\s\S]*→ cctelemetry init\n/);
    expect(nothing.stdout.startsWith("✗ ")).toBe(true);
    expect(nothing.stderr).toBe("");

    const [port, grpcPort] = [await freePort(), await freePort()];
    expect((await call("init", "--yes", "--endpoint", `http://127.0.0.1:${port}`)).code).toBe(0);
    const alone = await examined();
    expect(alone.code).toBe(1);
    expect(alone.rows.filter(({ level }) => level === "failure")).toMatchObject([
      { check: "reachable", fix: `cctelemetry collect --background --port ${port}` },
    ]);

    const ports = ["--port", `${port}`, "--grpc-port", `${grpcPort}`];
    const collect = start([...programCommand, "collect", ...ports], env);
    await collect.until(() => `${collect.stdout()}${collect.stderr()}`.includes(`:${port}`));
    const well = await examined();
    expect(well.code).toBe(0);
    expect(well.rows.find(({ check }) => check === "reachable")).toMatchObject({
      level: "ok",
      what: `cctelemetry collect answers at http://127.0.0.1:${port}`,
    });
    for (const [protocol, at] of [
      ["http/json", port],
      ["grpc", grpcPort],
    ] as const) {
      const endpoint = `http://127.0.0.1:${at}`;
      await call("init", "--yes", "--replace", "--protocol", protocol, "--endpoint", endpoint);
      expect((await examined()).code, protocol).toBe(0);
    }
    const { stdout } = await call("collect", "status", "--json");
    expect(stdout).toContain('"bytes":0');
    collect.signal("SIGTERM");
    await collect.ended;
    expect((await examined()).code).toBe(1);
  });

  test("a port that is taken is named, and another offered", async () => {
    const { call, examined } = await home();
    const server = createServer((_, response) => response.writeHead(404).end("a web page"));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    await call("init", "--yes", "--endpoint", `http://127.0.0.1:${port}`);
    const { rows } = await examined();
    const found = rows.find(({ check }) => check === "reachable");
    expect(found).toMatchObject({ level: "failure", fix: expect.stringContaining("--port 14318") });
    expect(found?.what).toContain("is no receiver of telemetry (404)");
    if (process.platform === "linux") expect(found?.what).toContain(`(process ${process.pid})`);
  });
});

test("old telemetry, broken settings and a foreign database are reported, and nothing is changed", async () => {
  const { folder, call, examined } = await home();
  await mkdir(join(folder, ".claude"));
  const settings = join(folder, ".claude", "settings.json");
  await writeFile(settings, "{ env }");
  const data = join(folder, "data");
  await mkdir(join(data, "otlp"), { recursive: true });
  await copyFile(fixture("O-json-err.jsonl"), join(data, "otlp", "telemetry.jsonl"));
  expect((await call("import", join(data, "otlp"))).code).toBe(0);
  const { rows } = await examined();
  expect(rows.find(({ check }) => check === "settings")?.what).toContain("at line 1, column 3");
  expect(rows.find(({ check }) => check === "files")?.level).toBe("ok");
  expect(await readFile(settings, "utf8")).toBe("{ env }");
  await writeFile(join(data, "telemetry.duckdb"), "not a database".repeat(500));
  const foreign = await examined();
  const found = foreign.rows.find(({ check }) => check === "database");
  expect(found).toMatchObject({ level: "failure", fix: expect.stringMatching(/\w/) });
});

test("findings are rows in every format", async () => {
  const { folder, call } = await home();
  const csv = await call("doctor", "--format", "csv");
  expect(csv.stdout).toMatch(/^check,level,what,why,fix\r?\n/);
  expect(csv.stderr).toMatch(/^cctelemetry: Telemetry is not right: .*\nhint: cctelemetry init\n$/);
  expect((await call("doctor", "--format", "markdown")).stdout).toMatch(/^\| check /);
  const file = join(folder, "findings.jsonl");
  expect((await call("doctor", "-o", file)).code).toBe(1);
  expect((await readFile(file, "utf8")).split("\n")[0]).toMatch(/^\{"check":/);
});

test("without a home directory it says so", async () => {
  const outcome = await run(["doctor"], { env: { ...others, HOME: "", CCTELEMETRY_HOME: "" } });
  expect(outcome).toMatchObject({ code: 1, stdout: "" });
  expect(outcome.stderr).toMatch(
    /^cctelemetry: There is no home directory: HOME is not set\.\nhint: /,
  );
});
