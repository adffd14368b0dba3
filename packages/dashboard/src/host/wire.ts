/** For hosts: the core's answers as messages of the protocol. */
import type { Report, ReportResult, Value, WireState } from "@cctelemetry/core";
import { formats, isoUtc, portable } from "@cctelemetry/core/light";
import {
  type Cell,
  type LiveMessage,
  MOST_ROWS,
  type ReportDescription,
  type TableMessage,
} from "./protocol.ts";

/** Characters of the name of a tag that a list can offer. */
const LONGEST_TAG = 1_000;

/** The description of a report for the page. */
export function reportDescription(report: Report): ReportDescription {
  const { name, title, question, parameters, required = [], splits = [], limit } = report;
  const columns = report.columns.map((column) => ({
    name: column.name,
    label: column.label,
    role: column.role,
    unit: column.unit,
    bar: column.bar === true,
    minor: column.minor === true,
  }));
  return {
    name,
    title,
    question,
    parameters,
    required,
    splits,
    limit: limit ?? null,
    columns,
  };
}

/** A report's result as the answer to the request `id`. */
export function reportTable(id: number, { columns, rows, footer }: ReportResult): TableMessage {
  return {
    kind: "table",
    id,
    columns: columns.map((column) => ({
      name: column.name,
      label: column.label,
      type: column.type,
      unit: column.unit,
      role: column.role,
      bar: column.bar === true,
      minor: column.minor === true,
    })),
    rows: rows.slice(0, MOST_ROWS).map((row) => row.map(cell)),
    more: footer.more || rows.length > MOST_ROWS,
    footer: {
      firstTime: footer.firstTime === null ? null : isoUtc(footer.firstTime.micros),
      lastTime: footer.lastTime === null ? null : isoUtc(footer.lastTime.micros),
      timeZone: footer.tz,
      sessions: footer.sessions,
      agreeing: footer.agreeing,
      rejectedLines: footer.rejectedLines,
      // A name that does not fit into a request cannot be asked for.
      tags: footer.tags.filter((name) => name.length <= LONGEST_TAG),
    },
  };
}

/** The rows of a query as the answer to the request `id`; `cut` where there were more. */
export function queryTable(
  id: number,
  columns: readonly { readonly name: string; readonly type: string }[],
  rows: readonly (readonly Value[])[],
  cut: boolean,
): TableMessage {
  return {
    kind: "table",
    id,
    columns: columns.map(({ name, type }) => ({
      name,
      label: name,
      type,
      unit: null,
      role: null,
      bar: false,
      minor: false,
    })),
    rows: rows.slice(0, MOST_ROWS).map((row) => row.map(cell)),
    more: cut || rows.length > MOST_ROWS,
    footer: null,
  };
}

/** A live state as the page gets it. */
export function liveMessage(state: WireState): LiveMessage {
  return { kind: "live", ...portable(state) };
}

/** A value as it goes over the wire; see `Cell`. */
export function cell(value: Value): Cell {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if ("kind" in value && value.kind === "time" && typeof value["micros"] === "bigint") {
    return isoUtc(value["micros"]);
  }
  return jsonText(value);
}

function jsonText(value: Value): string {
  const line = formats.jsonl([{ name: "v", type: "STRUCT" }]).rows([[value]]);
  return line.trimEnd().slice('{"v":'.length, -1);
}
