import { recordTables } from "../model/columns.ts";
import { requestCost } from "../model/request-cost.ts";
import type { Session } from "./session.ts";
import { storedName } from "./statements.ts";

const REQUESTS = storedName(recordTables.api_request_logs);

/** Makes the cost as sent, USD, the column of what a request costs, billionths of a USD. */
export async function reshapeCosts(session: Session): Promise<void> {
  await session.run(
    `ALTER TABLE ${REQUESTS} ALTER COLUMN cost_usd TYPE BIGINT
     USING CAST(CAST(cost_usd AS DECIMAL(38, 9)) * 1000000000 AS BIGINT)`,
  );
  await session.run(`ALTER TABLE ${REQUESTS} RENAME COLUMN cost_usd TO cost_nano_usd`);
}

/** Decides the cost of requests that have it in millionths only. */
export async function fillCosts(session: Session): Promise<void> {
  const rows = await session.rows(
    `SELECT DISTINCT cost_usd_micros AS micros FROM ${REQUESTS}
     WHERE cost_nano_usd IS NULL AND cost_usd_micros IS NOT NULL`,
  );
  const costs = rows.flatMap(({ micros }) => {
    const cost = requestCost(undefined, BigInt(String(micros)));
    return cost === undefined ? [] : [[String(micros), String(cost)] as const];
  });
  if (costs.length === 0) return;
  await session.run(
    `UPDATE ${REQUESTS} AS request
     SET cost_nano_usd = CAST(decided.cost AS BIGINT), cost_from_micros = true
     FROM (SELECT unnest($micros) AS micros, unnest($costs) AS cost) AS decided
     WHERE request.cost_nano_usd IS NULL
       AND request.cost_usd_micros = CAST(decided.micros AS BIGINT)`,
    { micros: costs.map(([micros]) => micros), costs: costs.map(([, cost]) => cost) },
  );
}
