import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { detectCompression } from "../source/codec/compression.ts";
import { FileFinder } from "../source/find/finder.ts";
import type { Place } from "../source/find/found.ts";
import { isText } from "../source/read/framing.ts";
import type { Store } from "../store/store.ts";
import { type FilePosition, startOf } from "./appended.ts";
import { changeOf, nodeOf, type OtherFile } from "./kept-state.ts";
import { RecordReader } from "./record-reader.ts";
import { type MeterOptions, SessionMeter } from "./session-meter.ts";
import { storedRecords } from "./stored-records.ts";

/** A file of fewer bytes may become telemetry without anything else changing. */
const BARELY_BEGUN = 64;

/** Further options of a refresh. */
export interface RefreshOptions extends MeterOptions {
  /** Files, folders and globs. */
  readonly paths: readonly string[];
  /** The database, where there is one: it knows of files that are gone, and of those that are not lines. */
  readonly store: Store | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Finds the files again, reads everything that they and the database hold of a session, and keeps it
 * for its meters. A record that is in both, or in two files, counts once. Throws what the database
 * says where it cannot be asked.
 */
export async function refreshMeter(options: RefreshOptions): Promise<SessionMeter> {
  const { sessionId, store, now } = options;
  const node = nodeOf(store?.path);
  const stored = store?.exists === true ? await storedRecords(store, sessionId) : [];
  const database = { path: store?.path, identity: store?.identity, node };
  const meter = new SessionMeter(options, database);
  const finder = new FileFinder(options.paths);
  const places = finder.places().map(({ directory, deep }) => ({
    directory,
    deep,
    changed: changeOf(directory),
  }));
  const { groups } = await finder.find();
  const files = groups.flatMap((group) => group.files);
  const reader = new RecordReader(sessionId, options.ownTags);
  const read: FilePosition[] = [];
  const others: OtherFile[] = finder.places().flatMap((place) => begunIn(place));
  for (const { path, stat } of files) {
    if (isOfLines(path)) read.push(meter.readAll(reader, path, likely(meter, path)));
    else others.push({ path, sizeBytes: stat.sizeBytes });
  }
  for (const record of stored) meter.add(record);
  meter.keep(now(), { time: now(), places, others, database }, read);
  return meter;
}

/** Where a file may have been read to: under its name, under the one it had, or not at all. */
function likely({ positions }: SessionMeter, path: string): readonly FilePosition[] {
  const known = positions.filter(({ offset }) => offset > 0);
  return [
    ...known.filter((each) => each.path === path),
    ...known.filter((each) => each.path !== path),
    startOf(path),
  ];
}

/** The files of a directory that are empty or nearly so. */
function begunIn({ directory, deep, cares }: Place): readonly OtherFile[] {
  if (deep) return [];
  try {
    const names = readdirSync(directory).filter((name) => cares(name));
    return names.flatMap((name) => {
      const path = join(directory, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      const begun = stats?.isFile() === true && stats.size < BARELY_BEGUN;
      return begun ? [{ path, sizeBytes: stats.size }] : [];
    });
  } catch {
    return [];
  }
}

/** Whether a file is text, behind a hole or not; compressed and framed ones, and UTF-16, are not. */
function isOfLines(path: string): boolean {
  try {
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(64);
      const count = readSync(file, bytes, 0, bytes.length, 0);
      const first = bytes.subarray(0, count);
      const text = first.subarray(first.findIndex((byte) => byte !== 0));
      return count > 0 && detectCompression(first) === "none" && isText(text);
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}
