import type { Session } from "../store/session.ts";
import { type StagedTable, stageName, textsName } from "../store/staging.ts";
import forgetEvidence from "./forget_evidence.sql";
import insertEvidence from "./insert_evidence.sql";

/** How many rows the tables had that evidence is derived from. */
type RowsBefore = Readonly<Record<"other_logs" | "api_request_logs" | "spans", bigint>>;

/**
 * Inserts staged rows. If they may tag sessions in addition to their records' own tags (stage marks, or
 * spans that an orchestrator put around them), what is derived from these is derived again.
 */
export async function withEvidence(
  session: Session,
  staged: readonly StagedTable[],
  insert: () => Promise<void>,
): Promise<void> {
  const areTraced = staged.some(isTraced);
  const areMarked = await hasMarks(session, staged);
  if (!areMarked && !areTraced) return insert();
  const [row] = await session.rows(countRows);
  const before: RowsBefore = {
    other_logs: BigInt(String(row?.["other_logs"])),
    api_request_logs: BigInt(String(row?.["api_request_logs"])),
    spans: BigInt(String(row?.["spans"])),
  };
  await insert();
  if (!areMarked) {
    const [found] = await session.rows("SELECT EXISTS (FROM base.stage_spans) AS found");
    if (found?.["found"] !== true) return;
  }
  await session.run(forgetEvidence, before);
  await session.run(insertEvidence, before);
}

const countRows = `SELECT
  (SELECT count(*) FROM base.other_logs) AS other_logs,
  (SELECT count(*) FROM base.api_request_logs) AS api_request_logs,
  (SELECT count(*) FROM base.spans) AS spans`;

/** Whether rows may belong to a trace in which somebody else's span names a stage. */
function isTraced({ table, columns }: StagedTable): boolean {
  if (table.name === "spans") return true;
  return table.name === "api_request_logs" && columns.some(({ name }) => name === "trace_id");
}

async function hasMarks(session: Session, staged: readonly StagedTable[]): Promise<boolean> {
  const logs = staged.find(({ table }) => table.name === "other_logs");
  if (logs?.columns.some(({ name }) => name === "event_name") !== true) return false;
  const [row] = await session.rows(
    `SELECT EXISTS (
       FROM ${stageName(logs)} CROSS JOIN ${textsName(logs.stage)} AS dictionary
       WHERE list_extract(dictionary.texts, event_name) = 'stage_mark'
     ) AS found`,
  );
  return row?.["found"] === true;
}
