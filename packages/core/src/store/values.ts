import {
  BIGINT,
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  type DuckDBResultReader,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  TIMESTAMPTZ,
  VARCHAR,
} from "@duckdb/node-api";
import type { Parameter, ResultTable, Session, Value } from "./session.ts";

/**
 * Gives a connection the shape that the rest of the core asks with; `steady` where nothing can
 * change what it reads.
 */
export function sessionOn(connection: DuckDBConnection, { steady = false } = {}): Session {
  const read = async (
    sql: string,
    parameters: Readonly<Record<string, Parameter>> | undefined,
  ): Promise<DuckDBResultReader> => {
    if (parameters === undefined || Object.keys(parameters).length === 0) {
      return connection.streamAndReadAll(sql);
    }
    // A prepared statement keeps the memory of its last run until it is destroyed.
    const statement = await connection.prepare(sql);
    try {
      const { values, types } = bind(parameters);
      statement.bind(values, types);
      return await statement.streamAndReadAll();
    } finally {
      statement.destroySync();
    }
  };
  return {
    steady,
    run: async (sql, parameters) => {
      // One step for the engine's thread instead of five; there is no result whose memory is kept.
      if (parameters === undefined) await connection.run(sql);
      else await read(sql, parameters);
    },
    rows: async (sql, parameters) => {
      const reader = await read(sql, parameters);
      const names = reader.columnNames();
      return reader.getRows().map((row) => {
        const entries = row.map((value, at) => [names[at] ?? "", toValue(value)] as const);
        return Object.fromEntries(entries);
      });
    },
    table: async (sql, parameters) => tableOf(await read(sql, parameters)),
  };
}

/** The columns and rows of a result that was read. */
export function tableOf(reader: DuckDBResultReader): ResultTable {
  const types = reader.columnTypes();
  return {
    columns: reader.columnNames().map((name, at) => ({ name, type: String(types[at]) })),
    rows: reader.getRows().map((row) => row.map(toValue)),
  };
}

/** A value of DuckDB as the core represents it. */
export function toValue(value: DuckDBValue): Value {
  if (value === null || typeof value !== "object") return value ?? null;
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue) {
    return { kind: "time", micros: value.micros };
  }
  if (value instanceof DuckDBDecimalValue) return value.toString();
  if (value instanceof DuckDBListValue) return value.items.map(toValue);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(
      Object.entries(value.entries).map(([name, each]) => [name, toValue(each)]),
    );
  }
  if (value instanceof DuckDBMapValue) {
    return Object.fromEntries(
      value.entries.map(({ key, value: each }) => [String(toValue(key)), toValue(each)]),
    );
  }
  if (value instanceof DuckDBDateValue || value instanceof DuckDBIntervalValue) {
    return value.toString();
  }
  return String(value);
}

function bind(parameters: Readonly<Record<string, Parameter>>): {
  values: Record<string, DuckDBValue>;
  types: Record<string, DuckDBType>;
} {
  const values: Record<string, DuckDBValue> = {};
  const types: Record<string, DuckDBType> = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (isList(value)) {
      values[name] = listValue([...value]);
      types[name] = LIST(VARCHAR);
    } else if (typeof value === "object" && value !== null) {
      values[name] = new DuckDBTimestampTZValue(value.micros);
      types[name] = TIMESTAMPTZ;
    } else if (typeof value === "bigint" || Number.isSafeInteger(value)) {
      values[name] = BigInt(value as bigint | number);
      types[name] = BIGINT;
    } else {
      values[name] = value;
    }
  }
  return { values, types };
}

function isList(value: Parameter): value is readonly string[] {
  return Array.isArray(value);
}
