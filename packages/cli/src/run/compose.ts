import { KnownError } from "@cctelemetry/core/light";
import {
  acceptsSessionId,
  claudeWord,
  extractSettings,
  namedSession,
  startsSession,
} from "./claude-command.ts";
import { readGivenSettings, type Settings, tagsIn, userTags, withTags } from "./settings.ts";
import {
  mergeTags,
  RESOURCE_VARIABLE,
  readTags,
  TAGS_VARIABLE,
  type TagSet,
  writeTags,
} from "./tags.ts";

/** What a run is made from, apart from its command line. */
export interface RunContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home directory. */
  readonly home: string;
  /** The id for a session that has none yet; undefined to leave it to Claude Code. */
  readonly newSession: string | undefined;
}

/** A run as it is started. */
export interface ComposedRun {
  readonly command: readonly string[];
  /** The rest of the environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly tags: TagSet;
  /** The settings in the command, with the tags. */
  readonly settings: Settings;
  /** The session that will carry the tags, where its id is known beforehand. */
  readonly session: string | undefined;
}

/**
 * The command with the tags in it. They go into the environment, for any program, and for Claude
 * Code into its `--settings` too, which outrank the user's settings. Tags that others set stay: of
 * one name the option's wins over an outer run's, and that over settings and shell.
 */
export async function composeRun(
  command: readonly string[],
  asked: TagSet,
  { env, home, newSession }: RunContext,
): Promise<ComposedRun> {
  const at = claudeWord(command);
  const args = at === undefined ? [] : command.slice(at + 1);
  const { given, rest } = extractSettings(args);
  const settings = given === undefined ? {} : await readGivenSettings(given);
  const tags = mergeTags(
    readTags(env[RESOURCE_VARIABLE]),
    await userTags(env, home),
    tagsIn(settings),
    readTags(env[TAGS_VARIABLE]),
    asked,
  );
  checkThere(tags);
  const list = writeTags(tags);
  const composed = {
    env: { [RESOURCE_VARIABLE]: list, [TAGS_VARIABLE]: list },
    tags,
    settings: withTags(settings, list),
  };
  if (at === undefined || !startsSession(args)) {
    return { ...composed, command, session: undefined };
  }
  const chosen = newSession !== undefined && acceptsSessionId(rest) ? newSession : undefined;
  return {
    ...composed,
    command: [
      ...command.slice(0, at + 1),
      "--settings",
      JSON.stringify(composed.settings),
      ...(chosen === undefined ? [] : ["--session-id", chosen]),
      ...rest,
    ],
    session: chosen ?? namedSession(rest),
  };
}

function checkThere(tags: TagSet): void {
  if (tags.size > 0) return;
  throw new KnownError("bad-argument", "There is no tag to run it with.", {
    hint: "Name one at least: cctelemetry run --workflow w-17 --stage plan -- claude",
  });
}
