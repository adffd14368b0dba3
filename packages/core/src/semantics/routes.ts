import type { Session } from "../store/session.ts";
import type { StagedTable } from "../store/staging.ts";
import insertRoutes from "./insert_routes.sql";

/** Inserts staged rows, and notes the ways that requests and points of sessions came. */
export async function withRoutes(
  session: Session,
  staged: readonly StagedTable[],
  insert: () => Promise<void>,
): Promise<void> {
  const isNoted = staged.some(
    ({ table: { name } }) => name === "api_request_logs" || name === "metric_points",
  );
  if (!isNoted) return insert();
  const [before] = await session.rows(countRows);
  await insert();
  await session.run(insertRoutes, {
    api_request_logs: BigInt(String(before?.["api_request_logs"])),
    metric_points: BigInt(String(before?.["metric_points"])),
  });
}

const countRows = `SELECT
  (SELECT count(*) FROM base.api_request_logs) AS api_request_logs,
  (SELECT count(*) FROM base.metric_points) AS metric_points`;
