import { compactCount, counted, defectsOf, type SeenCause } from "@cctelemetry/core";
import type { Check } from "../facts.ts";
import { type Finding, type FindingText, findingsFor } from "../finding.ts";

/**
 * Versions with known defects: the one that would be started, and those that sent telemetry. The
 * latter cannot be mended any more: they are one finding, a row each.
 */
export const versions: Check = ({ claude, store }) => {
  const { ok, note, warning } = findingsFor("version");
  const findings: Finding[] = [];
  const seen = store.kind === "read" ? store.health.versions : [];
  const sessionsOf = new Map(seen.map((each) => [each.version, shortly(each.sessions, "session")]));
  if (claude === undefined) {
    const why = "It is not in PATH here; its version is not known.";
    findings.push(note({ what: "no claude was found", why }));
  } else if (claude.version !== undefined) {
    const { version, path } = claude;
    const where = `${path}${sessionsOf.has(version) ? "" : ", none seen yet"}`;
    const known = effectsOf(version);
    const what = `Claude Code ${version} has known defects of telemetry (${where})`;
    const why = `It ${known.join("; ")}.`;
    findings.push(
      known.length === 0
        ? ok(`Claude Code ${version} has no known defect of telemetry (${where})`)
        : warning({ what, why, fix: "claude update" }),
    );
  }
  const others = [...sessionsOf].filter(([version]) => version !== claude?.version);
  const rows = others.flatMap(([version, sessions]) => {
    const known = effectsOf(version);
    const text = `${known.join("; ")}.`;
    return known.length === 0 ? [] : [{ name: version, amount: sessions, text }];
  });
  if (rows.length > 0) {
    const why =
      rows.length > MOST_ROWS
        ? `What they sent is as it is; the first ${MOST_ROWS}:`
        : "What they sent is as it is:";
    const what = `${shortly(rows.length, "release")} of Claude Code with known defects of telemetry sent some`;
    findings.push(note({ what, why, rows: rows.slice(0, MOST_ROWS) }));
  }
  const sound = others.filter(([version]) => effectsOf(version).length === 0);
  if (sound.length > 0) {
    const names = sound
      .slice(0, MOST_ROWS)
      .map(([version, sessions]) => `${version} (${sessions})`);
    const more = sound.length > MOST_ROWS ? ", …" : "";
    findings.push(ok(`no known defect of telemetry in Claude Code ${names.join(", ")}${more}`));
  }
  return findings;
};

/** What the defects of a release do that a later one is without. */
function effectsOf(version: string): readonly string[] {
  return defectsOf(version)
    .filter(({ fixedIn }) => fixedIn !== undefined)
    .map(({ effect, condition }) =>
      condition === undefined ? effect : `${effect} (where ${condition})`,
    );
}

/** Releases that are named; telemetry may name any number of them. */
const MOST_ROWS = 20;

const shortly = (count: number, noun: string): string => counted(count, noun, compactCount);

/** What each likely cause of the `coverage` view means. */
const causes: Readonly<Record<string, (seenCause: SeenCause) => Omit<FindingText, "what">>> = {
  "suspected repeats": () => ({
    why: "Requests or points of metrics look like others that came by another route, and have no id that would say so. All of them count: totals may be too high.",
    fix: "Send, or import, each session's telemetry by one route only",
  }),
  "metrics of unclear kind": () => ({
    why: "Metrics came as gauges, summaries, without their temporality or under another name. They count for what they come to at least.",
    fix: 'cctelemetry query "FROM uncounted_metrics"',
  }),
  "other events count": () => ({
    why: "Metrics lack session or user ids that events have, or the other way round. Events of the same time are assumed to be the same usage, and count.",
    fix: 'cctelemetry query "FROM uncounted_metrics"',
  }),
  "no metrics": () => ({
    why: "They were killed before metrics went out, or the receiver was down, or metrics are not exported. Usage is counted from events; nothing is missing in reports.",
    fix: "OTEL_METRIC_EXPORT_INTERVAL=10000, as cctelemetry init sets it, keeps the gap small",
  }),
  "no events": () => ({
    why: "Events are not exported, or were lost. Tokens and cost are counted from metrics: there is no request, stage or tool.",
    fix: "cctelemetry init sets OTEL_LOGS_EXPORTER=otlp",
  }),
  "events lost": () => ({
    why: "Metrics, or gaps in the numbers of events, show that some events never arrived: the receiver was down for a while, or the session was killed. Reports show too little.",
    fix: "cctelemetry collect --background, before claude is started",
  }),
  "metrics late or lost": () => ({
    why: "Events report more than metrics do: the session is still running or was killed, or the receiver was down. Usage is counted from events; nothing is missing in reports.",
  }),
  "broken attempt": () => ({
    why: "An answer was cut off and requested again; only events or only metrics have the tokens of the broken attempt. The cost is right.",
  }),
  "requests without a price": () => ({
    why: "A gateway, or another program, sends no cost: reports show too little money. Their footers say what the list price, and the metrics, make of it.",
    fix: 'cctelemetry query "FROM list_costs WHERE cost_usd IS NULL"',
  }),
  "costs differ": () => ({
    why: "Both report the same tokens at different costs: something between Claude Code and here changed one of them. Reports show the cost of the events.",
  }),
  "metrics without cost": () => ({
    why: "The metric claude_code.cost.usage does not arrive: a Collector may leave it out. Cost is counted from events; nothing is missing in reports.",
  }),
  "requests without usage": ({ versions: seen }) => ({
    why: `Claude Code ${seen.join(", ")} reports requests it had to repeat with 0 tokens: totals are too low.`,
    fix: "claude update",
  }),
};

/** Where events and metrics differ, and why. */
export const coverage: Check = ({ store }) => {
  const { ok, note, warning } = findingsFor("coverage");
  if (store.kind !== "read") return [];
  const { causes: seen, versions: any } = store.health;
  if (seen.length === 0) {
    return any.length === 0 ? [] : [ok("events and metrics agree in every session")];
  }
  return seen.map((seenCause) => {
    const { why, fix } = causes[seenCause.cause]?.(seenCause) ?? {
      why: "Events and metrics differ.",
    };
    const difference =
      seenCause.tokens > 0 ? `, ${compactCount(seenCause.tokens)} tokens apart` : "";
    const what = `${shortly(seenCause.sessions, "session")}: ${seenCause.cause}${difference}`;
    const command = `cctelemetry report coverage${seenCause.session === undefined ? "" : ` --session ${seenCause.session}`}`;
    const harmless = [
      "metrics late or lost",
      "broken attempt",
      "other events count",
      "metrics without cost",
    ].includes(seenCause.cause);
    return (harmless ? note : warning)({ what, why, fix: fix ?? command });
  });
};

/** How many names of what records differ in are shown. */
const MOST_NAMES = 6;

/** Requests that came by more than one route. */
export const repeats: Check = ({ store }) => {
  const { note } = findingsFor("repeats");
  if (store.kind !== "read" || store.health.repeats.records === 0) return [];
  const { requests, differsIn } = store.health.repeats;
  const shown = differsIn.slice(0, MOST_NAMES).join(", ");
  const more = differsIn.length > MOST_NAMES ? ` and ${differsIn.length - MOST_NAMES} more` : "";
  const differ = shown === "" ? "" : ` Their records differ in ${shown}${more}.`;
  return [
    note({
      what: `${shortly(requests, "request")} came by more than one route, and ${requests === 1 ? "counts" : "count"} once`,
      why: `Records of one request_id are one request.${differ}`,
      fix: 'cctelemetry query "FROM repeated_requests"',
    }),
  ];
};

/** Sessions whose telemetry stopped, or is known to leave something out. */
export const gaps: Check = ({ store }) => {
  const { note, warning } = findingsFor("gaps");
  if (store.kind !== "read") return [];
  const { silentSessions, autoSessions, otherServices } = store.health;
  const findings: Finding[] = [];
  if (silentSessions > 0) {
    const what = `${shortly(silentSessions, "session")} ran tools and reported no request`;
    const why =
      "A known defect (claude-code issue 92776): usage is no longer reported from some point of a session on.";
    findings.push(warning({ what, why, fix: "Compare with /cost in Claude Code; claude update" }));
  }
  if (autoSessions > 0) {
    const what = `${shortly(autoSessions, "session")} ran in permission mode auto`;
    const why =
      "Its safety checks are billed and not in the telemetry (claude-code issue 86375): up to a third more.";
    findings.push(note({ what, why }));
  }
  if (otherServices.length > 0) {
    const what = `other programs send here, too: ${otherServices.slice(0, 5).join(", ")}`;
    const why =
      "Claude Code before 2.1.128 hands its variables to what it starts. service_name distinguishes them.";
    findings.push(note({ what, why }));
  }
  return findings;
};
