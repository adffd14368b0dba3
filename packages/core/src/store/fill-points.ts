import { recordTables } from "../model/columns.ts";
import { countingOf, hasValue, isHistogram, sumOfDistribution } from "../model/metric-forms.ts";
import { labelOf } from "../model/slots.ts";
import type { MetricDataType, Temporality } from "../otlp/sink.ts";
import type { Session } from "./session.ts";
import { storedName } from "./statements.ts";

const POINTS = storedName(recordTables.metric_points);

/** Fills what says how points count, and who sent them, in a database that was made without it. */
export async function fillPoints(session: Session): Promise<void> {
  await fillSums(session);
  await fillCounting(session);
  await fillLabels(session);
}

async function fillSums(session: Session): Promise<void> {
  const found = await session.rows(
    `SELECT CAST(rowid AS VARCHAR) AS point, data_type, distribution FROM ${POINTS}
     WHERE canonical_metric IS NOT NULL AND distribution IS NOT NULL`,
  );
  const sums = found.flatMap((row) => {
    if (!isHistogram(String(row["data_type"]) as MetricDataType)) return [];
    const sum = sumOfDistribution(String(row["distribution"]));
    return sum === undefined ? [] : [[String(row["point"]), String(sum)] as const];
  });
  if (sums.length === 0) return;
  await session.run(
    `UPDATE ${POINTS} AS point SET distribution_sum = CAST(found.sum AS DOUBLE)
     FROM (SELECT unnest($points) AS point, unnest($sums) AS sum) AS found
     WHERE point.rowid = CAST(found.point AS BIGINT)`,
    { points: sums.map(([point]) => point), sums: sums.map(([, sum]) => sum) },
  );
}

async function fillCounting(session: Session): Promise<void> {
  const metrics = await session.rows(
    `SELECT DISTINCT metric_name, data_type, temporality FROM ${POINTS}
     WHERE canonical_metric IS NOT NULL`,
  );
  for (const { metric_name: metric, data_type: type, temporality: sent } of metrics) {
    const name = String(metric);
    const dataType = String(type) as MetricDataType;
    const temporality = sent === null ? undefined : (String(sent) as Temporality);
    const counting = countingOf({ name, dataType, temporality });
    if (counting === undefined) continue;
    await session.run(
      `UPDATE ${POINTS} SET counting = $counting
       WHERE metric_name = $name AND data_type = $type AND temporality IS NOT DISTINCT FROM $sent
         AND isfinite(${isHistogram(dataType) ? "distribution_sum" : "value"})`,
      { counting, name, type: dataType, sent: temporality ?? null },
    );
  }
  const marked = await session.rows(
    `SELECT CAST(rowid AS VARCHAR) AS point, other_fields FROM ${POINTS}
     WHERE counting IS NOT NULL AND other_fields IS NOT NULL`,
  );
  const empty = marked.filter((row) => !hasValue(0, String(row["other_fields"])));
  if (empty.length === 0) return;
  await session.run(
    `UPDATE ${POINTS} SET counting = NULL
     WHERE rowid IN (SELECT CAST(unnest($points) AS BIGINT))`,
    { points: empty.map((row) => String(row["point"])) },
  );
}

/** Takes over what has the name of a label of Prometheus. */
async function fillLabels(session: Session): Promise<void> {
  for (const column of recordTables.metric_points.columns) {
    const label = labelOf(column);
    if (label === undefined) continue;
    await session.run(
      `UPDATE ${POINTS} SET ${column.name} = json_extract_string(attributes, $path)
       WHERE ${column.name} IS NULL AND contains(attributes, $label)
         AND json_type(attributes, $path) = 'VARCHAR'`,
      { path: `/${label}`, label: `"${label}"` },
    );
  }
}
