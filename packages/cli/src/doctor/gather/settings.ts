import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { KnownError } from "@cctelemetry/core/light";
import { readForChange } from "../../setup/change-file.ts";
import {
  type ClaudeInput,
  managedSettingsPaths,
  userSettingsPath,
} from "../../setup/claude-places.ts";
import { parseSettings } from "../../setup/settings-text.ts";
import type { SettingsFacts } from "../facts.ts";

/** Every settings file that may have a say: managed ones, the user's, those of the project in a folder. */
export async function gatherSettings(
  input: ClaudeInput,
  projectFolder: string,
): Promise<readonly SettingsFacts[]> {
  const project = ["settings.local.json", "settings.json"].map((name) =>
    join(projectFolder, ".claude", name),
  );
  const user = userPath(input);
  const managed = await Promise.all(managedSettingsPaths(input.platform).map(withFragments));
  return Promise.all([
    ...managed.flat().map((path) => settingsAt("managed", path)),
    ...(user === undefined ? [] : [settingsAt("user", user)]),
    ...project.filter((path) => path !== user).map((path) => settingsAt("project", path)),
  ]);
}

function userPath(input: ClaudeInput): string | undefined {
  try {
    return userSettingsPath(input);
  } catch {
    return undefined;
  }
}

/** A managed file, and the fragments that lie beside it; those with later names win. */
async function withFragments(path: string): Promise<readonly string[]> {
  const folder = join(dirname(path), "managed-settings.d");
  const names = await readdir(folder).catch(() => []);
  const fragments = names.filter((name) => name.endsWith(".json")).sort();
  return [...fragments.reverse().map((name) => join(folder, name)), path];
}

async function settingsAt(kind: SettingsFacts["kind"], path: string): Promise<SettingsFacts> {
  const writtenAt = (await stat(path).catch(() => undefined))?.mtimeMs;
  try {
    const settings = parseSettings((await readForChange(path)) ?? "", path);
    const { env } = settings;
    return {
      kind,
      path,
      fault: undefined,
      env: texts(env),
      oddValues: oddValues(env),
      strays: Object.keys(settings).filter((name) => name !== "env" && STRAY.test(name)),
      hasHeadersHelper: (settings["otelHeadersHelper"] ?? "") !== "",
      modelOverrides: Object.entries(texts(settings["modelOverrides"])),
      writtenAt,
    };
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return {
      kind,
      path,
      fault: error.message.replace("cannot be changed:", "cannot be read:"),
      env: {},
      oddValues: [],
      strays: [],
      hasHeadersHelper: false,
      modelOverrides: [],
      writtenAt,
    };
  }
}

/** What people write beside `env`, where it has no effect. */
const STRAY = /^(telemetry|otel|otlp|opentelemetry|environment|envs?|OTEL_\w+|CLAUDE_CODE_\w+)$/i;

function oddValues(env: unknown): readonly string[] {
  if (typeof env !== "object" || env === null) return [];
  return Object.entries(env).flatMap(([name, value]) =>
    typeof value === "object" && value !== null ? [name] : [],
  );
}

function texts(env: unknown): Readonly<Record<string, string>> {
  if (typeof env !== "object" || env === null) return {};
  const known = Object.entries(env).filter(([, value]) =>
    ["string", "number", "boolean"].includes(typeof value),
  );
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}
