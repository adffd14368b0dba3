import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { KnownError, type Places } from "@cctelemetry/core/light";
import { endOfFile } from "./file-end.ts";

/** How a command line chooses a session. */
export interface SessionChoice {
  readonly named: string | undefined;
  /** The session of the shell around us, from Claude Code's environment. */
  readonly around: string | undefined;
  /** Accepts any text as an id, whether it is known or not. */
  readonly force: boolean;
}

/**
 * The session that is meant: the named one, else the one whose shell this is. A whole id is used as
 * it is, since its session may begin later; the beginning of one is searched for in the database and
 * in the files that are not imported yet. KnownError if no session is meant, or more than one.
 */
export async function findSession(choice: SessionChoice, places: Places): Promise<string> {
  const [named, around] = [choice.named?.trim(), choice.around?.trim()];
  if (named === undefined || named === "") {
    if (around !== undefined && around !== "" && choice.named === undefined) return around;
    throw new KnownError("bad-argument", "It is not known which session the mark is for.", {
      hint: "Inside Claude Code it comes from CLAUDE_CODE_SESSION_ID; elsewhere pass --session.",
    });
  }
  if (choice.force) return named;
  if (WHOLE_ID.test(named)) return named.toLowerCase();
  // The engine is some size, and most calls need none.
  const { sessionMeant } = await import("@cctelemetry/core");
  const stored = await storedSessions(named, places.database);
  const written = await writtenSessions(named, places.telemetryFolder);
  const ids = [...("ids" in stored ? stored.ids : []), ...written];
  if (ids.length > 0) return sessionMeant(named, ids);
  if ("error" in stored) throw stored.error;
  throw new KnownError("bad-argument", `No session begins with ${named}.`, {
    hint: "A whole id is always accepted, any other text with --force; the report sessions lists them.",
  });
}

/** How a session is shown: a whole id by its first eight letters, as everywhere. */
export function shortSession(session: string): string {
  return WHOLE_ID.test(session) ? session.slice(0, 8) : session;
}

const WHOLE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The longest wait for the database, milliseconds: a person waits for the answer. */
const PATIENCE_MS = 5_000;

async function storedSessions(
  prefix: string,
  database: string,
): Promise<{ readonly ids: readonly string[] } | { readonly error: KnownError }> {
  if (!existsSync(database)) return { ids: [] };
  const { openStore, sessionsBeginning } = await import("@cctelemetry/core");
  try {
    const store = await openStore(database);
    try {
      store.hurry(PATIENCE_MS);
      return { ids: await store.reading((session) => sessionsBeginning(session, prefix)) };
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return { error };
  }
}

/** What is not imported yet is written at the end of the newest files. */
const MOST_FILES = 20;
const MOST_BYTES = 16 * 1024 * 1024;
const MARKS = "stages.jsonl";

/** Ids in the ends of telemetry files that begin with a text. */
async function writtenSessions(prefix: string, folder: string): Promise<readonly string[]> {
  if (!/^[\w.:-]{1,200}$/.test(prefix)) return [];
  const names = (await readdir(folder).catch(() => [])).filter(
    // Marks name sessions that nobody may ever have seen.
    (name) => name.endsWith(".jsonl") && name !== MARKS,
  );
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const stats = await stat(path).catch(() => undefined);
      return { path, writtenAt: stats?.isFile() === true ? stats.mtimeMs : undefined };
    }),
  );
  const newest = files
    .flatMap(({ path, writtenAt }) => (writtenAt === undefined ? [] : [{ path, writtenAt }]))
    .sort((one, other) => other.writtenAt - one.writtenAt)
    .slice(0, MOST_FILES);
  const id = new RegExp(
    `"session\\.id"\\s*,\\s*"value"\\s*:\\s*\\{\\s*"stringValue"\\s*:\\s*"(${prefix.replaceAll(".", "\\.")}[\\w.:-]{0,200})"`,
    "g",
  );
  const found = new Set<string>();
  for (const { path } of newest) {
    for (const [, session = ""] of (await endOfFile(path, MOST_BYTES)).matchAll(id))
      found.add(session);
  }
  return [...found];
}
