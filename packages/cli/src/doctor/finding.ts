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
  /** Why it matters; undefined if all is well. */
  readonly why: string | undefined;
  /** The command or step that fixes it; undefined if there is nothing to fix. */
  readonly fix: string | undefined;
  /** A row for each thing that the finding sums up. */
  readonly rows?: readonly FindingRow[] | undefined;
}

/** A row of a finding that sums up several things: a name, an amount, and a sentence. */
export interface FindingRow {
  readonly name: string;
  readonly amount: string;
  readonly text: string;
}

/** The texts of a finding that is not ok. */
export interface FindingText {
  readonly what: string;
  readonly why: string;
  readonly fix?: string;
  readonly rows?: readonly FindingRow[];
}

/** Functions that make the findings of one check, by level. */
export interface FindingsOfCheck {
  readonly ok: (what: string) => Finding;
  readonly note: (text: FindingText) => Finding;
  readonly warning: (text: FindingText) => Finding;
  readonly failure: (text: FindingText) => Finding;
}

/** Functions that make the findings of a check. */
export function findingsFor(check: CheckName): FindingsOfCheck {
  const atLevel =
    (level: Level) =>
    ({ what, why, fix, rows }: FindingText): Finding => ({ check, level, what, why, fix, rows });
  return {
    ok: (what) => ({ check, level: "ok", what, why: undefined, fix: undefined }),
    note: atLevel("note"),
    warning: atLevel("warning"),
    failure: atLevel("failure"),
  };
}
