import type { Session } from "../store/session.ts";
import type { StagedTable } from "../store/staging.ts";
import findRepeats from "./find_repeats.sql";
import insertRequestDays from "./insert_request_days.sql";
import markRepeats from "./mark_repeats.sql";

/**
 * Inserts staged rows. Notes the days that have requests. Where a request comes that was recorded
 * before, by another route or in another form, all records stay and one of them counts; the others
 * are marked.
 */
export async function withRequests(
  session: Session,
  staged: readonly StagedTable[],
  insert: () => Promise<void>,
): Promise<void> {
  const requests = staged.find(({ table }) => table.name === "api_request_logs");
  if (requests === undefined) return insert();
  const [row] = await session.rows("SELECT count(*) AS first FROM base.api_request_logs");
  const first = BigInt(String(row?.["first"]));
  await insert();
  await session.run(insertRequestDays, { first });
  if (!requests.columns.some(({ name }) => name === "request_id")) return;
  const [repeats] = await session.rows(findRepeats, { first });
  if (repeats?.["found"] === true) await session.run(markRepeats, { first });
}
