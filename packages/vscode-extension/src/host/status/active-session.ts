import { isRunning, microsOf } from "@cctelemetry/core/light";
import type { StatusSession, StatusView } from "../../status-view.ts";

/** The session that the item shows, and why. */
export type Active =
  | { readonly kind: "running" | "pinned"; readonly session: StatusSession }
  | { readonly kind: "none" };

/** The pinned session while it is known, else the one with the newest activity, while it runs. */
export function activeSession(
  view: StatusView,
  pinned: string | null,
  idleAfterMs: number,
): Active {
  const held = view.sessions.find(({ session_id }) => session_id === pinned);
  if (held !== undefined) return { kind: "pinned", session: held };
  const [newest] = runningSessions(view, idleAfterMs);
  return newest === undefined ? { kind: "none" } : { kind: "running", session: newest };
}

/** The running sessions, newest activity first. */
export function runningSessions(view: StatusView, idleAfterMs: number): readonly StatusSession[] {
  return view.sessions
    .filter((session) => isRunning(session, view.time, idleAfterMs))
    .sort((a, b) => microsOf(b.last_activity) - microsOf(a.last_activity));
}
