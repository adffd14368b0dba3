import type { RecordKind } from "./sink.ts";

/** What Claude Code puts before the name of an event. */
export const EVENT_PREFIX = "claude_code.";
/** The event that has a table of its own. */
export const API_REQUEST = "api_request";

/** The kinds of record that a log record can be. */
export type LogKind = Extract<RecordKind, "api_request" | "other_log">;

/** What an attribute event.name makes of a record: claude_request where it has the prefix, too. */
export type NamedKind = LogKind | "claude_request";

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
 * with the prefix makes it an api_request whatever the others say. An
 * api_request of another program is an event as any other: `isAnothers` says so
 * of its resource and scope.
 */
export function logKind(names: EventNames, isAnothers: () => boolean): LogKind {
  const { attribute, field, body } = names;
  if (body === EVENT_PREFIX + API_REQUEST) return "api_request";
  const name = attribute ?? nameBeside(field, body ?? "", "");
  if (name === undefined || plainName(name) !== API_REQUEST) return "other_log";
  const sent = [attribute, field, body].filter((each) => each !== undefined);
  if (sent.some((each) => each.startsWith(EVENT_PREFIX))) return "api_request";
  if (sent.some(isNameOfAnother)) return "other_log";
  return isAnothers() ? "other_log" : "api_request";
}

/**
 * Whether the scope and service of a record are those of another program. A service may have any
 * name (OTEL_SERVICE_NAME) and a gateway may drop the scope or put in its own: only the two together
 * are evidence, where they name one program, or the name of a program that is known to send such events.
 */
export function isAnotherProgram(scope: string, service: string): boolean {
  const [inScope, inService] = [wordsOf(scope), wordsOf(service)];
  if ([...inScope, ...inService].some(isOfClaude)) return false;
  if ([...inScope, ...inService].some((word) => otherPrograms.has(word))) return true;
  const own = inService.join("");
  return own.length >= SHORTEST_NAME && inScope.join("").includes(own);
}

/** Programs other than Claude Code that send events of requests to models. */
const otherPrograms: ReadonlySet<string> = new Set([
  "aider",
  "codex",
  "copilot",
  "cursor",
  "gemini",
  "kilocode",
  "opencode",
  "qwen",
  "roocode",
]);
/** A shorter name may be part of another word. */
const SHORTEST_NAME = 4;

function isOfClaude(word: string): boolean {
  return word.includes("claude") || word.includes("anthropic");
}

/** Whether this is `<program>.api_request`, of a program that is not Claude's. */
function isNameOfAnother(name: string): boolean {
  const found = /^([\w.-]{1,60})\.api_request$/.exec(name);
  return found !== null && !isOfClaude((found[1] ?? "").toLowerCase());
}

function wordsOf(text: string): readonly string[] {
  return text
    .slice(0, 200)
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
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
