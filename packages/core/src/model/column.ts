/** How a column is staged and stored. */
export type ColumnKind =
  /** VARCHAR, staged as a code into the dictionary of the batch. */
  | "text"
  /** BIGINT or a narrower integer. */
  | "int"
  /** BIGINT, billionths of a USD. */
  | "money"
  /** DOUBLE. */
  | "double"
  /** BOOLEAN. */
  | "bool"
  /** TIMESTAMPTZ, microseconds since 1970 UTC. */
  | "time"
  /** UUID: the 128 bits that identify a record by its whole content. */
  | "id";

/** One stored column. */
export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  /** The SQL type, if it does not follow from the kind. */
  readonly sqlType?: string;
  /** The OTLP attribute that fills this column, if one does. */
  readonly attribute?: string;
  /** True where the resource's attribute of that name serves when the record has none. */
  readonly fromResource?: boolean;
  /** How the column follows from another of the same row; it is no part of what identifies a record. */
  readonly derived?: Derivation;
  /** How the database computes the column when a row is inserted; it is not staged. */
  readonly computed?: Computation;
  readonly comment: string;
}

/** How a text column follows from another text column. */
export interface Derivation {
  readonly from: string;
  /** A pure function; undefined is NULL. */
  readonly of: (text: string | undefined) => string | undefined;
}

/** How a column is computed from another of the same row. */
export interface Computation {
  readonly from: string;
  readonly sql: (value: string) => string;
}
