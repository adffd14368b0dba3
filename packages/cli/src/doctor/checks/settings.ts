import type { Check, SettingsFacts } from "../facts.ts";
import { type Finding, findingsFor } from "../finding.ts";

/** Which variables are about telemetry. */
function isTelemetryVariable(name: string): boolean {
  return name.startsWith("OTEL_") || name === "CLAUDE_CODE_ENABLE_TELEMETRY";
}

const telemetryNames = ({ env }: SettingsFacts): readonly string[] =>
  Object.keys(env).filter(isTelemetryVariable);

/** Whether the settings files can be read. */
export const settingsFiles: Check = ({ settings }) => {
  const { ok, failure } = findingsFor("settings");
  const faulty = settings.filter(({ fault }) => fault !== undefined);
  const read = settings.filter(
    ({ fault, writtenAt }) => fault === undefined && writtenAt !== undefined,
  );
  if (faulty.length === 0) return read.map(({ path }) => ok(`${path} can be read`));
  return faulty.map(({ path, fault }) =>
    failure({
      what: fault ?? "",
      why: "Claude Code leaves out what it cannot read, the variables in it included.",
      fix: `Correct ${path} by hand`,
    }),
  );
};

/** Where the shell says one thing and settings another. */
export const overridden: Check = ({ env, settings }) => {
  const { warning } = findingsFor("overridden");
  return settings
    .filter(({ kind }) => kind !== "project")
    .flatMap((file) => {
      const names = telemetryNames(file).filter(
        (name) => (env[name] || file.env[name]) !== file.env[name],
      );
      if (names.length === 0) return [];
      const tags = names.includes("OTEL_RESOURCE_ATTRIBUTES");
      return [
        warning({
          what: `${names.join(", ")} of this shell ${names.length > 1 ? "do" : "does"} not count: ${file.path} says otherwise`,
          why: tags
            ? "Settings win over the shell: tags given by the environment are lost without a message."
            : "Settings win over the shell.",
          fix: tags
            ? "cctelemetry run --stage … -- claude passes tags so that they count"
            : `Remove them from ${file.kind === "user" ? file.path : "the shell"}`,
        }),
      ];
    });
};

/** Variables of telemetry where they have no effect. */
export const projectSettings: Check = ({ settings }) => {
  const { warning } = findingsFor("project-settings");
  return settings
    .filter((file) => file.kind === "project" && telemetryNames(file).length > 0)
    .map((file) =>
      warning({
        what: `${file.path} sets ${telemetryNames(file).join(", ")}`,
        why: "Claude Code ignores telemetry variables in a project's settings; the user's and an organisation's count.",
        fix: "cctelemetry init",
      }),
    );
};

/** What an organisation has decided. */
export const managed: Check = ({ settings, platform }) => {
  const { note, warning } = findingsFor("managed");
  const findings: Finding[] = [];
  for (const file of settings.filter(({ kind }) => kind === "managed")) {
    const names = telemetryNames(file);
    if (names.length === 0) continue;
    const what = `your organisation sets ${names.join(", ")} in ${file.path}`;
    const why = "Nothing you set yourself changes that; your own endpoints are removed.";
    findings.push(note({ what, why, fix: "Ask who manages it to send a copy to this machine" }));
    if (platform === "win32" && names.includes("OTEL_RESOURCE_ATTRIBUTES")) {
      const lost = "tags in managed settings are not applied on Windows";
      findings.push(
        warning({
          what: lost,
          why: "A defect of Claude Code, seen in 2.1.235: the tags are lost.",
        }),
      );
    }
  }
  return findings;
};

/** Whether this is a shell of Claude Code's own, whose environment is not the user's. */
export const insideClaude: Check = ({ env }) => {
  if ((env["CLAUDECODE"] ?? "") === "") return [];
  return [
    findingsFor("inside-claude").note({
      what: "this runs inside Claude Code",
      why: "OTEL_ variables are not handed to the programs it starts: this shell shows none.",
      fix: "Run cctelemetry doctor in a terminal of its own",
    }),
  ];
};
