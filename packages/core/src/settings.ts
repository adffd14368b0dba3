import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, KnownError } from "./errors.ts";
import type { Settings } from "./settings-schema.ts";

export type { Settings };

const FILE = "settings.json";

/**
 * Reads settings.json of the folder of settings; all defaults if there is none. KnownError for a file
 * that cannot be read or holds something else: it names the setting.
 */
export async function readSettings(folder: string): Promise<Settings> {
  const path = join(folder, FILE);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT" || codeOf(cause) === "ENOTDIR") return { ownTags: {} };
    throw unsuitable(path, "they cannot be read", cause);
  }
  const value = parsed(text, path);
  // Loaded here, since most people have no settings.
  const { settingsOf } = await import("./settings-schema.ts");
  const settings = settingsOf(value);
  if (typeof settings === "string") throw unsuitable(path, settings);
  return settings;
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (cause) {
    throw unsuitable(path, "they are not JSON", cause);
  }
}

function unsuitable(path: string, reason: string, cause?: unknown): KnownError {
  return new KnownError("settings-unsuitable", `The settings ${path} are not usable: ${reason}.`, {
    hint: 'Expected for example: { "tags": { "stage": "task.type", "task": "linear_key" } }',
    ...(cause === undefined ? {} : { cause }),
  });
}
