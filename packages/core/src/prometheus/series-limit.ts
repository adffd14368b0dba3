import { added, type Family, type Labels, type Series, seriesKey } from "./family.ts";

/** The value of the labels of what is beyond the limit. */
const OTHER = "(other)";
/** Labels with few values, which are kept. */
const FIXED_LABELS: ReadonlySet<string> = new Set(["type", "query_source", "attribution", "span"]);

/**
 * Limits how many series a family has: those that began first keep their labels, all others are added
 * up with `(other)` in place of theirs, so that sums stay right. A series that once was kept stays so
 * as long as it is there.
 */
export class SeriesLimit {
  private readonly kept = new Map<string, ReadonlySet<string>>();
  private readonly most: number;

  /** @param most series of a family that keep their labels. */
  constructor(most: number) {
    this.most = most;
  }

  /** The family within the limit, and how many of its series were folded. */
  apply(family: Family): { readonly family: Family; readonly folded: number } {
    if (family.series.length <= this.most) {
      this.kept.set(family.name, new Set(family.series.map(({ key }) => key)));
      return { family, folded: 0 };
    }
    const before = this.kept.get(family.name) ?? new Set();
    const rank = (series: Series): number => (before.has(series.key) ? 0 : 1);
    const ordered = [...family.series].sort(
      (a, b) => rank(a) - rank(b) || a.firstTime - b.firstTime || (a.key < b.key ? -1 : 1),
    );
    const kept = ordered.slice(0, this.most);
    this.kept.set(family.name, new Set(kept.map(({ key }) => key)));
    const folded = ordered.slice(this.most);
    const used = new Set(
      family.series.flatMap(({ labels }) =>
        Object.keys(labels).filter((name) => labels[name] !== null),
      ),
    );
    const all = new Map(kept.map((series) => [series.key, series]));
    for (const series of folded) {
      const labels = foldedLabels(series.labels, used);
      // A value of (other) may have come from outside.
      const key = seriesKey(labels);
      all.set(key, added(all.get(key), { ...series, labels, key }));
    }
    return { family: { ...family, series: [...all.values()] }, folded: folded.length };
  }
}

/** Labels that no series of the family has stay away. */
function foldedLabels(labels: Labels, used: ReadonlySet<string>): Labels {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [
      name,
      FIXED_LABELS.has(name) || !used.has(name) ? value : OTHER,
    ]),
  );
}
