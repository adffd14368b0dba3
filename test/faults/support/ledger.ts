/** What has arrived at a reader. */
export interface Arrival {
  /** How often each record came, by `request_id`. */
  readonly times: ReadonlyMap<string, number>;
  /** Records whose text is not the one that was written. */
  readonly altered: readonly string[];
  /** Lines that the reader could not make sense of: where they lie, or how they begin. */
  readonly rejected: readonly string[];
}

/** What a schedule came to: all zero where the reader survived it. */
export interface Verdict {
  readonly written: number;
  readonly lost: number;
  readonly doubled: number;
  /** Altered records, and rejected lines beyond those that were damaged by the writer. */
  readonly mangled: number;
  /** The first few ids of each kind, and what else went wrong, for the message of a test. */
  readonly details: readonly string[];
}

const SHOWN = 6;

/** Book of what was written, to be compared with what arrived. */
export class Ledger {
  private readonly notes = new Map<string, string>();
  private readonly excused = new Set<string>();
  private damagedLines = 0;

  /** Records that must arrive. */
  expect(records: ReadonlyMap<string, string>): void {
    for (const [id, note] of records) this.notes.set(id, note);
  }

  /** Records that were destroyed before anybody could read them: they may arrive. */
  excuse(ids: Iterable<string>): void {
    for (const id of ids) this.excused.add(id);
  }

  /** A line that the writer itself left damaged: a reader may reject it. */
  damaged(): void {
    this.damagedLines++;
  }

  get written(): number {
    return this.notes.size;
  }

  /** Records that may be missing. */
  get destroyed(): number {
    return this.excused.size;
  }

  /** What was written with the record, undefined for one that nobody wrote. */
  noteOf(id: string): string | undefined {
    return this.notes.get(id);
  }

  /** What must arrive and has not. */
  missing(arrived: { has(id: string): boolean }): readonly string[] {
    return [...this.notes.keys()].filter((id) => !arrived.has(id) && !this.excused.has(id));
  }

  compare({ times, altered, rejected }: Arrival, problems: readonly string[] = []): Verdict {
    const lost = this.missing(times);
    const doubled = [...times].filter(([, count]) => count > 1);
    const strange = [...times.keys()].filter((id) => !this.notes.has(id));
    const surplus = Math.max(0, rejected.length - this.damagedLines);
    return {
      written: this.notes.size,
      lost: lost.length,
      doubled: doubled.reduce((sum, [, count]) => sum + count - 1, 0),
      mangled: altered.length + strange.length + surplus,
      details: [
        ...some("lost", lost),
        ...some(
          "doubled",
          doubled.map(([id]) => id),
        ),
        ...some("never written", strange),
        ...some("altered", altered),
        ...(surplus === 0
          ? []
          : [`damaged were ${this.damagedLines} lines`, ...some("rejected", rejected)]),
        ...problems,
      ],
    };
  }
}

/** True where nothing was lost, doubled or mangled and nothing else went wrong. */
export function survived(verdict: Verdict): boolean {
  return verdict.lost + verdict.doubled + verdict.mangled === 0 && verdict.details.length === 0;
}

function some(what: string, ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  const more = ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : "";
  return [`${what}: ${ids.slice(0, SHOWN).join(", ")}${more}`];
}
