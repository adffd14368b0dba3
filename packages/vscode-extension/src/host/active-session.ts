import type { StatusSession, StatusView } from "../status-view.ts";

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
  const held = view.sessions.find(({ sessionId }) => sessionId === pinned);
  if (held !== undefined) return { kind: "pinned", session: held };
  const [newest] = runningSessions(view, idleAfterMs);
  return newest === undefined ? { kind: "none" } : { kind: "running", session: newest };
}

/** The running sessions, newest activity first. */
export function runningSessions(view: StatusView, idleAfterMs: number): readonly StatusSession[] {
  return view.sessions
    .filter(({ lastActivity }) => view.now - lastActivity < idleAfterMs)
    .sort((a, b) => b.lastActivity - a.lastActivity);
}
