/** The columns of staged workflows that tags of other names may stand for, by people's word for them. */
export const ownTagColumns = {
  workflow: "workflow_id",
  stage: "stage",
  task: "task_id",
  agent: "agent",
} as const;

/** What a tag of another name may mean. */
export type OwnTagMeaning = keyof typeof ownTagColumns;

/**
 * Names of tags by what they mean, as the user's settings have them. A tag of the column's own name
 * goes before them; of several names the first counts that a record carries with a text.
 */
export type OwnTags = Readonly<Partial<Record<OwnTagMeaning, readonly string[]>>>;

/** Columns with the names of tags that stand for them. */
export type StandIns = readonly { readonly column: string; readonly names: readonly string[] }[];

/** The columns for which tags stand in; empty without any. */
export function standInsOf(ownTags: OwnTags): StandIns {
  return Object.entries(ownTagColumns).flatMap(([meaning, column]) => {
    const names = ownTags[meaning as OwnTagMeaning] ?? [];
    return names.length === 0 ? [] : [{ column, names }];
  });
}
