import { closeSync, openSync, readSync } from "node:fs";

/** What a file is by its first bytes. */
export type FileKind = "duckdb" | "sqlite" | "empty" | "other";

const HEAD_BYTES = 20;

/** What the file at a path is by its first bytes, whatever follows; "other" where it cannot be read. */
export function databaseAt(path: string): FileKind {
  const head = firstBytes(path, HEAD_BYTES);
  if (head === undefined) return "other";
  if (head.length === 0) return "empty";
  if (head.subarray(8, 12).toString("latin1") === "DUCK") return "duckdb";
  return head.toString("latin1").startsWith("SQLite format 3\0") ? "sqlite" : "other";
}

/** The storage version that a file of DuckDB names; undefined where it names none. */
export function storageVersionAt(path: string): bigint | undefined {
  const head = firstBytes(path, HEAD_BYTES);
  return head !== undefined && head.length === HEAD_BYTES ? head.readBigUInt64LE(12) : undefined;
}

/** The first bytes of a file, as many as there are; undefined where it cannot be read. */
export function firstBytes(path: string, count: number): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const bytes = Buffer.alloc(count);
    return bytes.subarray(0, readSync(file, bytes, 0, count, 0));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
