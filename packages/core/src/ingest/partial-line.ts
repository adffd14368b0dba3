import type { FileProgress } from "./cursor.ts";

/** A partial line at the end of a file, which the next file of a rotation may complete. */
export interface PartialLine {
  readonly bytes: Buffer;
  readonly offset: number;
  readonly file: FileProgress;
  /** What stands before it at the end of an earlier file, where its own file holds nothing else. */
  readonly earlier: PartialLine | undefined;
}

/**
 * What the file before one in a rotation ends with: a partial line, nothing that belongs to another, or
 * "unread" while that is not known yet.
 */
export type EndBefore = PartialLine | "unread" | undefined;

/** The pieces of a line that was cut by several rotations, the first one first. */
export function piecesOf(partial: PartialLine): readonly PartialLine[] {
  return partial.earlier === undefined ? [partial] : [...piecesOf(partial.earlier), partial];
}

/** A piece as short as this may begin like the next one by chance. */
const CHANCE_BYTES = 8;

/**
 * Which pieces may make a line with what follows them, the likeliest first: those that are no copy
 * of a file that had just begun, which the next piece repeats; all of them; without the first ones,
 * which may be of a line that was torn.
 */
export function likelyLines(
  partial: PartialLine,
  rest: Buffer,
): readonly (readonly PartialLine[])[] {
  const pieces = piecesOf(partial);
  const next = [...pieces.slice(1).map(({ bytes }) => bytes), rest];
  const without = (isCopy: (piece: PartialLine) => boolean): readonly PartialLine[] =>
    pieces.filter((piece, at) => !(startsWith(next[at], piece.bytes) && isCopy(piece)));
  const originals = without(({ bytes }) => bytes.length > CHANCE_BYTES);
  return [originals, pieces, without(() => true)].flatMap((each) =>
    each.map((_, from) => each.slice(from)),
  );
}

function startsWith(bytes: Buffer | undefined, beginning: Buffer): boolean {
  return bytes?.subarray(0, beginning.length).equals(beginning) === true;
}
