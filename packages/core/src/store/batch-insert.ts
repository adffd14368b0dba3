import type { Batch, BatchContexts, BatchCounts } from "../model/batch.ts";
import { attributesAsJson } from "../model/values.ts";
import type { ResourceDescription } from "../otlp/sink.ts";
import type { Database } from "./database.ts";
import insertResource from "./insert_resource.sql";
import insertScope from "./insert_scope.sql";
import type { StoreDefinition } from "./schema.ts";
import type { Session } from "./session.ts";
import {
  createTexts,
  type StagedTable,
  stageRows,
  stageTexts,
  stagingSetup,
  textsName,
} from "./staging.ts";
import { insertRows } from "./statements.ts";

/**
 * Copies a batch into staging tables. Needs no lease. Gives the tables that have rows. What was
 * staged of the same batch object before is gone; other batches have tables of their own.
 */
export function stageBatch(database: Database, batch: Batch): Promise<readonly StagedTable[]> {
  return database.staging(batch.dictionary.byteLength, async (connection) => {
    const stage = database.numberOf(batch);
    await database.once("staging", connection, stagingSetup);
    await database.once(`staging ${stage}`, connection, [createTexts(stage)]);
    await connection.run(`TRUNCATE ${textsName(stage)}`);
    stageTexts(connection, stage, batch.dictionary);
    const staged: StagedTable[] = [];
    for (const { buffer } of batch.tables()) {
      if (buffer.rows > 0) staged.push(await stageRows(connection, stage, buffer));
    }
    return staged;
  });
}

/** Inserts what is staged, but for what the store holds already. Runs in the transaction of a lease. */
export async function insertBatch(
  session: Session,
  staged: readonly StagedTable[],
  contexts: BatchContexts,
  { inserting }: StoreDefinition,
): Promise<BatchCounts> {
  const counts = { api_request_logs: 0, other_logs: 0, metric_points: 0, spans: 0 };
  const insert = async (): Promise<void> => {
    for (const each of staged) counts[each.table.name] = await insertStaged(session, each);
  };
  await (inserting === undefined ? insert() : inserting(session, staged, insert));
  await insertContexts(session, contexts);
  return {
    logs: counts.api_request_logs + counts.other_logs,
    points: counts.metric_points,
    spans: counts.spans,
  };
}

async function insertStaged(session: Session, staged: StagedTable): Promise<number> {
  const { rows } = await session.table(insertRows(staged));
  return Number(rows[0]?.[0] ?? 0);
}

/** One statement for all of them: a statement of its own for each would cost more than their rows. */
async function insertContexts(session: Session, contexts: BatchContexts): Promise<void> {
  const resources = contexts.resources.map((resource) => ({
    resource_id: resource.id,
    service_name: resource.text("service.name") ?? null,
    service_version: resource.text("service.version") ?? null,
    host_name: resource.text("host.name") ?? null,
    tags: resource.tagsJson ?? null,
    ...described(resource.description),
  }));
  const scopes = contexts.scopes.map(({ id, description }) => ({
    scope_id: id,
    name: description.name,
    version: description.version,
    ...described(description),
  }));
  if (resources.length > 0) await session.run(insertResource, { rows: JSON.stringify(resources) });
  if (scopes.length > 0) await session.run(insertScope, { rows: JSON.stringify(scopes) });
}

function described(description: ResourceDescription): Readonly<Record<string, string | null>> {
  return {
    attributes: attributesAsJson(description.attributes),
    schema_url: description.schemaUrl === "" ? null : description.schemaUrl,
    other_fields: description.other ?? null,
  };
}
