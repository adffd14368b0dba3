import { spawnSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Outcome, run, testFolder } from "../../../../test/support/cli.ts";
import { programCommand, start } from "../../../../test/support/running.ts";

interface Home {
  readonly folder: string;
  readonly settings: string;
  readonly init: (args: readonly string[], env?: Record<string, string>) => Promise<Outcome>;
}

/** A home directory with these settings of Claude Code, and `init` at home there. */
async function home(settings?: string): Promise<Home> {
  const folder = await testFolder();
  const path = join(folder, ".claude", "settings.json");
  await mkdir(join(folder, ".claude"));
  if (settings !== undefined) await writeFile(path, settings);
  const base = environment(folder);
  return {
    folder,
    settings: path,
    init: (args, env = {}) => run(["init", ...args], { env: { ...base, ...env }, cwd: folder }),
  };
}

const environment = (folder: string): Record<string, string> => ({
  HOME: folder,
  USERPROFILE: folder,
  SHELL: "/bin/bash",
  CCTELEMETRY_HOME: join(folder, "data"),
  CLAUDE_CONFIG_DIR: "",
  ZDOTDIR: "",
  XDG_CONFIG_HOME: "",
});

const envOf = async (path: string): Promise<unknown> =>
  (JSON.parse(await readFile(path, "utf8")) as { env: unknown }).env;

describe("settings.json", () => {
  test("is made where there is none, and stays as it is the second time", async () => {
    const { settings, init } = await home();
    const first = await init(["--yes"]);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toContain('+     "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",');
    expect(first.stdout).toContain(`wrote ${settings}\n`);
    expect(await envOf(settings)).toEqual({
      CLAUDE_CODE_ENABLE_TELEMETRY: "1",
      OTEL_METRICS_EXPORTER: "otlp",
      OTEL_LOGS_EXPORTER: "otlp",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
      OTEL_LOGS_EXPORT_INTERVAL: "1000",
      OTEL_METRIC_EXPORT_INTERVAL: "10000",
    });
    const second = await init(["--yes"]);
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(second.stdout).toContain(`${settings} is set up already`);
    expect(await readdir(join(settings, ".."))).toEqual(["settings.json"]);
  });

  test("keeps its comments, and itself as a backup; secrets beside the change are not shown", async () => {
    const before =
      '{\n  // my key\n  "apiKeyHelper": "~/key.sh",\n  "env": {\n    "MY_TOKEN": "s3cret" // mine\n  }\n}\n';
    const { settings, init } = await home(before);
    const { code, stdout } = await init(["--settings"]);
    expect(code).toBe(0);
    expect(stdout).not.toContain("s3cret");
    expect(stdout).toContain('"MY_TOKEN": •••');
    const after = await readFile(settings, "utf8");
    expect(after).toContain("  // my key\n");
    expect(after).toContain(
      '"MY_TOKEN": "s3cret", // mine\n    "CLAUDE_CODE_ENABLE_TELEMETRY": "1",',
    );
    const backup = /before: (.*\.bak)/.exec(stdout)?.[1] ?? "";
    expect(await readFile(backup, "utf8")).toBe(before);
  });

  test("that sends elsewhere is overwritten only when that is asked for", async () => {
    const before = '{"env": {"OTEL_EXPORTER_OTLP_ENDPOINT": "https://otel.example.com"}}';
    const { settings, init } = await home(before);
    const refused = await init(["--yes"]);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toBe(
      `cctelemetry: ${settings} says something else: OTEL_EXPORTER_OTLP_ENDPOINT is "https://otel.example.com". Nothing was written.\n` +
        "hint: Somebody may rely on it. init --replace overwrites it and keeps a backup.\n",
    );
    expect(await readFile(settings, "utf8")).toBe(before);
    expect((await init(["--yes", "--replace"])).code).toBe(0);
    expect(await envOf(settings)).toMatchObject({
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
    });
  });

  test("takes the protocol, the endpoint and the texts that are asked for", async () => {
    const { folder, init } = await home();
    const file = join(folder, "other.json");
    const args = ["--settings", file, "--protocol", "grpc", "--endpoint", "http://[::1]:9999/"];
    expect((await init([...args, "--log-prompts", "--traces"])).code).toBe(0);
    expect(await envOf(file)).toMatchObject({
      OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://[::1]:9999",
      OTEL_LOG_USER_PROMPTS: "1",
      OTEL_LOG_ASSISTANT_RESPONSES: "0",
      OTEL_TRACES_EXPORTER: "otlp",
    });
    expect((await init(["--settings", "--print", "--protocol", "grpc"])).stdout).toContain(
      '"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4317"',
    );
  });

  test("shows no password of an endpoint that is there", async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://u:s3cr3t@h.example/?k=s3cr3t" };
    const { init } = await home(JSON.stringify({ env }, null, 2));
    for (const args of [[], ["--replace", "--dry-run"], ["--replace"]]) {
      const { stdout, stderr } = await init(["--settings", ...args]);
      expect(stdout + stderr).toContain("OTEL_EXPORTER_OTLP_ENDPOINT");
      expect(stdout + stderr).not.toContain("s3cr3t");
    }
  });

  test("takes a token from a file, and never shows it", async () => {
    const { folder, settings, init } = await home("{}");
    await chmod(settings, 0o644);
    const file = join(folder, "token");
    await writeFile(file, "abcdefgh-12345678\n", { mode: 0o600 });
    const args = ["--settings", "--shell", "fish", "--token-file", file];
    const { code, stdout } = await init(args);
    expect(code).toBe(0);
    expect(stdout).toContain("OTEL_EXPORTER_OTLP_HEADERS");
    expect(stdout).not.toContain("abcdefgh");
    const headers = "Authorization=Bearer%20abcdefgh-12345678";
    expect(await envOf(settings)).toMatchObject({ OTEL_EXPORTER_OTLP_HEADERS: headers });
    if (process.platform !== "win32") expect((await stat(settings)).mode & 0o777).toBe(0o600);
    await writeFile(file, "another-12345678");
    const other = await init(args);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('OTEL_EXPORTER_OTLP_HEADERS is "•••"');
    expect((await init(["--yes", "--token-file", join(folder, "none")])).stderr).toMatch(
      /^cctelemetry: The token file .* cannot be read\.\nhint: /,
    );
  });

  test("is described in JSON, tried or done", async () => {
    const { settings, init } = await home();
    const tried = await init(["--yes", "--json", "--dry-run"]);
    expect(JSON.parse(tried.stdout)).toEqual([
      { file: settings, action: "would create", backup: null },
    ]);
    const done = await init(["--yes", "--json"]);
    expect(JSON.parse(done.stdout)).toEqual([{ file: settings, action: "created", backup: null }]);
  });
});

describe("nothing is written, and one sentence says why", () => {
  test("settings that are no JSON", async () => {
    const { settings, init } = await home('{\n  "env": {,}\n}\n');
    const { code, stderr } = await init(["--yes"]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${settings} is not valid JSON at line 2, column 11.\nhint: `);
    expect(await readFile(settings, "utf8")).toBe('{\n  "env": {,}\n}\n');
  });

  test("settings that are read-only", async () => {
    const { settings, init } = await home("{}");
    await chmod(settings, 0o444);
    const { code, stderr } = await init(["--yes"]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${settings} cannot be changed: it is read-only.\nhint: `);
    expect(await readFile(settings, "utf8")).toBe("{}");
    expect(await readdir(join(settings, ".."))).toEqual(["settings.json"]);
  });

  test.each([
    ["not set", ""],
    ["of a folder that is not there", "/no/such/home"],
  ])("a home directory %s", async (_, value) => {
    const { init } = await home();
    const env = { HOME: value, USERPROFILE: value };
    const { code, stdout, stderr } = await init(["--yes"], env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^cctelemetry: There is no home directory: .*\nhint: Set HOME, .*\n$/);
    expect((await init(["--settings", "--print"], env)).code).toBe(0);
  });

  test.each([
    [["--shell", "tcsh"], {}, "The shell tcsh is not one that init knows."],
    [["--shell"], { SHELL: "/bin/tcsh" }, "The shell tcsh is not one that init knows."],
    [["--shell"], { SHELL: "" }, "The shell is not known: SHELL is not set."],
    [[], {}, "It is not known what to set up."],
    [["--yes", "--endpoint", "nowhere"], {}, "It is not a URL such as http://127.0.0.1:4318."],
    [["--yes", "--endpoint", "http://a b"], {}, "It is not a URL such as http://127.0.0.1:4318."],
    [["--yes", "--protocol", "http"], {}, "Allowed choices are http/protobuf, http/json, grpc"],
  ])("%j with %j", async (args, env, sentence) => {
    const { folder, init } = await home();
    const { code, stdout, stderr } = await init(args, env);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(sentence);
    expect(stderr).toContain("hint: ");
    expect(await readdir(join(folder, ".claude"))).toEqual([]);
  });

  test("a dry run", async () => {
    const { folder, init } = await home();
    const { code, stdout, stderr } = await init([
      "--settings",
      "--shell",
      "--collector",
      "--dry-run",
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "a dry run: nothing was written\n" });
    expect(stdout).toContain(".bashrc (new)\n+ # >>> cctelemetry >>>\n");
    expect(stdout).toContain("compose.yaml (new)\n");
    expect(await readdir(folder, { recursive: true })).not.toContain("collector.yaml");
    expect(await readdir(join(folder, ".claude"))).toEqual([]);
  });
});

describe("a shell", () => {
  test("gets a block in its profile, once", async () => {
    const { folder, init } = await home();
    const profile = join(folder, ".bashrc");
    await writeFile(profile, "alias x=y\n");
    expect((await init(["--shell", "bash"])).code).toBe(0);
    expect((await init(["--shell", "bash", "--protocol", "http/json"])).code).toBe(0);
    const text = await readFile(profile, "utf8");
    expect(text).toMatch(/^alias x=y\n# >>> cctelemetry >>>\n/);
    expect(text.match(/export OTEL_EXPORTER_OTLP_PROTOCOL=/g)).toHaveLength(1);
    expect(text).toContain("export OTEL_EXPORTER_OTLP_PROTOCOL='http/json'\n");
  });

  test("reports settings that override it", async () => {
    const { settings, init } = await home('{"env": {"OTEL_LOGS_EXPORTER": "none"}}');
    const { code, stderr } = await init(["--shell", "fish"]);
    expect(code).toBe(0);
    expect(stderr).toBe(`note: ${settings} sets OTEL_LOGS_EXPORTER otherwise, and wins.\n`);
  });

  test.runIf(process.platform !== "win32")("takes the printed lines", async () => {
    const { init } = await home();
    const { stdout } = await init(["--print"]);
    const script = `${stdout}\nprintf %s "$OTEL_EXPORTER_OTLP_ENDPOINT"`;
    expect(spawnSync("bash", ["-c", script]).stdout.toString()).toBe("http://127.0.0.1:4318");
  });
});

test("a Collector gets its files, and a folder to write to", async () => {
  const { folder, init } = await home();
  const { code, stdout } = await init(["--collector", "otel", "--rotate-mb", "5"]);
  expect(code).toBe(0);
  expect(stdout).toContain('Start the Collector: docker compose -f "');
  expect(await readFile(join(folder, "otel", "collector.yaml"), "utf8")).toContain(
    "max_megabytes: 5",
  );
  const { mode } = await stat(join(folder, "data", "otlp"));
  if (process.platform !== "win32") expect(mode & 0o777).toBe(0o700);
});

test("a Collector's folder that cannot be made is named", async () => {
  const { folder, init } = await home();
  await writeFile(join(folder, "data"), "a file");
  const { code, stderr } = await init(["--collector", "otel"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^cctelemetry: .*otlp cannot be changed: its folder is a file\.\nhint: /);
});

const mayMakeTerminals =
  process.platform === "linux" && spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;

describe.runIf(mayMakeTerminals)("on a terminal", () => {
  const ask = (folder: string) => {
    const command = [...programCommand, "init"].map((word) => `'${word}'`).join(" ");
    const shell = `stty cols 90 rows 30; ${command}; echo "ended $?"`;
    return start(["script", "-qec", shell, "/dev/null"], { ...environment(folder), TERM: "xterm" });
  };

  test("it asks, shows the difference and writes", async () => {
    const { folder, settings } = await home('{"env": {"OTEL_LOGS_EXPORTER": "none"}}');
    const terminal = ask(folder);
    for (const question of ["What should be", "Store texts", "Overwrite it?", "Write this?"]) {
      await terminal.until(() => terminal.stdout().includes(question));
      terminal.type(question === "Overwrite it?" ? "y" : "\r");
    }
    await terminal.until(() => terminal.stdout().includes("ended 0"));
    expect(terminal.stdout()).toContain("OTEL_LOGS_EXPORTER: none → otlp");
    expect(await envOf(settings)).toMatchObject({ OTEL_LOGS_EXPORTER: "otlp" });
  });

  test("Ctrl-C writes nothing", async () => {
    const { folder, settings } = await home("{}");
    const terminal = ask(folder);
    await terminal.until(() => terminal.stdout().includes("What should be"));
    terminal.type("\u0003");
    await terminal.until(() => terminal.stdout().includes("ended 130"));
    expect(await readFile(settings, "utf8")).toBe("{}");
  });
});
