/** How much a finding matters: `failure` means that something is lost or wrong. */
export const levels = ["failure", "warning", "note", "ok"] as const;

export type Level = (typeof levels)[number];

/** The names of checks, words a program can test; docs/troubleshooting.md has a heading for each. */
export const checkNames = [
  "inside-claude",
  "settings",
  "managed",
  "strays",
  "names",
  "blanks",
  "switched-on",
  "exporters",
  "protocol",
  "endpoint",
  "overridden",
  "project-settings",
  "attributes",
  "headers",
  "compression",
  "shape",
  "proxy",
  "reachable",
  "permissions",
  "clock",
  "database",
  "files",
  "arriving",
  "rejected",
  "version",
  "model-overrides",
  "coverage",
  "repeats",
  "gaps",
] as const;

export type CheckName = (typeof checkNames)[number];

/** What one check found. */
export interface Finding {
  readonly check: CheckName;
  readonly level: Level;
  readonly what: string;
  /** Why it matters; undefined where all is well. */
  readonly why: string | undefined;
  /** The command or step that mends it; undefined where nothing has to be mended. */
  readonly fix: string | undefined;
  /** Of what a finding folds together, a row each: a name, how much of it, and what is to be said. */
  readonly rows?: readonly FindingRow[] | undefined;
}

/** A row of a finding that folds several things together. */
export interface FindingRow {
  readonly name: string;
  readonly amount: string;
  readonly text: string;
}

/** What a finding says that is not ok. */
export interface Trouble {
  readonly what: string;
  readonly why: string;
  readonly fix?: string;
  readonly rows?: readonly FindingRow[];
}

/** Makes the findings of a check, by level. */
export interface CheckVoice {
  readonly ok: (what: string) => Finding;
  readonly note: (trouble: Trouble) => Finding;
  readonly warning: (trouble: Trouble) => Finding;
  readonly failure: (trouble: Trouble) => Finding;
}

/** The voice of a check. */
export function voiceOf(check: CheckName): CheckVoice {
  const told =
    (level: Level) =>
    ({ what, why, fix, rows }: Trouble): Finding => ({ check, level, what, why, fix, rows });
  return {
    ok: (what) => ({ check, level: "ok", what, why: undefined, fix: undefined }),
    note: told("note"),
    warning: told("warning"),
    failure: told("failure"),
  };
}
