import type { Lab } from "./lab.ts";
import { type ServedEntry, type Stages, servedEntries } from "./ledger.ts";
import { type StoredEntry, storedEntries, storeOf } from "./stored.ts";

/** What the API says it has served, and what the store has of it. */
export interface Accounts {
  readonly served: readonly ServedEntry[];
  readonly stored: readonly StoredEntry[];
}

/** Both accounts of a lab. */
export interface AllAccounts extends Accounts {
  readonly database: string;
  /** The part of some processes: what they were served, and what is stored of their sessions. */
  readonly of: (runs: readonly { readonly run: string }[]) => Accounts;
}

/** Imports what a receiver wrote and lays it beside the ledger of the API. */
export async function accountsOf(
  lab: Lab,
  files: string | readonly string[],
  stages: Stages = new Map(),
): Promise<AllAccounts> {
  const database = await storeOf(lab, [files].flat());
  const served = servedEntries(lab.api.ledger, stages);
  const stored = await storedEntries(database);
  const of = (runs: readonly { readonly run: string }[]): Accounts => {
    const names = new Set(runs.map(({ run }) => run));
    const own = served.filter((entry) => names.has(entry.served.run));
    const sessions = new Set(own.map(({ session }) => session));
    return { served: own, stored: stored.filter(({ session }) => sessions.has(session)) };
  };
  return { database, served, stored, of };
}
