import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { type releases, serverCommand } from "../../../scripts/vscode/servers.mjs";
import { waitFor } from "./waiting.ts";

/** A release of VS Code that the extension is tested in. */
export type Release = (typeof releases)[number];

export interface ServerOptions {
  /** Everything the server writes lies in here. */
  readonly folder: string;
  /** Where extensions are installed. */
  readonly extensions: string;
  /** Lets a page run tests inside the extension host. */
  readonly testDriver?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** A program to start it with; the command line is appended. */
  readonly launcher?: readonly string[];
}

/** A server of VS Code; a page of it is a window with an extension host of its own. */
export interface Server {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** Starts the server of a release, away from the user's own settings and from the network. */
export async function startServer(release: Release, options: ServerOptions): Promise<Server> {
  const { folder, extensions, testDriver = false, launcher = [] } = options;
  const port = await freePort();
  const [program = "", ...args] = [
    ...launcher,
    ...commandOf(release),
    ...["--host", "127.0.0.1", "--port", String(port), "--without-connection-token"],
    ...commonArguments(folder, extensions),
    ...["--telemetry-level", "off"],
    ...(testDriver ? ["--enable-smoke-test-driver"] : []),
  ];
  const env = await environment(folder, options.env);
  const child = spawn(program, args, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const log = createWriteStream(join(folder, "server.log"));
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  await waitFor(
    "the server",
    async () => {
      if (child.exitCode !== null) throw new Error(`the server ended; see ${folder}/server.log`);
      const answer = await fetch(`http://127.0.0.1:${port}/version`).catch(() => undefined);
      return answer?.status === 200;
    },
    30_000,
  );
  return { port, stop: () => endGroup(child) };
}

/** Installs a packaged extension, as a user would. */
export async function installExtension(
  release: Release,
  folder: string,
  extensions: string,
  packaged: string,
): Promise<string> {
  const [program = "", ...rest] = commandOf(release);
  const args = [...rest, ...commonArguments(folder, extensions), "--install-extension", packaged];
  const env = await environment(folder);
  const { stdout } = await promisify(execFile)(program, args, { env });
  return stdout;
}

function commonArguments(folder: string, extensions: string): readonly string[] {
  return [
    "--accept-server-license-terms",
    ...["--server-data-dir", join(folder, "server")],
    ...["--extensions-dir", extensions],
  ];
}

/** Writes what a user has set: of the window, and of the machine on which extensions run. */
export async function writeSettings(
  folder: string,
  machine: Readonly<Record<string, unknown>>,
  user: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  for (const [name, settings] of [
    ["User", { ...calm, ...user }],
    ["Machine", machine],
  ] as const) {
    const place = join(folder, "server", "data", name);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, "settings.json"), JSON.stringify(settings, undefined, 2));
  }
}

/** Settings with which a window shows nothing but what is tested. */
const calm = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.editor.empty.hint": "hidden",
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.settings.enableNaturalLanguageSearch": false,
  "chat.disableAIFeatures": true,
  "chat.commandCenter.enabled": false,
  "window.commandCenter": false,
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "git.enabled": false,
  "workbench.colorTheme": "Default Dark Modern",
};

function commandOf(release: Release): readonly string[] {
  const command = serverCommand(release);
  if (command === undefined) throw new Error(`VS Code ${release.vscode} was not set up`);
  return command;
}

async function environment(
  folder: string,
  more: Readonly<Record<string, string>> = {},
): Promise<NodeJS.ProcessEnv> {
  const home = join(folder, "home");
  await mkdir(home, { recursive: true });
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:VSCODE|CODE|npm|NODE|VITEST|CCTELEMETRY|XDG)_/i.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...more,
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close();
      if (typeof address === "object" && address !== null) resolve(address.port);
      else reject(new Error("no port"));
    });
  });
}

async function endGroup(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });
  signalGroup(child, "SIGTERM");
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5000))]);
  signalGroup(child, "SIGKILL");
  await ended;
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It is gone already.
  }
}
