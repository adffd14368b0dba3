import type { FileProgress } from "./cursor.ts";

/** A half line at the end of a file, which the next file of a rotation may complete. */
export interface HalfLine {
  readonly bytes: Buffer;
  readonly offset: number;
  readonly file: FileProgress;
  /** What stands before it at the end of an earlier file, where its own file holds nothing else. */
  readonly earlier: HalfLine | undefined;
}

/**
 * What the file before one in a rotation ends with: half a line, nothing that belongs to another, or
 * "unread" while that is not known yet.
 */
export type EndBefore = HalfLine | "unread" | undefined;

/** The pieces of a line that was cut by several rotations, the first one first. */
export function piecesOf(half: HalfLine): readonly HalfLine[] {
  return half.earlier === undefined ? [half] : [...piecesOf(half.earlier), half];
}

/**
 * Which pieces may make a line with what follows them, the likeliest first: all of them; without those
 * of copies, which the piece after them repeats; without the first ones, of a line that was torn.
 */
export function likelyLines(half: HalfLine, rest: Buffer): readonly (readonly HalfLine[])[] {
  const pieces = piecesOf(half);
  const next = [...pieces.slice(1).map(({ bytes }) => bytes), rest];
  const originals = pieces.filter(({ bytes }, at) => !startsWith(next[at], bytes));
  return [pieces, originals].flatMap((each) => each.map((_, from) => each.slice(from)));
}

function startsWith(bytes: Buffer | undefined, beginning: Buffer): boolean {
  return bytes?.subarray(0, beginning.length).equals(beginning) === true;
}
