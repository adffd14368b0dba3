import type { FileProgress } from "./cursor.ts";

/**
 * What of the progress of a file is not stored yet, where the store has it up to an offset: all,
 * the lines after it, or nothing (undefined). "moved" where the offset fits no line of it.
 */
export function restOf(file: FileProgress, stored: number): FileProgress | "moved" | undefined {
  if (stored === file.start) return file;
  if (stored < file.start) return "moved";
  if (stored >= file.offset) return undefined;
  const before = file.checkpoints?.find(({ offset }) => offset === stored);
  if (before === undefined || file.joined > 0 || file.mended !== undefined) return "moved";
  return {
    ...file,
    fresh: false,
    lines: file.lines - before.lines,
    records: file.records - before.records,
    rejections: file.rejections.filter(({ offset }) => offset >= stored),
  };
}
