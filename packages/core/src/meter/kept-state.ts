import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { keptJson, parseKept } from "../live/kept-json.ts";
import type { KeptTally } from "../live/tally.ts";
import type { FilePosition } from "./appended.ts";

/** Grows whenever the state has another meaning; a state of another version is none. */
const VERSION = 1;

/** A directory as it was when files were looked for in it. */
export interface SurveyedPlace {
  readonly directory: string;
  /** With everything below it, of which its time of change tells nothing. */
  readonly deep: boolean;
  /** Milliseconds; 0 where there was no such directory. */
  readonly changed: number;
}

/**
 * A file that is not read: barely begun, or not made of lines; what is in such a one counts once
 * it is in the database.
 */
export interface OtherFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/** How files were looked for last. */
export interface LastSurvey {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly places: readonly SurveyedPlace[];
  readonly others: readonly OtherFile[];
}

/** Everything a meter keeps of one session between two processes. */
export interface MeterState {
  readonly version: typeof VERSION;
  readonly survey: LastSurvey;
  readonly files: readonly FilePosition[];
  readonly tally: KeptTally;
}

/** Where the state of a session lies; another choice of sources has one of its own. */
export function statePath(folder: string, sessionId: string, sources: readonly string[]): string {
  const key = JSON.stringify([sessionId, ...sources]);
  return join(folder, `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`);
}

/** The state at a path; undefined where there is none that can be used. */
export function readState(path: string): MeterState | undefined {
  try {
    const read = parseKept(readFileSync(path, "utf8"));
    return isState(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** Puts a state in the place of the one before, all of it or nothing; false where that cannot be. */
export function writeState(path: string, state: Omit<MeterState, "version">): boolean {
  const beside = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(beside, keptJson({ version: VERSION, ...state }), { mode: 0o600 });
    renameSync(beside, path);
    return true;
  } catch {
    rmSync(beside, { force: true });
    return false;
  }
}

/** When a directory was changed last, milliseconds; 0 where there is none. */
export function changeOf(directory: string): number {
  return statSync(directory, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function isState(read: unknown): read is MeterState {
  if (typeof read !== "object" || read === null) return false;
  const { version, survey, files, tally } = read as Partial<Record<keyof MeterState, unknown>>;
  return (
    version === VERSION &&
    Array.isArray(files) &&
    typeof tally === "object" &&
    tally !== null &&
    typeof survey === "object" &&
    survey !== null
  );
}
