import type { StoreStatus } from "@cctelemetry/core";
import { compactBytes, compactDuration } from "@cctelemetry/core/light";
import type { Check } from "../facts.ts";
import { type Finding, findingsFor } from "../finding.ts";

/** What is written now may be a moment ahead of what is stored. */
const MOMENT_MS = 60_000;

/** Whether what the database was filled from is still followed. */
export const cursors: Check = ({ now, store, folder }) => {
  if (store.kind !== "read") return [];
  const { files } = store.status;
  const known = new Set(files.map(({ stored }) => String(stored["path"])));
  const unread = folder.files
    .filter(
      ({ path, readable, sizeBytes, writtenAt }) =>
        readable && sizeBytes > 0 && !known.has(path) && now - writtenAt > MOMENT_MS,
    )
    .map(({ path }) =>
      finding.warning({
        what: `${path} was never read`,
        why: "What is not read is in no report.",
        fix: `cctelemetry import "${folder.path}"`,
      }),
    );
  const findings = [...files.flatMap(cursorFinding), ...unread];
  const allRead = findings.length === 0 && files.length > 0;
  const count = files.length === 1 ? "1 file" : `${files.length} files`;
  return allRead ? [finding.ok(`${count} read to the end`)] : findings;
};

const finding = findingsFor("files");

type FileStatus = StoreStatus["files"][number];

/** What is the matter with a file that was read; nothing if it is as it was, or gone. */
function cursorFinding({ stored, now: state }: FileStatus): readonly Finding[] {
  const path = String(stored["path"]);
  const reads = `cctelemetry import "${path}"`;
  if (state.state === "behind") {
    const lag = state.lagBytes === undefined ? "Lines" : compactBytes(state.lagBytes);
    const why = "No report has them yet. watch and the extension read a file as it grows.";
    return [finding.note({ what: `${lag} of ${path} not imported yet`, why, fix: reads })];
  }
  if (state.state === "another file") {
    const why = "It was rotated away or replaced; the file that is there now was not read.";
    return [finding.warning({ what: `${path} was replaced after it was read`, why, fix: reads })];
  }
  if (["up to date", "gone", "standard input"].includes(state.state)) return [];
  return [
    finding.failure({
      what: `${path} cannot be read: ${state.reason ?? state.state}`,
      why: "Nothing of what comes there reaches the database.",
      fix: `Make it readable for this user, then ${reads}`,
    }),
  ];
}

/** Whether telemetry can be written and is for the user's eyes alone. */
export const permissions: Check = ({ folder, platform }) => {
  const { ok, warning, failure } = findingsFor("permissions");
  if (folder.fault !== undefined) {
    const why = "collect could not keep what arrives.";
    return [failure({ what: folder.fault, why, fix: `Make ${folder.path} yours and writable` })];
  }
  const findings: Finding[] = folder.files
    .filter(({ readable }) => !readable)
    .map(({ path }) =>
      failure({
        what: `${path} may not be read by this user`,
        why: "A Collector that runs as another user writes it; nothing of it reaches the database.",
        fix: "cctelemetry init --collector writes a compose file that runs it as you",
      }),
    );
  const open = folder.files.filter((file) => file.open).map(({ path }) => path);
  if (open.length > 0 && platform !== "win32") {
    const what = `others may read ${open.slice(0, 3).join(", ")}${open.length > 3 ? " …" : ""}`;
    const why = "Telemetry shows what you work on, and when.";
    findings.push(warning({ what, why, fix: `chmod 700 "${folder.path}"` }));
  }
  return findings.length > 0 ? findings : [ok(`${folder.path} can be written to`)];
};

/** Whether the clocks of this machine and of what was received agree. */
export const clock: Check = ({ now, store, folder }) => {
  const { ok, warning, failure } = findingsFor("clock");
  if (now < Date.UTC(2025, 0, 1)) {
    const why = "Telemetry is ordered by time: reports by day, and budgets, are wrong.";
    const what = `the clock of this machine says ${new Date(now).toISOString().slice(0, 10)}`;
    return [failure({ what, why, fix: "Set the clock" })];
  }
  const ahead = Math.max(0, ...folder.files.map(({ writtenAt }) => writtenAt - now));
  const { early, late } = store.kind === "read" ? store.status.oddTimes : { early: 0, late: 0 };
  const findings: Finding[] = [];
  if (late > 0 || ahead > MOMENT_MS) {
    const what =
      late > 0
        ? `${recordsSay(late)} made later than now`
        : `a file was written ${compactDuration(ahead)} from now`;
    const why = `The clock of this machine, or of the one that sent them, is or was wrong.${late > 0 ? " Reports show those records at the time they give; --until today leaves them out." : ""}`;
    findings.push(warning({ what, why, fix: "Set the clock by the network (NTP)" }));
  }
  if (early > 0) {
    const what = `${recordsSay(early)} made before 2020, most likely in 1970`;
    const why =
      "They came without a time that can be right. Reports over all time count them; with --last or --since they are left out.";
    const fix = `Let the sender set timeUnixNano; see who it is: cctelemetry query "SELECT event_name, service_name, session_id FROM log_records WHERE time < '2020-01-01'"`;
    findings.push(warning({ what, why, fix }));
  }
  return findings.length > 0 ? findings : [ok("no telemetry is ahead of the clock")];
};

const recordsSay = (count: number): string =>
  count === 1 ? "1 record says it was" : `${count} records say they were`;
