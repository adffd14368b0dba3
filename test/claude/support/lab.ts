import { cpSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claudeCommand, type releases } from "../../../scripts/claude/releases.mjs";
import { type Api, type ApiOptions, startApi } from "./api.ts";
import { dummyKey, makeHome, makeWork } from "./home.ts";
import { killProcessesOf } from "./leftovers.ts";
import { type Loopback, openLoopback } from "./loopback.ts";
import { type Ended, type Started, type StartOptions, startProgram } from "./running.ts";
import { promptFor, type ScenarioName } from "./scenarios.ts";

export type Release = (typeof releases)["newest" | "old"];

/** One process of Claude Code. */
export interface Run {
  /** Its name in the ledger of the API. */
  readonly name: string;
  /** The repository that it works in. */
  readonly folder: string;
  readonly started: Started;
  /** What it reported of itself when it ended. */
  readonly result: Promise<Result>;
}

/** The end of a process, and the result that it printed as JSON. */
export interface Result extends Ended {
  readonly run: string;
  readonly folder: string;
  readonly session: string | undefined;
  /** US dollars, by its own account. */
  readonly costUsd: number | undefined;
}

export interface RunOptions {
  readonly release: Release;
  readonly scenario: ScenarioName;
  readonly model?: "opus" | "sonnet" | "haiku";
  readonly env?: Readonly<Record<string, string>>;
  /** Further arguments. */
  readonly args?: readonly string[];
  /** The repository it works in; without it, one of its own. */
  readonly folder?: string;
  /** What starts it, in place of nothing: a command line that ends where Claude Code's begins. */
  readonly before?: readonly string[];
}

/** Everything a test with Claude Code works with: a network, an API, a home, a repository. */
export interface Lab {
  readonly folder: string;
  readonly home: string;
  readonly api: Api;
  readonly loopback: Loopback;
  /** Starts Claude Code on a prompt that asks for the scenario. */
  readonly start: (options: RunOptions) => Run;
  /** The same, to its end. */
  readonly run: (options: RunOptions) => Promise<Result>;
  /** Starts another program inside, without any telemetry. */
  readonly program: (command: readonly string[], options?: Partial<StartOptions>) => Started;
  /** Ends every process that is left, and removes the folder. */
  readonly close: () => Promise<void>;
}

/** No process of Claude Code may take longer. */
const RUN_TIMEOUT_MS = 90_000;

/** Opens a lab of its own. */
export async function openLab(options: Pick<ApiOptions, "asideDelayMs"> = {}): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), "cctelemetry-claude-"));
  const [home, work] = [join(folder, "home"), join(folder, "work")];
  const folders = new Map<string, string>();
  await Promise.all([makeHome(home), makeWork(work)]);
  const loopback = await openLoopback();
  const api = await startApi(loopback.socket, {
    ...options,
    folderOf: (run) => folders.get(run) ?? work,
  });
  const env = { ...environment(home), ...loopback.env };
  const programs: Started[] = [];
  let runs = 0;
  const launch = (command: readonly string[], options: Partial<StartOptions>): Started => {
    const inside = [...loopback.launcher, ...command];
    const { cwd = folder, timeoutMs = RUN_TIMEOUT_MS } = options;
    const started = startProgram(inside, { cwd, env: { ...env, ...options.env }, timeoutMs });
    programs.push(started);
    return started;
  };
  const start = (options: RunOptions): Run => {
    const name = `run-${++runs}`;
    const cwd = options.folder ?? join(folder, name);
    if (options.folder === undefined) cpSync(work, cwd, { recursive: true });
    folders.set(name, cwd);
    const address = `http://127.0.0.1:${api.port}/${name}`;
    const command = [...(options.before ?? []), ...commandLine(options)];
    const started = launch(command, { cwd, env: { ANTHROPIC_BASE_URL: address, ...options.env } });
    const result = started.ended.then((ended) => resultOf(name, cwd, ended));
    return { name, folder: cwd, started, result };
  };
  const close = async (): Promise<void> => {
    for (const program of programs) program.signal("SIGKILL");
    await Promise.all(programs.map(({ ended }) => ended));
    await killProcessesOf(home);
    await api.close();
    await loopback.close();
    await rm(folder, { recursive: true, force: true });
  };
  const program: Lab["program"] = (command, options = {}) => launch(command, options);
  const run: Lab["run"] = (options) => start(options).result;
  return { folder, home, api, loopback, start, run, program, close };
}

function commandLine({ release, scenario, model = "sonnet", args = [] }: RunOptions): string[] {
  const command = claudeCommand(release);
  if (command === undefined) throw new Error(`Claude Code ${release.version} is not set up.`);
  const how = ["--output-format", "json", "--permission-mode", "bypassPermissions"];
  return [...command, "-p", promptFor(scenario), "--model", model, ...how, ...args];
}

/** Nothing of the environment of the tests: no account, no key, no setting of the person's own. */
function environment(home: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    USER: "test",
    SHELL: "/bin/bash",
    LANG: "C.UTF-8",
    TERM: "dumb",
    ANTHROPIC_API_KEY: dummyKey,
    DISABLE_AUTOUPDATER: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    IS_SANDBOX: "1",
  };
}

function resultOf(run: string, folder: string, ended: Ended): Result {
  const result = resultIn(ended.stdout);
  return { run, folder, ...ended, session: result.session_id, costUsd: result.total_cost_usd };
}

function resultIn(stdout: string): { session_id?: string; total_cost_usd?: number } {
  try {
    return JSON.parse(stdout) as object;
  } catch {
    return {};
  }
}
