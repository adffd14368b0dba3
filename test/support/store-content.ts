import { openStore, type Session } from "@cctelemetry/core";

const recordTables = ["api_request_logs", "other_logs", "metric_points", "spans"];
const otherTables = ["resources", "scopes"];

/** What stands for the whole content of a database: rows, different ids, and a sum over all cells. */
export type StoreContent = Readonly<Record<string, unknown>>;

/** Reads everything that records came to, whatever their order. */
export function storeContent(database: string): Promise<StoreContent> {
  return inStore(database, async (session) => {
    const content: Record<string, unknown> = {};
    for (const table of recordTables) {
      [content[table]] = await session.rows(`
        SELECT count(*) AS rows, count(DISTINCT record_id) AS ids,
               sum(CAST(hash(record) AS HUGEINT))::VARCHAR AS cells
        FROM base.${table} AS record`);
    }
    for (const table of otherTables) {
      [content[table]] = await session.rows(`
        SELECT count(*) AS rows, sum(CAST(hash(record) AS HUGEINT))::VARCHAR AS cells
        FROM base.${table} AS record`);
    }
    [content["rejected"]] = await session.rows("SELECT count(*) AS rows FROM rejected_lines");
    return content;
  });
}

/** The rows of each record table that are there twice; a database that does not open throws. */
export function doubledRows(database: string): Promise<number> {
  return inStore(database, async (session) => {
    let doubled = 0;
    for (const table of recordTables) {
      const [row] = await session.rows(
        `SELECT count(*) - count(DISTINCT record_id) AS doubled FROM base.${table}`,
      );
      doubled += Number(row?.["doubled"]);
    }
    return doubled;
  });
}

async function inStore<T>(database: string, work: (session: Session) => Promise<T>): Promise<T> {
  const store = await openStore(database);
  try {
    return await store.reading(work);
  } finally {
    await store.close();
  }
}
