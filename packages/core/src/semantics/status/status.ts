import type { Session, Value } from "../../store/session.ts";
import filesSql from "./files.sql";
import totalsSql from "./totals.sql";

/** What a database knows. */
export interface StoreStatus {
  /** Sessions, requests, tokens, cost, records, first and last time, agreement, rejected lines. */
  readonly totals: Readonly<Record<string, Value>>;
  /** One entry per file that was read, the latest first. */
  readonly files: readonly Readonly<Record<string, Value>>[];
}

/** Asks a database what it knows, from which files, how fresh and how complete. */
export async function storeStatus(session: Session): Promise<StoreStatus> {
  const [totals = {}] = await session.rows(totalsSql);
  return { totals, files: await session.rows(filesSql) };
}
