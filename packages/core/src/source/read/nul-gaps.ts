import { LINE_FEED } from "../codec/bytes.ts";
import { nulGap } from "./damage.ts";
import type { SourceItem } from "./items.ts";

/** What a NUL gap is filled with. */
export const NUL = 0x00;

/** Whole lines from `start` to `end`, with the NULs at their beginnings taken out as gaps. */
export function* splitGaps(
  buffer: Buffer,
  start: number,
  end: number,
  base: number,
): Generator<SourceItem> {
  let from = start;
  let nul = buffer.indexOf(NUL, start);
  while (nul >= 0 && nul < end) {
    if (nul === start || buffer[nul - 1] === LINE_FEED) {
      const run = nulRun(buffer, nul, end);
      if (nul > from) yield lines(buffer, from, nul, base + from);
      yield nulGap(base + nul, run);
      from = nul + run;
      nul = buffer.indexOf(NUL, from);
    } else {
      const next = buffer.indexOf(LINE_FEED, nul) + 1;
      nul = buffer.indexOf(NUL, next);
    }
  }
  if (from < end) yield lines(buffer, from, end, base + from);
}

/** How many NULs there are from `start` on. */
export function nulRun(buffer: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && buffer[at] === NUL) at += 1;
  return at - start;
}

function lines(buffer: Buffer, start: number, end: number, offset: number): SourceItem {
  return { kind: "lines", buffer, start, end, offset };
}
