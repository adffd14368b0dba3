import * as v from "valibot";
import type { OwnTags } from "./model/own-tags.ts";

/** The user's own settings, complete. */
export interface Settings {
  /** Names of tags that stand for workflow, stage, task and agent. */
  readonly ownTags: OwnTags;
}

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
const names = v.union(
  [
    v.pipe(
      name,
      v.transform((one) => [one]),
    ),
    v.array(name),
  ],
  "expected the name of a tag, or a list of names",
);

/** What a person wrote: `{ "tags": { "stage": "task.type", "task": ["linear_key", "ticket"] } }`. */
const written = v.object({
  tags: v.optional(
    v.strictObject({
      workflow: v.optional(names),
      stage: v.optional(names),
      task: v.optional(names),
      agent: v.optional(names),
    }),
    {},
  ),
});

/** The settings out of what a person wrote, or what is wrong with that. Other members are ignored. */
export function settingsOf(value: unknown): Settings | string {
  const result = v.safeParse(written, value);
  if (!result.success) {
    const [issue] = result.issues;
    const setting = v.getDotPath(issue);
    return setting === null ? issue.message : `${setting}: ${issue.message}`;
  }
  const { tags } = result.output;
  const meanings = Object.entries(tags).filter(([, each]) => each !== undefined);
  return { ownTags: Object.fromEntries(meanings) };
}
