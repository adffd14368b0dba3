import { randomUUID } from "node:crypto";
import type { OpenedSource } from "../source/open.ts";
import type { Session } from "../store/session.ts";
import type { Rejection } from "./rejections.ts";
import deleteMended from "./sql/delete_mended.sql";
import deleteRejected from "./sql/delete_rejected.sql";
import deleteStale from "./sql/delete_stale.sql";
import deleteStaleRejected from "./sql/delete_stale_rejected.sql";
import findCursors from "./sql/find_cursors.sql";
import insertCursor from "./sql/insert_cursor.sql";
import insertRejected from "./sql/insert_rejected.sql";
import updateCursor from "./sql/update_cursor.sql";

/** How far a file was read. */
export interface Cursor {
  readonly fileId: string;
  readonly offset: number;
  readonly guardLength: number;
  readonly guardHash: string;
}

/** What a batch adds to the knowledge of one file. */
export interface FileProgress {
  readonly fileId: string;
  readonly path: string;
  readonly framing: string;
  readonly headHash: string;
  /** Where reading began: rejections from there on are told anew. */
  readonly from: number;
  offset: number;
  guardLength: number;
  guardHash: string;
  sizeBytes: number;
  lines: number;
  records: number;
  rejections: Rejection[];
  /** Whether nothing of this reading was stored yet. */
  fresh: boolean;
  /** Offset before which nothing of the file counts as rejected: a fragment that was joined. */
  joined: number;
  /** Offset of a half line that the next file of the rotation completed. */
  mended: number | undefined;
}

/** A new identity for a file that the store does not know. */
export function newFileId(): string {
  return randomUUID();
}

/** What is known of the files read before: by the store, and by this process since. */
export class CursorBook {
  private readonly cursors: Map<string, Cursor[]> = new Map();

  /** Reads all cursors of a store. */
  async load(session: Session): Promise<void> {
    for (const row of await session.rows(findCursors)) {
      this.add(String(row["head_hash"]), {
        fileId: String(row["file_id"]),
        offset: Number(row["cursor_offset"]),
        guardLength: Number(row["guard_length"]),
        guardHash: String(row["guard_hash"]),
      });
    }
  }

  /** Notes how far this process has read a file. */
  note({ headHash, fileId, offset, guardLength, guardHash }: FileProgress): void {
    this.add(headHash, { fileId, offset, guardLength, guardHash });
  }

  /** The furthest cursor of a file that begins like this one and agrees up to there. */
  async find(source: OpenedSource): Promise<Cursor | undefined> {
    const known = this.cursors.get(source.headHash) ?? [];
    for (const cursor of [...known].sort((a, b) => b.offset - a.offset)) {
      if (cursor.offset === 0) return cursor;
      const guard = await source.guardAt(cursor.offset, cursor.guardLength);
      if (guard === cursor.guardHash) return cursor;
    }
    return undefined;
  }

  private add(headHash: string, cursor: Cursor): void {
    const known = this.cursors.get(headHash) ?? [];
    this.cursors.set(headHash, [...known.filter((each) => each.fileId !== cursor.fileId), cursor]);
  }
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
    guard_length: progress.guardLength,
    guard_hash: progress.guardHash,
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
  const { rejections } = progress;
  if (rejections.length === 0) return;
  await session.run(insertRejected, {
    file_id: fileId,
    path,
    offsets: rejections.map(({ offset }) => String(offset)),
    lengths: rejections.map(({ length }) => String(length)),
    hashes: rejections.map(({ hash }) => hash),
    reasons: rejections.map(({ reason }) => reason),
    details: rejections.map(({ detail }) => detail),
    kept: rejections.map(({ recordsKept }) => String(recordsKept)),
    texts: rejections.map(({ text }) => text),
  });
}
