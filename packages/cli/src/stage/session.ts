import { KnownError } from "@cctelemetry/core/light";
import { mergeTags, readTags, TAGS_VARIABLE, type TagSet } from "../run/tags.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The session a mark is for: the one that is named, else the one whose shell this is. */
export function sessionOf(named: string | undefined, env: Environment): string {
  const session = (named ?? env["CLAUDE_CODE_SESSION_ID"])?.trim();
  if (session !== undefined && session !== "") return session;
  throw new KnownError("bad-argument", "It is not known which session the mark is for.", {
    hint: "Claude Code tells its shells by CLAUDE_CODE_SESSION_ID; elsewhere name it with --session.",
  });
}

/** The tags of a mark: those asked for, over those of the run around it, whose stage is its own. */
export function markTags(asked: TagSet, env: Environment): TagSet {
  const outer = new Map(readTags(env[TAGS_VARIABLE]));
  outer.delete("stage");
  return mergeTags(outer, asked);
}

/** The stage that the session carries as a tag, and that goes before its marks. */
export function taggedStage(env: Environment): string | undefined {
  return readTags(env[TAGS_VARIABLE]).get("stage");
}
