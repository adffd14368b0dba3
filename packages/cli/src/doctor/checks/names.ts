import { effective, type VariableFacts } from "../effective.ts";
import type { Check } from "../facts.ts";
import { type Finding, findingsFor } from "../finding.ts";
import { type Misspelt, meantBy } from "../names.ts";

/** Variables that nobody reads, for their name is misspelt. */
export const names: Check = (facts) => {
  const { warning, failure } = findingsFor("names");
  return places(facts).flatMap(({ origin, names: set }) =>
    set.flatMap(misspelt).map(({ name, meant }): Finding => {
      const isThere = effective(facts, meant) !== undefined;
      const what = `${name} in ${origin} is no variable that Claude Code reads: ${meant} is meant`;
      const why = isThere
        ? `It has no effect; ${meant} is set as well.`
        : "It has no effect, and Claude Code does not say so.";
      return (isThere ? warning : failure)({ what, why, fix: `Rename it to ${meant}` });
    }),
  );
};

const misspelt = (name: string): readonly Misspelt[] => {
  const meant = meantBy(name);
  return meant === undefined ? [] : [{ name, meant }];
};

/** Where variables are set, each name with a value. */
function places({ env, settings }: VariableFacts) {
  const set = (from: Readonly<Record<string, string | undefined>>): readonly string[] =>
    Object.keys(from).filter((name) => (from[name] ?? "") !== "");
  return [
    ...settings.map((file) => ({ origin: file.path, names: set(file.env) })),
    { origin: "the environment of this shell", names: set(env) },
  ];
}

/** Settings about telemetry that Claude Code does not know, or has no use for. */
export const strays: Check = ({ settings }) => {
  const { failure, warning } = findingsFor("strays");
  return settings.flatMap(({ path, strays: found, oddValues }) => [
    ...found.map((name) =>
      failure({
        what: `${path} has "${name}", which Claude Code does not know`,
        why: 'Telemetry is set up by variables in the block "env" of settings, and by nothing else in them.',
        fix: "cctelemetry init writes them there",
      }),
    ),
    ...oddValues.map((name) =>
      warning({
        what: `${name} in ${path} has a value that is no text`,
        why: "A variable is a text; what Claude Code makes of a list or an object is not known.",
        fix: `Write it as "${name}": "…"`,
      }),
    ),
  ]);
};

/** Values with blanks or quotes around them, which some readers take as they are. */
export const blanks: Check = ({ env, settings }) => {
  const { warning } = findingsFor("blanks");
  return [
    ...settings.map((file) => ({ origin: file.path, set: file.env })),
    { origin: "the environment of this shell", set: env },
  ].flatMap(({ origin, set }) => {
    const found = Object.entries(set).filter(
      ([name, value]) =>
        /^(OTEL_|CLAUDE_CODE_ENABLE_TELEMETRY$)/.test(name) &&
        /^\s*[^\s]/.test(value ?? "") &&
        /^(\s.*|.*\s|".*"|'.*')$/s.test(value ?? ""),
    );
    if (found.length === 0) return [];
    const what = `${found.map(([name]) => name).join(", ")} in ${origin} ${found.length > 1 ? "have" : "has"} blanks or quotes around the value`;
    const why = "Some releases read them as part of it, and then send nothing.";
    return [warning({ what, why, fix: "Write the values without them" })];
  });
};
