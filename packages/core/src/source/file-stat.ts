import { type BigIntStats, statSync } from "node:fs";

/** What distinguishes a file and its state on the disk from others. */
export interface FileStat {
  /** Device and inode: the same file under whatever name. */
  readonly node: string;
  /** Whether that is true of `node`; else two files may share it. */
  readonly hasInode: boolean;
  readonly sizeBytes: number;
  /** Changes whenever the file was written to or replaced. */
  readonly signature: string;
}

/**
 * What the system says of a file, as far as that distinguishes its states. Inode numbers are wider
 * than a double holds on Windows; on a file system without any, the time of birth replaces them.
 */
export function fileStatOf({
  dev,
  ino,
  size,
  mtimeNs,
  ctimeNs,
  birthtimeNs,
}: BigIntStats): FileStat {
  const node = `${dev}:${ino === 0n ? `born ${birthtimeNs}` : ino}`;
  const signature = `${node} ${size} ${mtimeNs} ${ctimeNs}`;
  return { node, hasInode: ino !== 0n, sizeBytes: Number(size), signature };
}

/** Looks at what stands at a path; undefined if the system refuses that. */
export function statFile(path: string): FileStat | undefined {
  try {
    return fileStatOf(statSync(path, { bigint: true }));
  } catch {
    return undefined;
  }
}

/** Whether nothing has changed between two looks. */
export function sameStat(one: FileStat, other: FileStat): boolean {
  return one.signature === other.signature;
}
