import { escapeUnsafe, type SheetColumn, type SheetRow } from "@cctelemetry/core/light";
import { type Finding, type FindingRow, type Level, levels } from "./finding.ts";

/** The columns of findings as rows. */
export const findingColumns: readonly SheetColumn[] = [
  { name: "check", type: "VARCHAR" },
  { name: "level", type: "VARCHAR" },
  { name: "what", type: "VARCHAR", overflow: "wrap" },
  { name: "why", type: "VARCHAR", overflow: "wrap" },
  { name: "fix", type: "VARCHAR", overflow: "wrap" },
];

/** Findings as rows, in their order. */
export function findingRows(findings: readonly Finding[]): readonly SheetRow[] {
  return findings.map(({ check, level, what, why, fix, rows = [] }) => {
    const details = rows.map(({ name, amount, text }) => `${name} (${amount}): ${text}`);
    return [
      check,
      level,
      what,
      why === undefined ? null : [why, ...details].join(" "),
      fix ?? null,
    ];
  });
}

/** How each level is painted, and what is quiet. */
export interface FindingPaint {
  readonly level: Readonly<Record<Level, (text: string) => string>>;
  readonly quiet: (text: string) => string;
  readonly strong: (text: string) => string;
}

const signs: Readonly<Record<Level, string>> = { failure: "✗", warning: "!", note: "·", ok: "✓" };

/** Findings as a list, at most `width` columns wide: failures first, what is well last and short. */
export function findingsText(
  findings: readonly Finding[],
  width: number,
  paint: FindingPaint,
): string {
  const parts = levels.map((level) =>
    findings
      .filter((finding) => finding.level === level)
      .map((finding) => findingText(finding, width, paint))
      .join(level === "ok" ? "" : "\n"),
  );
  return [...parts.filter((part) => part !== ""), summary(findings)].join("\n");
}

function findingText(
  { level, what, why, fix, rows = [] }: Finding,
  width: number,
  paint: FindingPaint,
): string {
  const sign = paint.level[level](signs[level]);
  const [first = "", ...rest] = wrapped(what, width - 2);
  const lines = [
    `${sign} ${level === "ok" ? first : paint.strong(first)}`,
    ...rest.map((line) => `  ${level === "ok" ? line : paint.strong(line)}`),
    ...(why === undefined ? [] : wrapped(why, width - 4).map((line) => `    ${paint.quiet(line)}`)),
    ...rowLines(rows, width - 4).map((line) => `    ${paint.quiet(line)}`),
    // A command is copied: it stays on one line.
    ...(fix === undefined ? [] : [`    → ${escapeUnsafe(fix)}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Rows in columns; long texts go on below their beginning. */
function rowLines(rows: readonly FindingRow[], width: number): readonly string[] {
  const cells = rows.map(({ name, amount, text }) => ({
    head: [escapeUnsafe(name), escapeUnsafe(amount)] as const,
    text,
  }));
  const widest = (at: 0 | 1): number => Math.max(0, ...cells.map(({ head }) => head[at].length));
  const [names, amounts] = [widest(0), widest(1)];
  const indent = names + amounts + 4;
  return cells.flatMap(({ head, text }) => {
    const [first = "", ...rest] = wrapped(text, width - indent);
    const start = `${head[0].padEnd(names)}  ${head[1].padStart(amounts)}  `;
    return [`${start}${first}`, ...rest.map((line) => `${" ".repeat(indent)}${line}`)];
  });
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of escapeUnsafe(text).split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > Math.max(20, width)) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function summary(findings: readonly Finding[]): string {
  const parts = levels.flatMap((level) => {
    const count = findings.filter((finding) => finding.level === level).length;
    const word = level === "ok" || count === 1 ? level : `${level}s`;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return `${parts.join(" · ")}\n`;
}

/** What a run of the checks comes to, in a sentence; undefined if nothing failed. */
export function failureSentence(findings: readonly Finding[]): string | undefined {
  const failures = findings.filter(({ level }) => level === "failure");
  const [first] = failures;
  if (first === undefined) return undefined;
  const more = failures.length === 1 ? "" : ` and ${failures.length - 1} more`;
  return `Telemetry is not right: ${first.what}${more}.`;
}
