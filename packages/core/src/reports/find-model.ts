import { KnownError } from "../errors.ts";
import { canonicalModel } from "../model/canonical-model.ts";
import type { Session } from "../store/session.ts";
import findModels from "./find_models.sql";

/** The most models to suggest. */
const MOST_NAMED = 5;

/**
 * The one name of a model that is written as its provider sent it, as it is shown, or without
 * `claude-`; null for none asked for. Throws a KnownError that names similar ones where nothing is
 * known of it.
 */
export async function modelOf(session: Session, name: string | null): Promise<string | null> {
  if (name === null) return null;
  const known = (await session.rows(findModels)).map((row) => String(row["model"]));
  const wanted = [name, canonicalModel(name), canonicalModel(`claude-${name}`)];
  const exact = wanted.find((each) => known.includes(each));
  if (exact !== undefined) return exact;
  const lower = name.toLowerCase();
  const sameButCase = known.find((each) => each.toLowerCase() === lower);
  if (sameButCase !== undefined) return sameButCase;
  throw new KnownError("bad-argument", `Nothing is known of a model ${name}.`, {
    hint: hintOn(known, lower),
  });
}

function hintOn(known: readonly string[], lower: string): string {
  const alike = known.filter((each) => each.toLowerCase().includes(lower));
  const named = (alike.length > 0 ? alike : known).slice(0, MOST_NAMED);
  if (named.length === 0) return "There is no usage of any model yet.";
  const question = alike.length > 0 ? "Did you mean" : "Known are";
  return `${question} ${named.join(", ")}${alike.length > 0 ? "?" : "."} The report models lists all.`;
}
