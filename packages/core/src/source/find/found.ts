import type { KnownError } from "../../errors.ts";
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

/** A path that was found and is not read. */
export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

/** Why a path that was named leads to no file now. */
export interface Trouble {
  readonly path: string;
  readonly kind: "waiting" | "missing" | "unreadable" | "unsuitable";
  /** In words, for a file that is waited for. */
  readonly reason: string;
  /** The error for a single pass; undefined if backups replace the file. */
  readonly error: KnownError | undefined;
}

/** What one pass found behind all paths. */
export interface Findings {
  readonly groups: readonly FoundGroup[];
  readonly troubles: readonly Trouble[];
  readonly skipped: readonly Skipped[];
  /** Whether no more files could be opened: for some paths this is what was found before. */
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

/** What is behind one path that was named. */
export interface Found {
  readonly files: readonly FoundFile[];
  readonly skipped: readonly Skipped[];
  readonly trouble?: Trouble;
}

/** One path that was named. */
export interface Target {
  /** As it was named. */
  readonly path: string;
  readonly places: readonly Place[];
  /** `changed`: files may have come or gone. Throws only if no more files can be opened. */
  find(changed: boolean): Promise<Found>;
}
