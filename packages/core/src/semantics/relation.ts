/** A column of a relation as users see it. */
export interface ColumnText {
  readonly name: string;
  /** One sentence: what the value is, in which unit, and when it is NULL. */
  readonly text: string;
}

/**
 * A table or view of the public SQL contract. `cctelemetry schema`, docs/sql.md
 * and the comments in the database are made from it.
 */
export interface Relation {
  readonly kind: "table" | "view";
  /** `main` is public and needs no prefix, `otel` holds compatibility names. */
  readonly schema: "main" | "otel";
  readonly name: string;
  /** What one row is. */
  readonly row: string;
  readonly columns: readonly ColumnText[];
}

/** A relation or macro that is made by a statement of its own. */
export interface Made {
  /** Path below semantics/views without `.sql`; what it makes has the same name. */
  readonly path: string;
  readonly sql: string;
}

/** A column described here, or the name of one that means the same everywhere. */
export type ColumnEntry<Shared extends string> = Shared | readonly [name: string, text: string];

/** Columns from names of shared columns and texts of own ones. */
export function columnsOf<Shared extends string>(
  shared: Readonly<Record<Shared, string>>,
  entries: readonly ColumnEntry<Shared>[],
): readonly ColumnText[] {
  return entries.map((entry) =>
    typeof entry === "string"
      ? { name: entry, text: shared[entry] }
      : { name: entry[0], text: entry[1] },
  );
}
