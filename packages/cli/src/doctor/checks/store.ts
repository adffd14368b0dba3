import { compactDuration } from "@cctelemetry/core/light";
import { conditionText } from "../../status/facts.ts";
import { effective, isOn } from "../effective.ts";
import type { Check, DoctorFacts } from "../facts.ts";
import { findingsFor } from "../finding.ts";

/** Whether the database can be asked and added to. */
export const database: Check = ({ store }) => {
  const { ok, note, warning, failure } = findingsFor("database");
  if (store.kind === "missing") {
    const why = "watch, import and the extension make it when the first telemetry is read.";
    return [
      note({ what: `there is no database yet at ${store.path}`, why, fix: "cctelemetry watch" }),
    ];
  }
  if (store.kind === "failed") {
    const why = "No report can be made.";
    return [
      failure({
        what: store.message,
        why,
        ...(store.hint === undefined ? {} : { fix: store.hint }),
      }),
    ];
  }
  const { database: state } = store.status;
  if (state.condition === "ok") return [ok(`${state.path} can be read and written`)];
  const full = state.condition === "disk full";
  const why = full
    ? "Nothing new can be stored; telemetry files may be cut, too."
    : "It will stop growing, or has.";
  const fix =
    state.condition === "read-only"
      ? `Make ${state.path} and its folder writable`
      : "Make room on its disk";
  return [(full ? failure : warning)({ what: `the database: ${conditionText(state)}`, why, fix })];
};

/** Claude Code writes its transcript while it works; telemetry follows within a minute. */
const GRACE_MS = 120_000;

/** Whether telemetry arrives when Claude Code runs. */
export const arriving: Check = (facts) => {
  const { ok, note, warning } = findingsFor("arriving");
  const { now, lastTranscript } = facts;
  const newest = newestTelemetry(facts);
  if (newest !== undefined && (lastTranscript ?? 0) <= newest + GRACE_MS) {
    return [ok(`the newest telemetry is ${ago(now - newest)} old`)];
  }
  const setUp = Math.max(0, ...facts.settings.map(({ writtenAt }) => writtenAt ?? 0));
  if (lastTranscript === undefined || lastTranscript < setUp + GRACE_MS) {
    const why = "Claude Code has not run since its settings were written.";
    return newest === undefined
      ? [note({ what: "no telemetry has arrived yet", why, fix: "Start claude and send a prompt" })]
      : [ok(`the newest telemetry is ${ago(now - newest)} old; Claude Code has not run since`)];
  }
  if (!isOn(effective(facts, "CLAUDE_CODE_ENABLE_TELEMETRY"))) return [];
  const telemetry =
    newest === undefined ? "there is none" : `the newest is ${ago(now - newest)} old`;
  return [
    warning({
      what: `Claude Code ran ${ago(now - lastTranscript)} ago and sent no telemetry: ${telemetry}`,
      why: "It reads its settings when it starts; a session that ran on does not know them yet. An organisation's settings may come from its server, too: /status in Claude Code names them.",
      fix: "Restart claude; CLAUDE_CODE_OTEL_DIAG_STDERR=1 claude shows errors of sending",
    }),
  ];
};

/** Marks of stages lie there, too, and are our own. */
const MARKS = /[\\/]stages\.jsonl$/;

function newestTelemetry({ store, folder }: DoctorFacts): number | undefined {
  const last = store.kind === "read" ? store.health.lastTime : undefined;
  const times = [
    ...(last === undefined ? [] : [last / 1000]),
    ...folder.files
      .filter(({ path, sizeBytes }) => sizeBytes > 0 && !MARKS.test(path))
      .map(({ writtenAt }) => writtenAt),
  ];
  return times.length === 0 ? undefined : Math.max(...times);
}

const ago = (ms: number): string => compactDuration(Math.max(0, ms));

/** Lines that could not be read. */
export const rejected: Check = ({ store }) => {
  const count = store.kind === "read" ? store.health.rejectedLines : 0;
  if (count === 0) return [];
  return [
    findingsFor("rejected").warning({
      what: `${count} ${count === 1 ? "line was" : "lines were"} rejected`,
      why: "They are kept aside, and counted nowhere.",
      fix: 'cctelemetry query "FROM rejected_lines"',
    }),
  ];
};
