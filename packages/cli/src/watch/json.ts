import type { WireState } from "@cctelemetry/core";
import { formats, type Value } from "@cctelemetry/core/light";
import type { WireSession } from "@cctelemetry/core/meter";

type Fields = Readonly<Record<string, Value>>;

/** What only the faces need. */
const unpublished: ReadonlySet<string> = new Set([
  "ready",
  "hint",
  "unpriced_requests_of_rate",
  "kind",
  "subject",
]);

/** The live state as one line of JSON: names as in the views, numbers exact, times in UTC. */
export function viewJson(state: WireState): string {
  const { store, today, sessions, recent } = state;
  const fields = published({
    ...state,
    store: published(store),
    today: published(today),
    sessions: sessions.map(sessionFields),
    recent: recent.map(published),
  });
  const columns = Object.keys(fields).map((name) => ({ name, type: "VARCHAR" }));
  return formats.jsonl(columns).rows([Object.values(fields)]);
}

/** One session: names as in the view `sessions`. */
export function sessionFields(session: WireSession): Fields {
  return published(session);
}

function published(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !unpublished.has(name)));
}
