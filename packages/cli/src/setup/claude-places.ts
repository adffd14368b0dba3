import { posix, win32 } from "node:path";
import { KnownError } from "@cctelemetry/core/light";

/** What Claude Code's places depend on. */
export interface ClaudeInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  /** The user's home directory; undefined if there is none. */
  readonly home: string | undefined;
}

/** The folder Claude Code keeps its own things in. KnownError if there is no home directory. */
export function claudeFolder({ env, platform, home }: ClaudeInput): string {
  const path = platform === "win32" ? win32 : posix;
  const own = env["CLAUDE_CONFIG_DIR"];
  if (own !== undefined && own !== "") return path.resolve(own);
  if (home === undefined) {
    throw new KnownError(
      "path-missing",
      "There is no home directory: HOME is not set or names no folder.",
      {
        hint: "Set HOME, or CLAUDE_CONFIG_DIR to the folder with Claude Code's settings.json.",
      },
    );
  }
  return path.join(home, ".claude");
}

/** The user's own settings of Claude Code. KnownError if there is no home directory. */
export function userSettingsPath(input: ClaudeInput): string {
  const path = input.platform === "win32" ? win32 : posix;
  return path.join(claudeFolder(input), "settings.json");
}

/** Where an organisation puts settings that no user overrides; those that may exist. */
export function managedSettingsPaths(platform: string): readonly string[] {
  if (platform === "win32") {
    return [
      "C:\\Program Files\\ClaudeCode\\managed-settings.json",
      "C:\\ProgramData\\ClaudeCode\\managed-settings.json",
    ];
  }
  return platform === "darwin"
    ? ["/Library/Application Support/ClaudeCode/managed-settings.json"]
    : ["/etc/claude-code/managed-settings.json"];
}
