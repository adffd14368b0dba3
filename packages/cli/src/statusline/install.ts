import { KnownError } from "@cctelemetry/core/light";
import type { Clock, Environment, Home } from "../process/context.ts";
import { changeFile, readForChange } from "../setup/change-file.ts";
import { userSettingsPath } from "../setup/claude-places.ts";
import { editSettings, parseSettings } from "../setup/settings-text.ts";

/** Seconds after which Claude Code draws it again though nothing happens: telemetry comes a little later. */
const REFRESH_SECONDS = 10;
const OURS = /\bcctelemetry(?:\.mjs)?["']?\s+statusline\b/;

/** What is said of a change. */
export interface Installed {
  readonly path: string;
  /** Where the settings are as they were; undefined if there was nothing to change or no file. */
  readonly backup: string | undefined;
  readonly changed: boolean;
}

/**
 * Makes a command Claude Code's status line, in the user's settings. Another status line is left
 * alone unless `replace`: KnownError.
 */
export function installStatusLine(
  command: string,
  replace: boolean,
  context: Environment & Home & Clock,
): Promise<Installed> {
  return change(context, (settings, path) => {
    const { statusLine } = settings;
    const other = commandOf(statusLine);
    if (statusLine !== undefined && !isOurs(statusLine) && !replace) {
      throw new KnownError(
        "bad-argument",
        `${path} has another status line${other === undefined ? "" : `: ${other}`}.`,
        { hint: "--replace puts this one in its place; the file is kept beside it." },
      );
    }
    const kept = isOurs(statusLine) ? (statusLine as object) : {};
    return { type: "command", refreshInterval: REFRESH_SECONDS, ...kept, command };
  });
}

/** Takes our status line out of the user's settings; another one stays. */
export function uninstallStatusLine(context: Environment & Home & Clock): Promise<Installed> {
  return change(context, ({ statusLine }) => (isOurs(statusLine) ? undefined : statusLine));
}

async function change(
  context: Environment & Home & Clock,
  wanted: (settings: Readonly<Record<string, unknown>>, path: string) => unknown,
): Promise<Installed> {
  const home = context.home === "" ? undefined : context.home;
  const path = userSettingsPath({ env: context.env, platform: process.platform, home });
  const before = await readForChange(path);
  const settings = parseSettings(before ?? "", path);
  const value = wanted(settings, path);
  if (JSON.stringify(value) === JSON.stringify(settings["statusLine"])) {
    return { path, backup: undefined, changed: false };
  }
  const after = editSettings(before ?? "", [{ path: ["statusLine"], value }], path);
  const backup = await changeFile({ path, before, after }, context.now());
  return { path, backup, changed: true };
}

function isOurs(statusLine: unknown): boolean {
  return OURS.test(commandOf(statusLine) ?? "");
}

function commandOf(statusLine: unknown): string | undefined {
  if (typeof statusLine !== "object" || statusLine === null) return undefined;
  const command: unknown = Reflect.get(statusLine, "command");
  return typeof command === "string" ? command : undefined;
}
