import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { KnownError } from "@cctelemetry/core/light";
import { type ParseError, parse } from "jsonc-parser";
import { RESOURCE_VARIABLE, readTags, TAGS_VARIABLE, type TagSet } from "./tags.ts";

/** Settings of Claude Code, as far as they matter here: an object, `env` in it perhaps. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * The settings that `--settings` names: JSON text, or a file, whose comments are passed over.
 * Throws if it is neither.
 */
export async function readGivenSettings(given: string): Promise<Settings> {
  const isText = given.trimStart().startsWith("{");
  const text = isText ? given : await fileText(resolve(given));
  const settings = text === undefined ? undefined : settingsOf(text);
  if (settings !== undefined) return settings;
  throw new KnownError(
    "bad-argument",
    isText
      ? "The text after --settings is not a JSON object."
      : `--settings ${given} is no file with a JSON object.`,
    { hint: "Claude Code accepts a file or JSON text there." },
  );
}

/** The tags that the user's own settings.json sets; none if it cannot be read. */
export async function userTags(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): Promise<TagSet> {
  const folder = env["CLAUDE_CONFIG_DIR"] || join(home, ".claude");
  const text = await fileText(join(folder, "settings.json"));
  return tagsIn(text === undefined ? {} : (settingsOf(text) ?? {}));
}

/** The tags that settings set. */
export function tagsIn(settings: Settings): TagSet {
  const value = environmentIn(settings)[RESOURCE_VARIABLE];
  return readTags(typeof value === "string" ? value : undefined);
}

/** The settings with the tags in their environment, for these outrank what the user's settings set. */
export function withTags(settings: Settings, list: string): Settings {
  const env = {
    ...environmentIn(settings),
    [RESOURCE_VARIABLE]: list,
    [TAGS_VARIABLE]: list,
  };
  return { ...settings, env };
}

function environmentIn(settings: Settings): Settings {
  const { env } = settings;
  return isObject(env) ? env : {};
}

function settingsOf(text: string): Settings | undefined {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, ""), errors, { allowTrailingComma: true });
  return errors.length === 0 && isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function fileText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}
