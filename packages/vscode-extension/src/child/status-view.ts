import type { WireFile, WireSession, WireState } from "@cctelemetry/core";
import { LONGEST_IDENTITY, portable } from "@cctelemetry/core/light";
import type { StatusReceiver, StatusView } from "../status-view.ts";

/** More than run at a time, and enough to choose from. */
const MOST_SESSIONS = 30;
const MOST_PARTS = 6;
const MOST_FILES = 20;

/** What the status depends on, apart from the live state. */
export interface StatusOptions {
  /** Whether the user named paths, or the database was filled from files that are still there. */
  readonly configured: boolean;
  /** What is followed; a file behind a pattern has another path. */
  readonly paths: readonly string[];
  readonly pinned: string | null;
  readonly receiver: StatusReceiver;
}

/** The part of the live state that the status bar shows. */
export function statusViewOf(state: WireState, options: StatusOptions): StatusView {
  const { files, sessions, recent } = state;
  const { configured, paths, pinned, receiver } = options;
  return portable({
    ...state,
    sessions: sessions
      .filter(({ session_id }) => session_id.length <= LONGEST_IDENTITY)
      .filter(({ session_id }, at) => at < MOST_SESSIONS || session_id === pinned)
      .map(withFewParts),
    files: files
      .filter(({ path }) => path.length <= LONGEST_IDENTITY)
      .sort((a, b) => rankOf(a) - rankOf(b))
      .slice(0, MOST_FILES),
    recent: recent.slice(0, 1),
    configured:
      configured ||
      sessions.length > 0 ||
      files.some((file) => file.state !== "missing" && !paths.includes(file.path)),
    receiver,
  });
}

function withFewParts(session: WireSession): WireSession {
  const { models, stages } = session;
  return { ...session, models: models.slice(0, MOST_PARTS), stages: stages.slice(0, MOST_PARTS) };
}

/** What needs a look comes first. */
function rankOf({ state }: WireFile): number {
  if (state === "unreadable" || state === "unsuitable") return 0;
  if (state === "missing") return 1;
  return state === "waiting" ? 2 : 3;
}
