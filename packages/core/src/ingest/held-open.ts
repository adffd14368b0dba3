import type { FollowedFile } from "./followed-file.ts";

/** Files that are held open at a time, and at least, however few can be. */
const MOST_OPEN = 200;
const LEAST_OPEN = 8;

/** Holds a few of many followed files open; the others are opened again when they change. */
export class HeldOpen {
  /** How many are held at a time. */
  most: number = MOST_OPEN;

  /** Closes of too many those that were left alone for longest, half of them at once. Returns how many stay open. */
  closeSome(files: readonly FollowedFile[]): number {
    const open = files.filter((file) => file.isOpen);
    if (open.length <= this.most) return open.length;
    const idle = open.filter((file) => file.named && file.isRead);
    idle.sort((one, other) => other.quietFor - one.quietFor);
    const closed = idle.slice(0, open.length - Math.floor(this.most / 2));
    for (const file of closed) file.release();
    return open.length - closed.length;
  }

  /** Makes room where no more files can be opened: holds half as many from now on. */
  yield(files: readonly FollowedFile[]): void {
    const open = files.filter((file) => file.isOpen).length;
    this.most = Math.max(LEAST_OPEN, Math.floor(Math.min(open, this.most) / 2));
    this.closeSome(files);
  }
}
