import { LONGEST_IDENTITY } from "./limits.ts";
import type { WireEvent, WireState } from "./schema.ts";

/** Longer than any name is meant to be; one record must not make a message too large to be shown. */
const MOST_CHARACTERS = 1000;

/** By these something is known again: one that is cut might be another's. */
const identities: ReadonlySet<string> = new Set(["session_id", "path"]);

/**
 * A live state, or more than that, as it is sent to another process. Long texts are cut, but not what
 * something is known by: that stays whole, and what has a longer one than a message may have is left
 * out.
 */
export function portable<State extends WireState>(state: State): State {
  return shortened({
    ...state,
    files: state.files.filter(({ path }) => isSendable(path)),
    sessions: state.sessions.filter(({ session_id }) => isSendable(session_id)),
    recent: state.recent.map(withSendableId),
  }) as State;
}

function withSendableId(event: WireEvent): WireEvent {
  const { session_id } = event;
  return session_id === null || isSendable(session_id) ? event : { ...event, session_id: null };
}

function isSendable(identity: string): boolean {
  return identity.length <= LONGEST_IDENTITY;
}

/** The shape stays as it is: only texts are replaced, by texts. */
function shortened(data: unknown): unknown {
  if (typeof data === "string") return shortText(data);
  if (Array.isArray(data)) return data.map(shortened);
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      identities.has(name) ? value : shortened(value),
    ]),
  );
}

/** The cut ends in an ellipsis, and never within a character. */
function shortText(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const halved = (text.charCodeAt(MOST_CHARACTERS - 1) & 0xfc00) === 0xd800;
  return `${text.slice(0, halved ? MOST_CHARACTERS - 1 : MOST_CHARACTERS)}…`;
}
