import { basename, dirname } from "node:path";
import { escapePath } from "tinyglobby";
import { parseBackupName } from "./siblings.ts";

/** Directories above a file whose names may hold the date: year, month, day and hour. */
const DATED_FOLDERS = 4;
/** A day, with or without separators, and the time of day that may follow it. */
const DAY = /(?<!\d)(20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d{3,})/g;
const YEAR = /^(?:y|year=)?20\d\d$/;
const TWO_DIGITS = /^(?:[a-z]+=)?\d\d$/;

/**
 * The pattern of all files of a series by day or hour to which a file belongs: those whose paths
 * differ only in the digits of the date (`claude-2026-11-09.jsonl`, `2026/11/09/otel.jsonl`).
 * Undefined for a file without a date, and for a backup, whose date says when it was rotated.
 */
export function seriesOf(path: string): string | undefined {
  const name = basename(path);
  if (parseBackupName(name) !== undefined) return undefined;
  const folders: string[] = [];
  let above = dirname(path);
  while (folders.length < DATED_FOLDERS && dirname(above) !== above) {
    folders.unshift(basename(above));
    above = dirname(above);
  }
  const parts = [...folders, name];
  const dated = datedFolders(folders);
  const pattern = parts.map((part, at) => (dated.has(at) ? digitsOf(part) : daysOf(part)));
  if (pattern.every((part, at) => part === escapePath(parts[at] ?? ""))) return undefined;
  return [escapePath(above).replace(/[/\\]$/, ""), ...pattern].join("/");
}

/** Which folders are a year with a month, a day or an hour below it. */
function datedFolders(folders: readonly string[]): ReadonlySet<number> {
  const dated = new Set<number>();
  const year = folders.findIndex((folder) => YEAR.test(folder));
  if (year < 0 || !TWO_DIGITS.test(folders[year + 1] ?? "")) return dated;
  dated.add(year);
  for (let at = year + 1; TWO_DIGITS.test(folders[at] ?? ""); at++) dated.add(at);
  return dated;
}

/** A part of a path in which the digits of each date, and of the time behind it, may be any. */
function daysOf(part: string): string {
  let pattern = "";
  let from = 0;
  for (const { index, 0: day } of part.matchAll(DAY)) {
    const time = /^[-_T.]?\d\d(?:[-_:h]?\d\d){0,2}(?!\d)/.exec(part.slice(index + day.length));
    const end = index + day.length + (time?.[0].length ?? 0);
    pattern += escapePath(part.slice(from, index)) + digitsOf(part.slice(index, end));
    from = end;
  }
  return pattern + escapePath(part.slice(from));
}

function digitsOf(text: string): string {
  return text.replace(/\d+|\D+/g, (run) =>
    /^\d/.test(run) ? "[0-9]".repeat(run.length) : escapePath(run),
  );
}
