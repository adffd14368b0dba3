/** The stage of a session as it is shown; stages side by side have no one name. */
export function stageText({
  stage,
  attribution,
}: {
  readonly stage: string | undefined;
  readonly attribution: string;
}): string | undefined {
  return attribution === "ambiguous" ? "ambiguous" : stage;
}
