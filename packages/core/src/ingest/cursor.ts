import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { OpenedSource } from "../source/read/opened-source.ts";
import type { Session } from "../store/session.ts";
import { type CountedRejection, countedText, type Rejection } from "./rejections.ts";
import countRejected from "./sql/count_rejected.sql";
import deleteMended from "./sql/delete_mended.sql";
import deleteRejected from "./sql/delete_rejected.sql";
import deleteStale from "./sql/delete_stale.sql";
import deleteStaleRejected from "./sql/delete_stale_rejected.sql";
import findCursors from "./sql/find_cursors.sql";
import insertCursor from "./sql/insert_cursor.sql";
import insertRejected from "./sql/insert_rejected.sql";
import storedOffsetsSql from "./sql/stored_offsets.sql";
import updateCursor from "./sql/update_cursor.sql";

/** How far a file was read. */
export interface Cursor {
  readonly fileId: string;
  /** Where the file was when it was read last. */
  readonly path: string;
  readonly offset: number;
  readonly fingerprintLength: number;
  readonly fingerprintHash: string;
}

/** What a batch adds to the knowledge of one file. */
export interface FileProgress {
  readonly fileId: string;
  path: string;
  readonly framing: string;
  readonly headHash: string;
  /** Where reading began: rejections from there on are recorded again. */
  from: number;
  /** Where what is not stored yet begins. */
  start: number;
  offset: number;
  fingerprintLength: number;
  fingerprintHash: string;
  sizeBytes: number;
  lines: number;
  records: number;
  rejections: Rejection[];
  /** Whether nothing of this reading was stored yet. */
  fresh: boolean;
  /** Offset before which nothing of the file counts as rejected: a fragment that was joined. */
  joined: number;
  /** Offset of a partial line that the next file of the rotation completed. */
  mended: number | undefined;
  /** Whether a line in parts was reported as broken off although it may still be completed. */
  brokenParts: boolean;
  /** What was counted up to the end of each line since `start`; undefined where nobody asks. */
  checkpoints: Checkpoint[] | undefined;
}

/** What was counted of a file up to an offset. */
export interface Checkpoint {
  readonly offset: number;
  readonly lines: number;
  readonly records: number;
}

/** The progress of a source at the beginning of its reading. */
export function startProgress(source: OpenedSource, cursor: Cursor): FileProgress {
  const { fileId, offset, fingerprintLength, fingerprintHash } = cursor;
  return {
    fileId,
    path: source.path === "-" ? "-" : resolve(source.path),
    framing: source.framing,
    headHash: source.headHash,
    from: offset,
    start: offset,
    offset,
    fingerprintLength,
    fingerprintHash,
    sizeBytes: source.sizeBytes ?? 0,
    lines: 0,
    records: 0,
    rejections: [],
    fresh: true,
    joined: 0,
    mended: undefined,
    brokenParts: false,
    checkpoints: undefined,
  };
}

/** Begins the next part of a file's progress: what was handed on is not handed on again. */
export function startOver(file: FileProgress): void {
  file.lines = 0;
  file.records = 0;
  file.fresh = false;
  file.rejections = [];
  file.from = file.offset;
  file.start = file.offset;
  file.joined = 0;
  file.mended = undefined;
  if (file.checkpoints !== undefined) file.checkpoints = [];
}

/** What is known of the files read before: by the store, and by this process since. */
export class CursorRegistry {
  private readonly cursors: Map<string, Cursor[]> = new Map();

  /** Reads all cursors of a store. */
  async load(session: Session): Promise<void> {
    this.cursors.clear();
    for (const row of await session.rows(findCursors)) {
      this.add(String(row["head_hash"]), {
        fileId: String(row["file_id"]),
        path: String(row["path"]),
        offset: Number(row["cursor_offset"]),
        fingerprintLength: Number(row["guard_length"]),
        fingerprintHash: String(row["guard_hash"]),
      });
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.cursors.clear();
  }

  /** Notes how far this process has read a file. */
  record({
    headHash,
    fileId,
    path,
    offset,
    fingerprintLength,
    fingerprintHash,
  }: FileProgress): void {
    this.add(headHash, { fileId, path, offset, fingerprintLength, fingerprintHash });
  }

  /** The cursor of a source: where it was left, or the beginning of a file that nobody has read. */
  async cursorOf(source: OpenedSource): Promise<Cursor> {
    return (await this.find(source)) ?? this.beginning(source);
  }

  /**
   * The cursor of a file that is not known. Its identity follows from its first record, so that
   * processes that meet a new file at the same time agree on it.
   */
  private beginning({ headHash, path }: OpenedSource): Cursor {
    const others = new Set((this.cursors.get(headHash) ?? []).map(({ fileId }) => fileId));
    let fileId = fileIdOf(headHash, 0);
    for (let place = 1; others.has(fileId); place++) fileId = fileIdOf(headHash, place);
    return { fileId, path, offset: 0, fingerprintLength: 0, fingerprintHash: "" };
  }

  /** Whether a file that begins like this one was read further than this one is long. */
  readBeyond({ headHash, sizeBytes }: OpenedSource): boolean {
    const known = this.cursors.get(headHash) ?? [];
    return known.some(({ offset }) => offset > (sizeBytes ?? offset));
  }

  /** Whether a file has grown of whose identity more was read than this reading of it has. */
  isOutrun(file: FileProgress | undefined, sizeBytes: number): boolean {
    if (file === undefined || sizeBytes <= file.sizeBytes) return false;
    const known = this.cursors.get(file.headHash) ?? [];
    return known.some(({ fileId, offset }) => fileId === file.fileId && offset > file.offset);
  }

  /** The furthest cursor of a file that begins like this one and agrees up to there. */
  async find(source: OpenedSource): Promise<Cursor | undefined> {
    const known = this.cursors.get(source.headHash) ?? [];
    for (const cursor of [...known].sort((a, b) => b.offset - a.offset)) {
      if (cursor.offset === 0) return cursor;
      const guard = await source.fingerprintAt(cursor.offset, cursor.fingerprintLength);
      if (guard === cursor.fingerprintHash) return cursor;
    }
    return undefined;
  }

  private add(headHash: string, cursor: Cursor): void {
    const known = this.cursors.get(headHash) ?? [];
    this.cursors.set(headHash, [...known.filter((each) => each.fileId !== cursor.fileId), cursor]);
  }
}

/** An identity made of a file's first record and its place among files that begin with the same. */
function fileIdOf(headHash: string, place: number): string {
  const hex = createHash("sha256").update(`${headHash} ${place}`).digest("hex");
  return [8, 12, 16, 20, 32].map((end, at, ends) => hex.slice(ends[at - 1] ?? 0, end)).join("-");
}

/** How far the store says that these files were read, by their identity. */
export async function storedOffsets(
  session: Session,
  fileIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await session.rows(storedOffsetsSql, { file_ids: fileIds });
  return new Map(rows.map((row) => [String(row["file_id"]), Number(row["cursor_offset"])]));
}

/** Moves a file's cursor and keeps its rejections. Runs in the transaction of the rows. */
export async function saveProgress(session: Session, progress: FileProgress): Promise<void> {
  const { fileId, path, mended } = progress;
  if (mended !== undefined) await session.run(deleteMended, { file_id: fileId, mended });
  if (progress.fresh) {
    await session.run(deleteRejected, {
      file_id: fileId,
      from: progress.from,
      joined: progress.joined,
    });
  }
  const cursor = {
    file_id: fileId,
    path,
    framing: progress.framing,
    head_hash: progress.headHash,
    cursor_offset: progress.offset,
    guard_length: progress.fingerprintLength,
    guard_hash: progress.fingerprintHash,
    size_bytes: progress.sizeBytes,
    lines: progress.lines,
    records: progress.records,
  };
  const { rows } = await session.table(updateCursor, cursor);
  if (Number(rows[0]?.[0] ?? 0) === 0) {
    await session.run(deleteStaleRejected, { path });
    await session.run(deleteStale, { path });
    await session.run(insertCursor, cursor);
  }
  await keepRejected(session, progress);
}

/** Text beside telemetry is counted; everything else that was rejected is kept one by one. */
async function keepRejected(session: Session, progress: FileProgress): Promise<void> {
  const { fileId, path, headHash } = progress;
  const { single, counted } = countedText(progress.rejections);
  const uncounted: CountedRejection[] = [];
  for (const each of counted) {
    const { reason, detail, lines } = each;
    const known = await session.table(countRejected, { file_id: fileId, reason, detail, lines });
    if (Number(known.rows[0]?.[0] ?? 0) === 0) uncounted.push(each);
  }
  const rejections = [...single, ...uncounted];
  if (rejections.length === 0) return;
  await session.run(insertRejected, {
    file_id: fileId,
    head_hash: headHash,
    path,
    offsets: rejections.map(({ offset }) => String(offset)),
    lengths: rejections.map(({ length }) => String(length)),
    hashes: rejections.map(({ hash }) => hash),
    reasons: rejections.map(({ reason }) => reason),
    details: rejections.map(({ detail }) => detail),
    kept: rejections.map(({ recordsKept }) => String(recordsKept)),
    texts: rejections.map(({ text }) => text),
    lines: rejections.map(({ lines }) => String(lines)),
  });
}
