/** The stage of a session as it is shown; stages side by side have no one name. */
export function stageText<Missing extends null | undefined>({
  stage,
  attribution,
}: {
  readonly stage: string | Missing;
  readonly attribution: string;
}): string | Missing {
  return attribution === "ambiguous" ? "ambiguous" : stage;
}
