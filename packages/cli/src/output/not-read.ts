import type { NotRead } from "@cctelemetry/core";
import { counted, escapeUnsafe } from "@cctelemetry/core/light";

/** How many reasons are listed, the most frequent first; the others are counted together. */
const MOST_REASONS = 8;

/** Why lines were not read, as notes for people: how many, what they are, and what to do. */
export function notReadNotes(notRead: readonly NotRead[], dryRun: boolean): readonly string[] {
  const notes = notRead.slice(0, MOST_REASONS).map(noteOf);
  const rest = notRead.slice(MOST_REASONS).reduce((sum, { lines }) => sum + lines, 0);
  if (rest > 0) notes.push(`${counted(rest, "line")} rejected for other reasons`);
  const isKept = notRead.some(({ kind }) => kind === "damaged") && !dryRun;
  return isKept ? [...notes, 'cctelemetry query "FROM rejected_lines" shows them'] : notes;
}

function noteOf({ kind, detail, lines }: NotRead): string {
  const text = escapeUnsafe(detail);
  return kind === "other"
    ? `${counted(lines, "line")} of ${text}`
    : `${counted(lines, "line")} rejected: ${text}`;
}
