import type { Parameter, Session, Value } from "../store/session.ts";
import { isSplitTag } from "./arguments.ts";
import type { ReportColumn } from "./report.ts";
import tagNamesSql from "./tag_names.sql";

/** Columns of what people tag, and the splits that are the same. */
const taggedColumns = new Set(["workflow_id", "stage", "task_id", "agent"]);
const taggedSplits = /^(?:workflow|stage|task|agent|tag:.*)$/s;

/** Whether a row of a report stands for what carries no tag of the kind that the report is about. */
export function namesUntagged(
  columns: readonly ReportColumn[],
  rows: readonly (readonly Value[])[],
  by: string | null,
): boolean {
  const isTagged = ({ name }: ReportColumn): boolean =>
    taggedColumns.has(name) || (name === "part" && by !== null && taggedSplits.test(by));
  const at = columns.flatMap((column, index) => (isTagged(column) ? [index] : []));
  return rows.some((row) => at.some((index) => row[index] === null || row[index] === "(none)"));
}

/** The names of tags that usage of a range carries and that it can be split by, the most used first. */
export async function tagNames(
  session: Session,
  range: Readonly<Record<string, Parameter>>,
): Promise<readonly string[]> {
  const rows = await session.rows(tagNamesSql, range);
  return rows.map(({ name }) => String(name)).filter(isSplitTag);
}
