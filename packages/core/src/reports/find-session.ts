import { KnownError } from "../errors.ts";
import type { Session } from "../store/session.ts";
import findSession from "./find_session.sql";

/** Ids of stored sessions that begin with a text; no more than a few. */
export async function sessionsBeginning(
  session: Pick<Session, "rows">,
  prefix: string,
): Promise<readonly string[]> {
  const rows = await session.rows(findSession, { prefix });
  return rows.map((row) => String(row["session_id"]));
}

/**
 * The one session that a text means, among those that begin with it. KnownError where there is none,
 * and where there are several of which none is the text itself.
 */
export function sessionMeant(prefix: string, ids: readonly string[]): string {
  const [only, ...others] = new Set(ids);
  if (ids.includes(prefix)) return prefix;
  if (only === undefined) {
    throw new KnownError("bad-argument", `No session begins with ${prefix}.`, {
      hint: "The report sessions lists them.",
    });
  }
  if (others.length > 0) {
    throw new KnownError("bad-argument", `More than one session begins with ${prefix}.`, {
      hint: `Write more of it: ${[only, ...others].join(", ")}.`,
    });
  }
  return only;
}
