import { recordTables } from "../model/columns.ts";
import { type OwnTags, ownTagColumns, standInsOf } from "../model/own-tags.ts";
import type { Session } from "../store/session.ts";
import forgetEvidence from "./forget_evidence.sql";
import insertEvidence from "./insert_evidence.sql";
import insertOwnTag from "./insert_own_tag.sql";

/**
 * Brings stored rows in line with the names of tags that stand for columns of workflows, if these have
 * changed: a column is what the tags of its record give it now. Runs in the caller's transaction.
 */
export async function applyOwnTags(session: Session, ownTags: OwnTags): Promise<void> {
  const wanted = standInsOf(ownTags).flatMap(({ column, names }) =>
    names.map((tag, rank) => ({ column, tag, rank })),
  );
  const stored = await session.rows(
    "SELECT column_name, tag, rank FROM base.own_tags ORDER BY ALL",
  );
  const known = stored.map((row) => `${row["column_name"]} ${row["rank"]} ${row["tag"]}`);
  const names = wanted.map(({ column, tag, rank }) => `${column} ${rank} ${tag}`);
  if (known.toSorted().join("\0") === names.toSorted().join("\0")) return;
  await session.run("DELETE FROM base.own_tags");
  for (const row of wanted) await session.run(insertOwnTag, row);
  for (const { name } of Object.values(recordTables)) await session.run(updateOf(name));
  const all = { other_logs: 0n, api_request_logs: 0n, spans: 0n };
  await session.run(forgetEvidence, all);
  await session.run(insertEvidence, all);
}

/** The table and its columns are names of this program, so that no text of a user is part of it. */
function updateOf(table: string): string {
  const columns = Object.values(ownTagColumns);
  const values = columns.map((column) => `base.own_tag(tags, '${column}')`);
  const set = columns.map((column, at) => `${column} = ${values[at]}`).join(", ");
  return `UPDATE base.${table} SET ${set}
    WHERE (${columns.join(", ")}) IS DISTINCT FROM (${values.join(", ")})`;
}
