import { KnownError } from "@cctelemetry/core/light";

/** Tags by name, in the order they are written. Values are plain text. */
export type TagSet = ReadonlyMap<string, string>;

/** The variable that hands a run's tags to the programs in it; Claude Code passes it on, unlike its own. */
export const TAGS_VARIABLE = "CCTELEMETRY_TAGS";

/** The variable from which Claude Code reads tags. */
export const RESOURCE_VARIABLE = "OTEL_RESOURCE_ATTRIBUTES";

/** The longest name or value of a tag that Claude Code sends, in characters. */
export const MOST_CHARACTERS = 255;
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** Whether Claude Code sets an attribute of that name itself: a tag would be lost, or pose as it. */
export function isReserved(name: string): boolean {
  return reserved.has(name);
}

const reserved: ReadonlySet<string> = new Set(
  (
    "session.id user.id user.email user.account_uuid user.account_id organization.id terminal.type " +
    "app.version app.entrypoint event.name event.timestamp event.sequence prompt.id request_id model " +
    "type query_source effort speed duration_ms cost_usd agent.name agent_id skill.name tool_name " +
    "service.name service.version host.arch os.type os.version"
  ).split(" "),
);

/** The tags of a list such as `workflow_id=w,title=two%20words`; what is no pair is left out. */
export function readTags(list: string | undefined): TagSet {
  const tags = new Map<string, string>();
  for (const pair of (list ?? "").split(",")) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, Math.max(at, 0)).trim();
    if (name !== "") tags.set(name, decoded(pair.slice(at + 1).trim()));
  }
  return tags;
}

/** All of the tags; of one name the later set's. An empty value takes a tag away. */
export function mergeTags(...sets: readonly TagSet[]): TagSet {
  const merged = new Map(sets.flatMap((set) => [...set]));
  return new Map([...merged].filter(([, value]) => value !== ""));
}

/** As Claude Code reads them: anything but letters, digits and `-_.~` is percent-encoded. */
export function writeTags(tags: TagSet): string {
  return [...tags].map(([name, value]) => `${name}=${encoded(value)}`).join(",");
}

/** A tag as a person writes it, `name=value`. Throws where Claude Code would lose it. */
export function tagOf(text: string): readonly [name: string, value: string] {
  const at = text.indexOf("=");
  if (at < 1) throw refused(`--tag ${text} is not name=value.`, "Write it as --tag team=core.");
  const name = text.slice(0, at);
  checkName(name);
  return [name, checkedValue(`--tag ${name}`, text.slice(at + 1))];
}

/** The value of an option that becomes a tag. Throws where Claude Code would lose it. */
export function checkedValue(option: string, value: string): string {
  if ([...value].some((each) => each < " " || each === "\u007f")) {
    throw refused(`The value of ${option} holds a control character.`, "Leave it out.");
  }
  if (encoded(value).length > MOST_CHARACTERS) {
    throw refused(
      `The value of ${option} is longer than ${MOST_CHARACTERS} characters once encoded.`,
      "Shorten it.",
    );
  }
  return value;
}

function checkName(name: string): void {
  if (!NAME.test(name) || name.length > MOST_CHARACTERS) {
    throw refused(
      `${name} cannot be the name of a tag.`,
      "A name begins with a letter and has letters, digits, _ . and - only.",
    );
  }
  if (!isReserved(name)) return;
  throw refused(
    `${name} is an attribute of Claude Code's own, not a name for a tag.`,
    "Choose another name.",
  );
}

function encoded(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function refused(message: string, hint: string): KnownError {
  return new KnownError("bad-argument", message, { hint });
}
