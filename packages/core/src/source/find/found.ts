import type { FileStat } from "../file-stat.ts";

/** A file that is there at this moment. */
export interface FoundFile {
  readonly path: string;
  readonly stat: FileStat;
}

/** The files of one rotation that are there, oldest first. */
export interface FoundGroup {
  /** The path that is written to; there may be no file at the moment. */
  readonly path: string;
  readonly files: readonly FoundFile[];
}

/** Why a path that was named leads to no file now. */
export interface Trouble {
  readonly path: string;
  readonly kind: "waiting" | "missing" | "unreadable" | "unsuitable";
  readonly reason: string;
}

export interface Findings {
  readonly groups: readonly FoundGroup[];
  readonly troubles: readonly Trouble[];
  /** Whether no more files could be opened: of some paths this is what was seen before. */
  readonly outOfDescriptors: boolean;
}

/** A directory in which something may change that matters. */
export interface Place {
  readonly directory: string;
  /** With everything below it. */
  readonly deep: boolean;
  /** Whether a file of this name matters. */
  cares(name: string): boolean;
}

/** What stands behind one path that was named. */
export interface Found {
  readonly groups: readonly FoundGroup[];
  readonly trouble?: Trouble;
  /** Whether no more files could be opened: `groups` is what was seen before. */
  readonly outOfDescriptors?: boolean;
}

/** One path that was named. */
export interface Target {
  /** As it was named. */
  readonly path: string;
  readonly places: readonly Place[];
  /** Throws only if no more files can be opened. */
  find(changed: boolean): Promise<Found>;
}
