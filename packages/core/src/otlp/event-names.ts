import type { RecordKind } from "./sink.ts";

/** What Claude Code puts before the name of an event. */
export const EVENT_PREFIX = "claude_code.";
/** The event that has a table of its own. */
export const API_REQUEST = "api_request";

/** The kinds of record that a log record can be. */
export type LogKind = Extract<RecordKind, "api_request" | "other_log">;

/** Where a log record may name its event. */
export interface EventNames {
  /** The attribute event.name. */
  readonly attribute: string | undefined;
  /** The field eventName. */
  readonly field: string | undefined;
  readonly body: string | undefined;
}

/**
 * Which table a log record goes to: by the name of its event, though a body
 * with the prefix makes it an api_request whatever the others say.
 */
export function logKind({ attribute, field, body }: EventNames): LogKind {
  if (body === EVENT_PREFIX + API_REQUEST) return "api_request";
  const name = attribute ?? nameBeside(field, body ?? "", "");
  return name !== undefined && plainName(name) === API_REQUEST ? "api_request" : "other_log";
}

/**
 * The name of an event that has no attribute event.name: a body with the prefix,
 * else the field eventName, else a body without the prefix where the scope is
 * Claude Code's or the name is api_request.
 */
export function nameBeside(
  field: string | undefined,
  body: string,
  scope: string,
): string | undefined {
  if (body.startsWith(EVENT_PREFIX)) return plainName(body);
  if (field !== undefined) return plainName(field);
  const isName = scope.startsWith(SCOPE_PREFIX) && /^[a-z][a-z0-9_.]{0,63}$/.test(body);
  return isName || body === API_REQUEST ? body : undefined;
}

/** The name of an event without the prefix. */
function plainName(name: string): string {
  return name.startsWith(EVENT_PREFIX) ? name.slice(EVENT_PREFIX.length) : name;
}

const SCOPE_PREFIX = "com.anthropic.claude_code";
