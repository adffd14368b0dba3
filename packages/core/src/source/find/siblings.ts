import { basename, dirname, join, resolve } from "node:path";

const STAMP = String.raw`(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3})(?:-[a-z]+)?`;
const BACKUP = new RegExp(`^(.*)-${STAMP}((?:\\.[^.]*)?)$`, "s");
const PACKED = /\.(?:gz|zst)$/;
/** What logrotate appends: a number that grows with age, or the day (and hour) of the rotation. */
const NUMBERED = /^(.+)\.(\d{1,4})$/s;
const DATED = /^(.+)-(\d{8}(?:-?\d{2,10})?)$/s;

/** The name of a file that was rotated away, taken apart. */
export interface BackupName {
  /**
   * Names of the file it may have been, likeliest first: `a-<stamp>.gz` was `a.gz`, or it was `a`
   * and has been compressed since.
   */
  readonly bases: readonly string[];
  /** Sorts as text in the order of the rotations, oldest first. */
  readonly stamp: string;
  /** Who named it so: the Collector itself, or a rotation from outside. */
  readonly by: "collector" | "logrotate";
}

/**
 * Takes the names of older and newer Collectors apart (`otel-2026-11-21T02-33-36.603.jsonl`,
 * `otel-2026-11-21T02-33-37.972-size.jsonl`) and those of logrotate (`otel.jsonl.1`,
 * `otel.jsonl-20261121`), with `.gz` or `.zst` behind them or not; undefined for any other name.
 */
export function parseBackupName(name: string): BackupName | undefined {
  const plain = BACKUP.exec(name);
  const unpacked = name.replace(PACKED, "");
  const packed = unpacked === name ? null : BACKUP.exec(unpacked);
  const stamp = plain?.[2] ?? packed?.[2];
  if (stamp === undefined) return parseLogrotateName(unpacked);
  const bases = [plain, packed].flatMap((match) =>
    match === null ? [] : [`${match[1] ?? ""}${match[3] ?? ""}`],
  );
  return { bases, stamp, by: "collector" };
}

function parseLogrotateName(name: string): BackupName | undefined {
  const [, numbered, number] = NUMBERED.exec(name) ?? [];
  if (numbered !== undefined) {
    const age = String(9999 - Number(number)).padStart(4, "0");
    return { bases: [numbered], stamp: `number ${age}`, by: "logrotate" };
  }
  const [, dated, day] = DATED.exec(name) ?? [];
  return dated === undefined
    ? undefined
    : { bases: [dated], stamp: `day ${day ?? ""}`, by: "logrotate" };
}

/** Which of `names` are rotated backups of `base`, oldest first. */
export function backupsOf(base: string, names: readonly string[]): string[] {
  return oldestFirst(names.filter((name) => parseBackupName(name)?.bases.includes(base)));
}

/**
 * Puts the rotated siblings among `paths` together, oldest first and the current file last, by the
 * path that the Collector writes to, in the order in which the first member of each came. `current`:
 * paths that are written to, whether or not they are among `paths`.
 */
export function groupSiblings(
  paths: readonly string[],
  current: readonly string[] = [],
): ReadonlyMap<string, readonly string[]> {
  const present = new Set([...paths, ...current].map((path) => resolve(path)));
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const key = currentPath(path, present);
    groups.set(key, [...(groups.get(key) ?? []), path]);
  }
  return new Map([...groups].map(([key, group]) => [key, oldestFirst(group)]));
}

/** The path that the Collector wrote to before it rotated the file away, absolute. */
function currentPath(path: string, present: ReadonlySet<string>): string {
  const directory = dirname(resolve(path));
  const bases = parseBackupName(basename(path))?.bases ?? [basename(path)];
  const places = bases.map((base) => join(directory, base));
  return places.find((place) => present.has(place)) ?? places[0] ?? resolve(path);
}

/** Backups by the time in their names, what is no backup after them. */
function oldestFirst(paths: readonly string[]): string[] {
  const key = (path: string) => parseBackupName(basename(path))?.stamp ?? "\uffff";
  return paths.toSorted((one, other) => compare(key(one), key(other)) || compare(one, other));
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
