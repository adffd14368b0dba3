import { type BigIntStats, statSync } from "node:fs";

/** What tells a file and its state on the disk from others. */
export interface Look {
  /** Device and inode: the same file under whatever name. */
  readonly node: string;
  readonly sizeBytes: number;
  /** Changes whenever the file was written to or replaced. */
  readonly signature: string;
}

/**
 * What the system says of a file, as far as it tells one state of it from another. Numbers of files
 * are wider than a double holds on Windows; a file system without any tells files by their birth.
 */
export function lookOf({ dev, ino, size, mtimeNs, ctimeNs, birthtimeNs }: BigIntStats): Look {
  const node = `${dev}:${ino === 0n ? `born ${birthtimeNs}` : ino}`;
  return { node, sizeBytes: Number(size), signature: `${node} ${size} ${mtimeNs} ${ctimeNs}` };
}

/** Looks at what stands at a path; undefined where that cannot be told. */
export function lookAt(path: string): Look | undefined {
  try {
    return lookOf(statSync(path, { bigint: true }));
  } catch {
    return undefined;
  }
}

/** Whether nothing has changed between two looks. */
export function looksAlike(one: Look, other: Look): boolean {
  return one.signature === other.signature;
}
