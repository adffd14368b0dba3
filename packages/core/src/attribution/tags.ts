/** The tags of staged workflows. */
export const stageTagNames = [
  "workflowId",
  "workflowPath",
  "complexity",
  "stage",
  "taskId",
  "agent",
  "modelExpected",
] as const;

export type StageTagName = (typeof stageTagNames)[number];

/** Tags that a record, a mark or a span carries; undefined for one that was not sent. */
export type StageTags = Readonly<Partial<Record<StageTagName, string | undefined>>>;

/** What names the stage of a record that carries no tag of its own; the first that does so counts. */
export const sources = ["session_map", "mark", "hook", "trace", "agent"] as const;

export type Source = (typeof sources)[number];

/** How the stage of a record was found: by a tag of its own, or by one of the sources. */
export type Attribution = "tag" | Source | "ambiguous" | "none";

/** A stage that was found for a record, with the tags beside it; none where it is ambiguous. */
export interface Found {
  readonly attribution: Source | "ambiguous";
  readonly tags: StageTags;
}

export const AMBIGUOUS: Found = { attribution: "ambiguous", tags: {} };

/**
 * What several marks or spans say together: undefined where none of them names a stage, ambiguous
 * where they name several. Of the other tags those on which all of them agree.
 */
export function together(source: Source, said: readonly StageTags[]): Found | undefined {
  const [first, ...others] = said.flatMap(({ stage }) => stage ?? []);
  if (first === undefined) return undefined;
  if (others.some((stage) => stage !== first)) return AMBIGUOUS;
  const tags = stageTagNames.map((name) => [name, common(said.map((each) => each[name]))] as const);
  return { attribution: source, tags: { ...Object.fromEntries(tags), stage: first } };
}

function common(values: readonly (string | undefined)[]): string | undefined {
  const alike = new Set(values.map((value) => value ?? "")).size <= 1;
  return alike ? values.find((value) => value !== undefined) : undefined;
}
