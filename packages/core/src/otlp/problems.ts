/** What does not fit in a piece of OTLP: collected, never thrown. */
export class Problems {
  /** The first problem since the last `clear`, with its place. */
  first: string | undefined;
  /** Number of problems since the last `clear`. */
  count = 0;
  /**
   * Whether a bare number stood where an integer beyond 2^53 was meant, so that it must be read
   * again exactly. It outlives `clear`.
   */
  inexact = false;
  /** Fields within attributes and values that have no place in them, as JSON texts. */
  private readonly extras: [place: string, json: string][] = [];
  private readonly path: string[] = [];

  /** Notes a problem with a field of the piece being read. */
  report(field: string, reason: string): void {
    this.count++;
    if (this.first !== undefined) return;
    const where = [...this.path, field].filter((part) => part !== "").join(".");
    this.first = where === "" ? reason : `${where} ${reason}`;
  }

  /** Keeps a field of an attribute or a value that has no place in it. */
  extra(name: string, json: string): void {
    this.extras.push([name, json]);
  }

  /** Number of fields that had no place and were not taken. */
  get extraCount(): number {
    return this.extras.length;
  }

  /** Takes the fields that had no place, but for the first few. */
  takeExtras(first: number): readonly [place: string, json: string][] {
    return this.extras.splice(first);
  }

  /** Reads something within a named part. */
  within<T>(part: string, read: () => T): T {
    this.path.push(part);
    try {
      return read();
    } finally {
      this.path.pop();
    }
  }

  /** Forgets what was noted. */
  clear(): void {
    this.first = undefined;
    this.count = 0;
    this.path.length = 0;
    this.extras.length = 0;
  }
}
