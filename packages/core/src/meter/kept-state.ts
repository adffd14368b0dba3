import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { keptJson, parseKept } from "../live/kept-json.ts";
import type { KeptTally } from "../live/tally.ts";
import { Xxh64 } from "../source/codec/xxh64.ts";
import type { FilePosition } from "./appended.ts";

/** Grows whenever the state has another meaning; a state of another version is none. */
const VERSION = 6;

/** A directory as it was when files were looked for in it. */
export interface SurveyedPlace {
  readonly directory: string;
  /** With everything below it, which its time of change does not reflect. */
  readonly deep: boolean;
  /** Milliseconds; 0 where there was no such directory. */
  readonly changed: number;
}

/**
 * A file that is not read: too short to be identified, or not made of lines; its contents count only
 * once they are in the database.
 */
export interface OtherFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/** The database whose records are part of the numbers. */
export interface SurveyedDatabase {
  /** Undefined where there is none to ask. */
  readonly path: string | undefined;
  /** Distinguishes it from one that replaces it; undefined if it was not there. */
  readonly identity: string | undefined;
  /** As `nodeOf` gave it: a change means that another one may be there. */
  readonly node: string;
}

/** How files were looked for last. */
export interface LastSurvey {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly places: readonly SurveyedPlace[];
  readonly others: readonly OtherFile[];
  readonly database: SurveyedDatabase;
}

/** Everything a meter keeps of one session between two processes. */
export interface MeterState {
  readonly version: typeof VERSION;
  /** Whose it is, and what it is taken from. */
  readonly key: string;
  readonly survey: LastSurvey;
  readonly files: readonly FilePosition[];
  readonly tally: KeptTally;
}

/** Cache key of a state: session id and source paths. */
export function stateKey(sessionId: string, sources: readonly string[]): string {
  return JSON.stringify([sessionId, ...sources]);
}

/** Where the state of a key lies. Keys may collide; the later writer overwrites the file. */
export function statePath(folder: string, key: string): string {
  return join(folder, `${hash(key)}${hash(`${key} again`)}.json`);
}

/** Reads the state of a key; undefined where there is none that can be used. */
export function readState(path: string, key: string): MeterState | undefined {
  try {
    const read = parseKept(readFileSync(path, "utf8"));
    return isState(read) && read.key === key ? read : undefined;
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

/** What changes when another file takes the place of one; it may also change without that. */
export function nodeOf(path: string | undefined): string {
  const stats = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.ino} ${stats.birthtimeMs}`;
}

/** Enough to distinguish the sessions of one machine, without loading what a safe hash needs. */
function hash(text: string): string {
  const xxh = new Xxh64();
  xxh.update(Buffer.from(text));
  return (xxh.low32() >>> 0).toString(16).padStart(8, "0");
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
