import type { Stats } from "node:fs";

/** What tells a file and its state on the disk from others. */
export interface Look {
  /** Device and inode: the same file under whatever name. */
  readonly node: string;
  readonly sizeBytes: number;
  /** Changes whenever the file was written to or replaced. */
  readonly signature: string;
}

/** What the system says of a file, as far as it tells one state of it from another. */
export function lookOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): Look {
  const node = `${dev}:${ino}`;
  return { node, sizeBytes: size, signature: `${node} ${size} ${mtimeMs} ${ctimeMs}` };
}

/** Whether nothing has changed between two looks. */
export function looksAlike(one: Look, other: Look): boolean {
  return one.signature === other.signature;
}
