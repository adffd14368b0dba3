import type { Row } from "../live/from-row.ts";
import type { ResultTable, Value } from "../store/session.ts";

/** The rows of a result, one after the other, read by name. A column that was not asked for is NULL. */
export class StoredRows implements Row {
  private readonly table: ResultTable;
  private readonly places: ReadonlyMap<string, number>;
  private row: readonly Value[] = [];

  constructor(table: ResultTable) {
    this.table = table;
    this.places = new Map(table.columns.map(({ name }, at) => [name, at]));
  }

  /** What each row is made into. */
  map<T>(make: (row: this) => T): T[] {
    return this.table.rows.map((row) => {
      this.row = row;
      return make(this);
    });
  }

  get id(): string {
    return this.text("id") ?? "";
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    return typeof value === "string" ? value : undefined;
  }

  integer(name: string): bigint | undefined {
    const value = this.value(name);
    if (typeof value === "bigint") return value;
    const isTime = typeof value === "object" && value !== null && "micros" in value;
    return isTime && typeof value.micros === "bigint" ? value.micros : undefined;
  }

  double(name: string): number | undefined {
    const value = this.value(name);
    return typeof value === "number" ? value : undefined;
  }

  truth(name: string): boolean | undefined {
    const value = this.value(name);
    return typeof value === "boolean" ? value : undefined;
  }

  private value(name: string): Value {
    const place = this.places.get(name);
    return place === undefined ? null : (this.row[place] ?? null);
  }
}
