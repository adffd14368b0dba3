import { readFile } from "node:fs/promises";
import { replaceFile } from "../journal/replace-file.ts";

/** How far a journal was forwarded. */
export interface Cursor {
  readonly url: string;
  /** What the file is known by that is being sent; null where none had a line yet. */
  readonly head: string | null;
  /** What lies before was sent, bytes. */
  readonly offset: number;
  /** When this was noted, milliseconds since 1970: what was rotated away before that was sent. */
  readonly at: number;
}

/** Where the cursor of a journal lies. */
function cursorPath(output: string): string {
  return `${output}.forward`;
}

/** The cursor of a journal for this destination; undefined if there is none, or it cannot be read. */
export async function readCursor(output: string, url: string): Promise<Cursor | undefined> {
  const text = await readFile(cursorPath(output), "utf8").catch(() => "");
  try {
    const value = JSON.parse(text) as Partial<Cursor> | null;
    const { head, offset, at } = value ?? {};
    const isCursor =
      value?.url === url &&
      (head === null || typeof head === "string") &&
      Number.isSafeInteger(offset) &&
      Number.isSafeInteger(at);
    return isCursor ? (value as Cursor) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the cursor in one step. */
export function writeCursor(output: string, cursor: Cursor): Promise<void> {
  return replaceFile(cursorPath(output), String(process.pid), JSON.stringify(cursor));
}
