import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Terminal } from "@xterm/headless";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claudeCommand, releases } from "../../scripts/claude/releases.mjs";
import { programCommand } from "../support/running.ts";
import { dummyKey } from "./support/home.ts";
import { type Lab, openLab } from "./support/lab.ts";
import { servedEntries, totalsBy } from "./support/ledger.ts";
import { withClaudeCode } from "./support/releases.ts";
import { type Started, until } from "./support/running.ts";
import { promptFor } from "./support/scenarios.ts";

const COLUMNS = 220;
const ROWS = 50;

interface Settings {
  statusLine: { command: string; refreshInterval: number };
}

withClaudeCode("the status line in Claude Code", () => {
  let lab: Lab;

  beforeEach(async () => {
    lab = await openLab();
  });
  afterEach(() => lab.close());

  test("shows what was served", async () => {
    const work = join(lab.folder, "work");
    const [asked, drawn] = [join(lab.folder, "asked.json"), join(lab.folder, "drawn.txt")];
    writeFileSync(drawn, "");
    trust(lab.home, work);
    await install(lab);
    tee(join(lab.home, ".claude", "settings.json"), asked, drawn);
    const endpoint = await collect(lab);
    const claude = interactive(lab, work, endpoint);

    const served = () =>
      Object.values(totalsBy(servedEntries(lab.api.ledger, new Map()), () => "all"))[0];
    const wanted = (): string | undefined => {
      const totals = served();
      if (totals === undefined) return undefined;
      const { requests, input, output, cacheRead, cacheCreation, nanoUsd } = totals;
      return `${requests} ${input} ${output} ${cacheRead + cacheCreation} ${nanoUsd}`;
    };
    const shown = (): string | undefined => {
      const last = readFileSync(drawn, "utf8").trim().split("\n").at(-1) ?? "";
      const { session } = (last === "" ? {} : JSON.parse(last)) as { session?: Shown | null };
      if (session === undefined || session === null) return undefined;
      const { requests, input_tokens, output_tokens, cost_usd } = session;
      const cached = session.cache_read_tokens + session.cache_creation_tokens;
      const nanoUsd = Math.round(cost_usd * 1e9);
      return `${requests} ${input_tokens} ${output_tokens} ${cached} ${nanoUsd}`;
    };
    await until(
      () => (served()?.requests ?? 0) > 1 && shown() === wanted(),
      () => `${shown()} is not ${wanted()}: ${readFileSync(drawn, "utf8").slice(-1000)}`,
    );
    expect(JSON.parse(readFileSync(asked, "utf8"))).toMatchObject({
      session_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      model: { display_name: expect.any(String) as string },
      context_window: { context_window_size: expect.any(Number) as number },
    });
    const screen = (): Promise<string> => screenOf(claude.stdout());
    await until(
      async () => /^ *\{"session":\{"session_id":"[0-9a-f-]{36}"/m.test(await screen()),
      () => claude.stdout().slice(-2000),
    );
  });
});

interface Shown {
  readonly requests: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_creation_tokens: number;
  readonly cost_usd: number;
}

/** Spares the question whether the folder may be worked in. */
function trust(home: string, folder: string): void {
  const path = join(home, ".claude.json");
  const state = JSON.parse(readFileSync(path, "utf8")) as object;
  const project = { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true };
  writeFileSync(path, JSON.stringify({ ...state, projects: { [folder]: project } }));
}

async function install(lab: Lab): Promise<void> {
  const installing = lab.program([...programCommand, "statusline", "--install"]);
  const { code, stderr } = await installing.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
}

/** Keeps what the installed command is asked and what it draws; as JSON, and every second. */
function tee(path: string, asked: string, drawn: string): void {
  const settings = JSON.parse(readFileSync(path, "utf8")) as Settings;
  const command = `tee '${asked}' | ${settings.statusLine.command} --json | tee -a '${drawn}'`;
  const statusLine = { ...settings.statusLine, command, refreshInterval: 1 };
  writeFileSync(path, JSON.stringify({ ...settings, statusLine }));
}

/** Starts a receiver; gives its address. */
async function collect(lab: Lab): Promise<string> {
  const ports = ["--port", "0", "--grpc-port", "0"];
  const receiver = lab.program([...programCommand, "collect", ...ports]);
  const address = /http:\/\/127\.0\.0\.1:\d+/;
  await until(() => address.test(receiver.stdout()), receiver.stderr);
  return address.exec(receiver.stdout())?.[0] ?? "";
}

/** What stands on a terminal that has got all of it. */
async function screenOf(written: string): Promise<string> {
  const terminal = new Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
  await new Promise<void>((done) => terminal.write(written, done));
  const { active } = terminal.buffer;
  const rows = Array.from({ length: ROWS }, (_, row) => active.getLine(active.baseY + row));
  return rows.map((row) => row?.translateToString(true) ?? "").join("\n");
}

/** Claude Code on a terminal of its own, with a prompt that asks for tools. */
function interactive(lab: Lab, cwd: string, endpoint: string): Started {
  const command = claudeCommand(releases.newest);
  if (command === undefined) throw new Error("Claude Code is not set up.");
  const words = [...command, "--permission-mode", "bypassPermissions", "--model", "sonnet"];
  const line = [...words, promptFor("tools")].map((word) => `'${word}'`).join(" ");
  const script = join(lab.folder, "interactive.sh");
  writeFileSync(script, `stty cols ${COLUMNS} rows ${ROWS}\nexec ${line}\n`);
  return lab.program(["script", "-qfec", `sh ${script}`, "/dev/null"], {
    cwd,
    env: {
      TERM: "xterm-256color",
      ANTHROPIC_API_KEY: dummyKey,
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${lab.api.port}/statusline`,
      CLAUDE_CODE_ENABLE_TELEMETRY: "1",
      OTEL_LOGS_EXPORTER: "otlp",
      OTEL_METRICS_EXPORTER: "otlp",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_LOGS_EXPORT_INTERVAL: "1000",
    },
  });
}
