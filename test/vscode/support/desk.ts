import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { chromiumPath } from "../../../scripts/vscode/servers.mjs";
import { absolute } from "../../support/source-tree.ts";
import {
  installExtension,
  type Release,
  type Server,
  startServer,
  writeSettings,
} from "./server.ts";
import { openWindow, type Window, type WindowOptions } from "./window.ts";

/** What one test starts from: its own telemetry, its own database, nothing stored. */
export interface Setting {
  readonly folder: string;
  /** The file that is followed; it is not there yet. */
  readonly telemetry: string;
  readonly database: string;
  readonly workspace: string;
}

/** A release of VS Code with the extension installed, and a browser. */
export interface Desk {
  readonly release: Release;
  readonly folder: string;
  readonly extensions: string;
  readonly browser: Browser;
  /** A folder with settings that follow a file in it; more settings on request. */
  readonly prepare: (settings?: Readonly<Record<string, unknown>>) => Promise<Setting>;
  /** The address of a window; `payload` is what VS Code's own tests hand it. */
  readonly url: (
    setting: Setting,
    payload?: readonly (readonly [string, string])[],
  ) => { readonly page: string; readonly authority: string };
  readonly open: (setting: Setting, options?: WindowOptions) => Promise<Window>;
  readonly close: () => Promise<void>;
}

export interface DeskOptions {
  readonly launcher?: readonly string[];
  readonly testDriver?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** False where the extension is loaded from elsewhere. */
  readonly install?: boolean;
}

/** Starts server and browser. Nothing but the server can be reached from the pages. */
export async function openDesk(release: Release, options: DeskOptions = {}): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), "cctelemetry-vscode-"));
  const extensions = join(folder, "extensions");
  if (options.install === false) await mkdir(extensions);
  else await cp(await installedExtension(release), extensions, { recursive: true });
  await writeSettings(folder, {});
  const server = await startServer(release, { folder, extensions, ...options });
  const browser = await chromium.launch({ executablePath: chromiumPath() ?? "", args: chromeArgs });
  let settings = 0;
  return {
    release,
    folder,
    extensions,
    browser,
    prepare: async (more = {}) => {
      settings++;
      const own = await newSetting(join(folder, `setting-${settings}`));
      await writeSettings(folder, machineSettings(own, more), userSettings(more));
      return own;
    },
    url: (setting, payload) => ({
      page: pageUrl(server, setting.workspace, payload),
      authority: `127.0.0.1:${server.port}`,
    }),
    open: (setting, window = {}) => openWindow(browser, pageUrl(server, setting.workspace), window),
    close: async () => {
      await browser.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A folder with the extension, as a release installs it: once for all files of a run. */
async function installedExtension(release: Release): Promise<string> {
  const shared = process.env["VSCODE_TESTS_SHARED"] ?? "";
  const folder = join(shared, release.vscode);
  const extensions = join(folder, "extensions");
  if (existsSync(extensions)) return extensions;
  const draft = join(folder, `draft-${process.pid}`);
  await mkdir(draft, { recursive: true });
  await installExtension(release, join(folder, `by-${process.pid}`), draft, packagedExtension());
  // Another file may have installed it meanwhile.
  await rename(draft, extensions).catch((error: unknown) => {
    if (!existsSync(extensions)) throw error;
  });
  return extensions;
}

/** The packaged extension; CCTELEMETRY_VSIX names another than the one that was packaged here. */
export function packagedExtension(): string {
  const ours = absolute("packages/vscode-extension/dist/cctelemetry-vscode-linux-x64.vsix");
  return process.env["CCTELEMETRY_VSIX"] ?? ours;
}

async function newSetting(folder: string): Promise<Setting> {
  const setting = {
    folder,
    telemetry: join(folder, "telemetry", "otel.jsonl"),
    database: join(folder, "telemetry.duckdb"),
    workspace: join(folder, "workspace"),
  };
  await mkdir(join(folder, "telemetry"), { recursive: true });
  await mkdir(setting.workspace);
  return setting;
}

/** Midday is where the telemetry is young, so that no test ever runs across midnight. */
function middayZone(now = new Date()): string {
  const offset = 12 - now.getUTCHours();
  // Zones named Etc/GMT±n count to the west.
  return offset === 0 ? "UTC" : `Etc/GMT${offset > 0 ? "-" : "+"}${Math.abs(offset)}`;
}

function machineSettings(
  { telemetry, database }: Setting,
  more: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return {
    "cctelemetry.telemetryPaths": [telemetry],
    "cctelemetry.database": database,
    "cctelemetry.timeZone": middayZone(),
    ...Object.fromEntries(Object.entries(more).filter(([name]) => isOurs(name))),
  };
}

function userSettings(more: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(more).filter(([name]) => !isOurs(name)));
}

function isOurs(name: string): boolean {
  return name.startsWith("cctelemetry.");
}

function pageUrl(
  { port }: Server,
  workspace: string,
  payload?: readonly (readonly [string, string])[],
): string {
  const url = new URL(`http://127.0.0.1:${port}/`);
  url.searchParams.set("folder", workspace);
  if (payload !== undefined) url.searchParams.set("payload", JSON.stringify(payload));
  return url.href;
}

const chromeArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--disable-domain-reliability",
  "--disable-features=Translate,OptimizationHints,MediaRouter",
  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
];
