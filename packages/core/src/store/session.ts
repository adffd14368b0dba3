/** An instant as DuckDB gives it: microseconds since 1970 UTC. */
export interface Instant {
  readonly kind: "time";
  readonly micros: bigint;
}

/**
 * A value of a result: BIGINT and wider come as bigint, DECIMAL as exact text,
 * DOUBLE and narrow integers as number, TIMESTAMPTZ as an instant, lists,
 * structs and maps as plain data.
 */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | null
  | Instant
  | readonly Value[]
  | { readonly [key: string]: Value };

/** A value bound to a named parameter of a statement. */
export type Parameter = string | number | bigint | boolean | null | Instant | readonly string[];

/** A result with its columns in order. */
export interface ResultTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Value[])[];
}

/** What may be done with a store during a lease. */
export interface Session {
  /** Whether nothing can change what it reads as long as the lease lasts. */
  readonly steady: boolean;
  /** Runs one statement and forgets its result. */
  run(sql: string, parameters?: Readonly<Record<string, Parameter>>): Promise<void>;
  /** Runs one statement and gives its rows as objects. */
  rows(
    sql: string,
    parameters?: Readonly<Record<string, Parameter>>,
  ): Promise<readonly Readonly<Record<string, Value>>[]>;
  /** Runs one statement and gives columns and rows. */
  table(sql: string, parameters?: Readonly<Record<string, Parameter>>): Promise<ResultTable>;
}
