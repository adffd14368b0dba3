import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, readdir, readFile, realpath, stat } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import type { DoctorFacts } from "../facts.ts";

type Env = DoctorFacts["env"];

/** The Claude Code that this environment would start, and its version; undefined if there is none. */
export async function findClaude(env: Env, platform: string): Promise<DoctorFacts["claude"]> {
  const path = await programIn(env, platform);
  if (path === undefined) return undefined;
  const target = await realpath(path).catch(() => path);
  const version =
    versionInPath(target) ??
    (await versionOfPackage(target)) ??
    (await versionByRunning(path, env));
  return { path, version };
}

async function programIn(env: Env, platform: string): Promise<string | undefined> {
  const endings = platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter((name) => name !== "");
  for (const folder of folders) {
    for (const ending of endings) {
      const path = join(folder, `claude${ending}`);
      const mayRun = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (mayRun && (await stat(path)).isFile()) return path;
    }
  }
  return undefined;
}

/** The installer keeps each version in a file named after it. */
function versionInPath(path: string): string | undefined {
  return /[\\/]versions[\\/](\d+\.\d+\.\d+[^\\/]*)/.exec(path)?.[1];
}

/** As npm installs it: in a package, or in one beside it for the platform. */
async function versionOfPackage(path: string): Promise<string | undefined> {
  let folder = dirname(path);
  for (let level = 0; level < 4; level++) {
    const text = await readFile(join(folder, "package.json"), "utf8").catch(() => "{}");
    const { name, version } = jsonObject(text);
    if (String(name).startsWith("@anthropic-ai/claude-code")) return String(version);
    folder = dirname(folder);
  }
  return undefined;
}

function jsonObject(text: string): { readonly name?: unknown; readonly version?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

const PATIENCE_MS = 5_000;

/** What the program itself reports with `--version`; telemetry is off for that call. */
function versionByRunning(path: string, env: Env): Promise<string | undefined> {
  const quiet = { ...env, CLAUDE_CODE_ENABLE_TELEMETRY: "", DISABLE_AUTOUPDATER: "1" };
  return new Promise((resolve) => {
    execFile(
      path,
      ["--version"],
      { env: quiet, timeout: PATIENCE_MS, windowsHide: true },
      (_error, stdout) => resolve(/\d+\.\d+\.\d+\S*/.exec(stdout)?.[0]),
    ).on("error", () => resolve(undefined));
  });
}

/** When Claude Code last wrote a transcript, milliseconds since 1970; undefined if it never did. */
export async function lastTranscript(claudeFolder: string): Promise<number | undefined> {
  const projects = join(claudeFolder, "projects");
  let newest: number | undefined;
  for (const project of await readdir(projects).catch(() => [])) {
    for (const name of await readdir(join(projects, project)).catch(() => [])) {
      if (!name.endsWith(".jsonl")) continue;
      const stats = await stat(join(projects, project, name)).catch(() => undefined);
      if (stats !== undefined) newest = Math.max(newest ?? 0, stats.mtimeMs);
    }
  }
  return newest;
}
