import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { knownPaths, openStore, refreshMeter, type Store } from "@cctelemetry/core";
import type { SessionMeter } from "@cctelemetry/core/meter";
import type { RefreshRequest } from "./refresh-request.ts";

/** A lock on the database is waited for so long, milliseconds; the files have most without it. */
const LOCK_WAIT_MS = 5_000;
/** What no status line has touched for so long is given up, milliseconds. */
const KEPT_MS = 14 * 24 * 3_600_000;

/** Brings the kept numbers of a session up to date from files and database. */
export async function refresh(request: RefreshRequest): Promise<SessionMeter> {
  const { folder, sessionId, sources, database, capturedFiles, ownTags = {} } = request;
  const store = existsSync(database)
    ? await openStore(database, { writes: "small", waitMs: LOCK_WAIT_MS, ownTags })
    : undefined;
  try {
    const paths =
      request.paths.length > 0 ? request.paths : [...(await filesOf(store)), capturedFiles];
    return await refreshMeter({ folder, sessionId, sources, ownTags, paths, store, now: Date.now });
  } finally {
    await store?.close();
    giveUpOld(folder);
  }
}

/** The files the database was filled from; none if it cannot be asked. */
async function filesOf(store: Store | undefined): Promise<readonly string[]> {
  return store === undefined ? [] : await knownPaths(store).catch(() => []);
}

function giveUpOld(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const { mtimeMs } = statSync(path);
      if (Date.now() - mtimeMs > KEPT_MS) rmSync(path, { force: true });
    }
  } catch {
    // What is not given up now is given up another time.
  }
}
