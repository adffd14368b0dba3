import { isReserved, MOST_CHARACTERS, RESOURCE_VARIABLE } from "../../run/tags.ts";
import { effective } from "../effective.ts";
import type { Check } from "../facts.ts";
import { type Finding, findingsFor } from "../finding.ts";

/** One tag; without a value where there is no `=`. */
interface Tag {
  readonly key: string;
  readonly value: string | undefined;
}

/** What can be wrong with a tag. */
const faults: readonly {
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  readonly has: (tag: Tag) => boolean;
}[] = [
  {
    what: "with a character that is not allowed",
    why: "Spaces, quotes, semicolons, backslashes and letters beyond ASCII are lost or drop the tag.",
    fix: "Write %20 for a space and so on, or let cctelemetry run do it",
    has: ({ key, value = "" }) => /[^\x21-\x7e]|["\\;]/.test(key + value),
  },
  {
    what: "without a value",
    why: "A pair without = is dropped.",
    fix: `Write key=value in ${RESOURCE_VARIABLE}`,
    has: ({ value }) => value === undefined,
  },
  {
    what: "without a name",
    why: "They are dropped.",
    fix: `Write key=value in ${RESOURCE_VARIABLE}`,
    has: ({ key, value }) => key === "" && value !== undefined,
  },
  {
    what: "with names that Claude Code uses itself",
    why: "Its own attribute wins; if an event has none, the tag is used instead.",
    fix: "Give them other names",
    has: ({ key }) => isReserved(key),
  },
  {
    what: `longer than ${MOST_CHARACTERS} characters`,
    why: "They are refused.",
    fix: "Shorten them",
    has: ({ key, value = "" }) => key.length > MOST_CHARACTERS || value.length > MOST_CHARACTERS,
  },
];

/** Whether the tags of telemetry arrive as they were meant. */
export const attributes: Check = (facts) => {
  const { ok, warning } = findingsFor("attributes");
  const setting = effective(facts, RESOURCE_VARIABLE);
  if (setting === undefined) return [];
  const { origin } = setting;
  const tags = tagsOf(setting.value);
  const findings: Finding[] = faults.flatMap(({ what, why, fix, has }) => {
    const keys = tags.filter(has).map(({ key, value }) => key || `=${value}`);
    const sentence = `tags ${what} in ${origin}: ${keys.join(", ")}`;
    return keys.length === 0 ? [] : [warning({ what: sentence, why, fix })];
  });
  return findings.length > 0 ? findings : [ok(`${tags.length} tags, all well formed`)];
};

function tagsOf(list: string): readonly Tag[] {
  const entries = list.split(",").filter((entry) => entry.trim() !== "");
  return entries.map((entry) => {
    const [key = "", ...rest] = entry.split("=");
    return { key: key.trim(), value: rest.length === 0 ? undefined : rest.join("=").trim() };
  });
}
