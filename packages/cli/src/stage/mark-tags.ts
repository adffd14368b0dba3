import { mergeTags, readTags, TAGS_VARIABLE, type TagSet } from "../run/tags.ts";

type Environment = Readonly<Record<string, string | undefined>>;

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
