import type { NotRead, StoreStatus, Value } from "@cctelemetry/core";
import type { SheetColumn, SheetRow } from "@cctelemetry/core/light";
import { notReadNotes } from "../output/not-read.ts";

type FileStatus = StoreStatus["files"][number];

/** Of what is wrong with files, at most this many are listed below a table. */
const MOST_REASONS = 10;

/** How each column's value is found. */
type Columns = readonly (SheetColumn & { readonly value: (file: FileStatus) => Value })[];

const stored =
  (name: string) =>
  (file: FileStatus): Value =>
    file.stored[name] ?? null;

const columns: Columns = [
  { name: "path", label: "file", type: "VARCHAR", overflow: "cut-start", value: stored("path") },
  { name: "state", type: "VARCHAR", value: ({ now }) => now.state },
  {
    name: "lag_bytes",
    label: "behind",
    type: "BIGINT",
    unit: "bytes",
    value: ({ now }) => bigintOf(now.lagBytes),
  },
  {
    name: "cursor_offset",
    label: "read up to",
    type: "BIGINT",
    unit: "bytes",
    value: stored("cursor_offset"),
  },
  {
    name: "size_bytes",
    label: "of",
    type: "BIGINT",
    unit: "bytes",
    value: (file) => bigintOf(file.now.sizeBytes) ?? stored("size_bytes")(file),
  },
  { name: "lines", type: "BIGINT", unit: "count", minor: true, value: stored("lines") },
  { name: "records", type: "BIGINT", unit: "count", value: stored("records") },
  {
    name: "rejected_lines",
    label: "rejected",
    type: "BIGINT",
    unit: "count",
    value: stored("rejected_lines"),
  },
  {
    name: "last_read_at",
    label: "last read",
    type: "TIMESTAMP WITH TIME ZONE",
    minor: true,
    value: stored("last_read_at"),
  },
  { name: "framing", type: "VARCHAR", minor: true, value: stored("framing") },
  {
    name: "first_read_at",
    label: "first read",
    type: "TIMESTAMP WITH TIME ZONE",
    minor: true,
    value: stored("first_read_at"),
  },
];

const reason: Columns = [
  { name: "reason", type: "VARCHAR", value: ({ now }) => now.reason ?? null },
];

/** One row is one file. People read the reasons below the table, programs in a column. */
export function fileColumns(people: boolean): readonly SheetColumn[] {
  return columnsFor(people).map(({ value: _value, ...column }) => column);
}

/** The rows to `fileColumns`. */
export function fileRows(files: readonly FileStatus[], people: boolean): readonly SheetRow[] {
  return files.map((file) => columnsFor(people).map(({ value }) => value(file)));
}

/** The quiet lines below the table: what is wrong with which file, and the next step. */
export function fileNotes(
  files: readonly FileStatus[],
  notRead: readonly NotRead[],
): readonly string[] {
  const wrong = files.flatMap(({ stored: { path }, now }) =>
    now.reason === undefined || now.state === "gone" ? [] : [`${String(path)}: ${now.reason}`],
  );
  const more = wrong.length - MOST_REASONS;
  const unread = files.some(({ now }) => now.state === "behind" || now.state === "another file");
  return [
    ...wrong.slice(0, MOST_REASONS),
    ...(more > 0 ? [`${more} more files have problems; --json shows the reasons`] : []),
    ...(unread
      ? ["cctelemetry import <file> reads what is behind; cctelemetry watch follows"]
      : []),
    ...notReadNotes(notRead, false),
  ];
}

function columnsFor(people: boolean): Columns {
  return people ? columns : [...columns, ...reason];
}

function bigintOf(value: number | undefined): bigint | null {
  return value === undefined ? null : BigInt(value);
}
