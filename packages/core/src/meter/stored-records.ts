import { eventRecord, requestRecord, usageRecord } from "../live/from-row.ts";
import type { LiveRecord } from "../live/record.ts";
import { StoredRows } from "../live-store/stored-row.ts";
import type { Store } from "../store/store.ts";
import sessionEvents from "./sql/session_events.sql";
import sessionPoints from "./sql/session_points.sql";
import sessionRequests from "./sql/session_requests.sql";

/** Everything a store holds of a session. */
export function storedRecords(store: Store, sessionId: string): Promise<readonly LiveRecord[]> {
  return store.peeking(async (session) => {
    const rows = async (sql: string): Promise<StoredRows> =>
      new StoredRows(await session.table(sql, { session: sessionId }));
    const points = (await rows(sessionPoints)).map(usageRecord);
    return [
      ...(await rows(sessionRequests)).map(requestRecord),
      ...(await rows(sessionEvents)).map(eventRecord),
      ...points.filter((point) => point !== undefined),
    ];
  });
}
