/** Something that takes a while; times in milliseconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The lane of each span, the first that is free when it begins: spans that overlap never share
 * one. Given in the order of their starts.
 */
export function lanesOf(spans: readonly Span[]): readonly number[] {
  const ends: number[] = [];
  return spans.map(({ start, end }) => {
    const free = ends.findIndex((taken) => taken <= start);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = Math.max(end, start);
    return lane;
  });
}
