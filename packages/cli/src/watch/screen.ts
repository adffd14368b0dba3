import {
  beginSynchronizedOutput,
  clearViewport,
  cursorHide,
  cursorShow,
  cursorTo,
  endSynchronizedOutput,
  enterAlternativeScreen,
  eraseEndLine,
  exitAlternativeScreen,
} from "ansi-escapes";

/** Leaves what was on the terminal untouched below the screen. */
export const enterScreen: string = enterAlternativeScreen + cursorHide + clearViewport;

/** Gives the terminal back as it was. */
export const leaveScreen: string = endSynchronizedOutput + cursorShow + exitAlternativeScreen;

/**
 * What turns the frame before into the next one: the rows that differ, in one update that the
 * terminal shows at once. All rows where there was none before, or one of another size. A row is
 * erased first: a cursor behind the last column would erase that column.
 */
export function frameUpdate(
  before: readonly string[] | undefined,
  next: readonly string[],
): string {
  const isWhole = before === undefined || before.length !== next.length;
  const rows = next.flatMap((line, row) =>
    isWhole || line !== before[row] ? [cursorTo(0, row) + eraseEndLine + line] : [],
  );
  if (rows.length === 0) return "";
  return (
    beginSynchronizedOutput + (isWhole ? clearViewport : "") + rows.join("") + endSynchronizedOutput
  );
}
