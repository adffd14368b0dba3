import { recordTables } from "../model/columns.ts";
import { API_REQUEST, EVENT_PREFIX, isAnotherProgram, logKind } from "../otlp/event-names.ts";
import type { Session } from "./session.ts";
import { STORE, storedName } from "./statements.ts";

const { api_request_logs: requests, other_logs: others } = recordTables;
const REQUESTS = storedName(requests);

/** What says whose request a record is, as a JSON array: body, event.name, eventName, scope, service. */
const WHOSE = `CAST(json_array(
  request.body,
  request.attributes ->> '$."event.name"',
  request.other_fields ->> '$.eventName',
  scope.name,
  request.service_name
) AS VARCHAR)`;
const FROM = `${REQUESTS} AS request LEFT JOIN ${STORE}.base.scopes AS scope USING (scope_id)`;

/** Moves requests of other programs than Claude Code to the other events, as they are stored today. */
export async function moveRequestsOfOthers(session: Session): Promise<void> {
  const rows = await session.rows(
    `SELECT DISTINCT ${WHOSE} AS whose FROM ${FROM} WHERE request.body IS DISTINCT FROM $body`,
    { body: EVENT_PREFIX + API_REQUEST },
  );
  const whose = rows.map((row) => String(row["whose"])).filter(isAnothers);
  if (whose.length === 0) return;
  await session.run(
    `INSERT INTO ${storedName(others)} (${shared.join(", ")}, attributes)
     SELECT ${shared.map((name) => `request.${name}`).join(", ")}, ${ATTRIBUTES}
     FROM ${FROM} WHERE ${WHOSE} IN (SELECT unnest($whose))`,
    { whose },
  );
  await session.run(
    `DELETE FROM ${REQUESTS} WHERE record_id IN (
       SELECT record_id FROM ${FROM} WHERE ${WHOSE} IN (SELECT unnest($whose)))`,
    { whose },
  );
}

const ofOthers = new Set(others.columns.map(({ name }) => name));
/** The columns that both have; the attributes are put together from several. */
const shared = requests.columns
  .map(({ name }) => name)
  .filter((name) => ofOthers.has(name) && name !== "attributes");

/** The attribute cost_usd, of which a cost from millionths says nothing. */
const SENT_COST = `CASE WHEN request.cost_from_micros IS NULL THEN coalesce(
  request.cost_usd_exact,
  CAST(CAST(request.cost_nano_usd AS DECIMAL(18, 0)) * 0.000000001 AS DOUBLE)
) END`;

/** What has a column among the requests only is an attribute among the other events. */
const ATTRIBUTES = `json_merge_patch(coalesce(request.attributes, '{}'), json_object(${requests.columns
  .flatMap(({ name, attribute }) =>
    attribute === undefined || ofOthers.has(name) ? [] : [`'${attribute}', ${sentValue(name)}`],
  )
  .join(", ")}))`;

function sentValue(name: string): string {
  return name === "cost_nano_usd" ? SENT_COST : `request.${name}`;
}

function isAnothers(whose: string): boolean {
  const parts: unknown = JSON.parse(whose);
  const [body, attribute, field, scope = "", service = ""] = Array.isArray(parts)
    ? parts.map((part: unknown) => (typeof part === "string" ? part : undefined))
    : [];
  // Where neither is kept as text, the attribute was the bare name.
  const names = {
    body,
    field,
    attribute: attribute ?? (field === undefined ? API_REQUEST : field),
  };
  return logKind(names, () => isAnotherProgram(scope, service)) === "other_log";
}
