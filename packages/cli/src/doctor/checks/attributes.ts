import { effective } from "../effective.ts";
import type { Check } from "../facts.ts";
import { type Finding, voiceOf } from "../finding.ts";

const NAME = "OTEL_RESOURCE_ATTRIBUTES";

/** With more of them Claude Code sends no metrics at all. */
const MOST = 12;

const LONGEST = 255;

/** Keys that Claude Code sets itself; where an event has none of its own, ours would be taken for it. */
const taken = new Set(["model", "type", "session.id", "user.id", "event.name", "query_source"]);

/** Whether the tags of telemetry arrive as they were meant. */
export const attributes: Check = (facts) => {
  const { ok, warning, failure } = voiceOf("attributes");
  const setting = effective(facts, NAME);
  if (setting === undefined) return [];
  const { origin } = setting;
  const entries = setting.value.split(",").filter((entry) => entry.trim() !== "");
  const pairs = entries.map((entry) => ({
    key: (entry.split("=")[0] ?? "").trim(),
    value: entry.includes("=") ? entry.slice(entry.indexOf("=") + 1).trim() : undefined,
  }));
  const named = (wrong: typeof pairs): string => wrong.map(({ key }) => key).join(", ");
  const findings: Finding[] = [];
  if (entries.length > MOST) {
    const what = `${NAME} has ${entries.length} entries in ${origin}`;
    const why = `With more than ${MOST} Claude Code sends no metrics at all.`;
    findings.push(failure({ what, why, fix: `Keep ${MOST} of them` }));
  }
  const complain = (what: string, why: string, fix: string, wrong: typeof pairs) => {
    if (wrong.length > 0) {
      findings.push(warning({ what: `tags ${what} in ${origin}: ${named(wrong)}`, why, fix }));
    }
  };
  complain(
    "with a character that is not allowed",
    "Spaces, quotes, semicolons, backslashes and letters beyond ASCII are lost or drop the tag.",
    "Write %20 for a space and so on, or let cctelemetry run do it",
    pairs.filter(({ key, value = "" }) => /[^\x21-\x7e]|["\\;]/.test(key + value)),
  );
  complain(
    "without a value",
    "A pair without = is dropped.",
    `Write key=value in ${NAME}`,
    pairs.filter(({ key, value }) => value === undefined || key === ""),
  );
  complain(
    "with names that Claude Code uses itself",
    "Where an event has no such attribute of its own, the tag is taken for it.",
    "Give them other names",
    pairs.filter(({ key }) => taken.has(key)),
  );
  complain(
    `longer than ${LONGEST} characters`,
    "They are refused.",
    "Shorten them",
    pairs.filter(({ key, value = "" }) => key.length > LONGEST || value.length > LONGEST),
  );
  return findings.length > 0 ? findings : [ok(`${entries.length} tags, all well formed`)];
};
