import { effective, exportedSignals, type Setting, type VariableFacts } from "../effective.ts";
import type { Check } from "../facts.ts";
import { findingsFor } from "../finding.ts";

/** Whether the headers of requests are pairs of a name and a value. What they hold is not shown. */
export const headers: Check = (facts) => {
  const { warning } = findingsFor("headers");
  return settingsOf(facts, "HEADERS").flatMap(([name, { value, origin }]) => {
    const entries = value.split(",").filter((entry) => entry.trim() !== "");
    if (entries.every((entry) => /^\s*[\w!#$%&'*+.^`|~-]+\s*=/.test(entry))) return [];
    const what = `${name} in ${origin} has an entry that is not name=value`;
    const why = "It is left out, and a receiver that wants a token refuses telemetry without it.";
    return [warning({ what, why, fix: `Write name=value,name=value in ${origin}` })];
  });
};

/** Whether requests are compressed in a way that receivers read. */
export const compression: Check = (facts) => {
  const { warning } = findingsFor("compression");
  return settingsOf(facts, "COMPRESSION").flatMap(([name, { value, origin }]) => {
    if (["gzip", "none"].includes(value.trim())) return [];
    const what = `${name} is "${value}" in ${origin}, which is neither gzip nor none`;
    const why = "Claude Code leaves it out, or sends what receivers refuse (415).";
    return [warning({ what, why, fix: `Set it to gzip in ${origin}` })];
  });
};

/** The variables of OTLP that end so, of those signals that are sent and of all. */
function settingsOf(facts: VariableFacts, ending: string): readonly (readonly [string, Setting])[] {
  const signals = exportedSignals(facts).map((signal) => `${signal}_`);
  const names = (signals.length === 0 ? [] : ["", ...signals]).map(
    (signal) => `OTEL_EXPORTER_OTLP_${signal}${ending}`,
  );
  return names.flatMap((name) => {
    const setting = effective(facts, name);
    return setting === undefined ? [] : [[name, setting] as const];
  });
}
