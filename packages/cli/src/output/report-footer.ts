import type { ReportFooter } from "@cctelemetry/core";
import { compactUsd, counted, zonedClock } from "@cctelemetry/core/light";

/** `5 rows · 2026-11-20 10:00 to 2026-11-21 09:12 · Europe/Berlin · events and metrics agree in 6 of 6 sessions` */
export function footerText(footer: ReportFooter): string {
  const rows = counted(footer.rows, "row");
  const parts = [
    footer.more ? `the first ${rows}; --limit all shows all` : rows,
    rangeText(footer),
    footer.tz,
    coverageText(footer),
    unpricedText(footer),
    uncountedText(footer),
    footer.rejectedLines === 0 ? "" : `${counted(footer.rejectedLines, "line")} rejected`,
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

/** The line for standard error where a format has no footer: the cost is not all of it. Else empty. */
export function priceNote(footer: ReportFooter): string {
  const text = unpricedText(footer);
  return text === "" ? "" : `note: ${text}\n`;
}

function rangeText({ firstTime, lastTime, tz }: ReportFooter): string {
  if (firstTime === null || lastTime === null) return "no usage";
  const clock = zonedClock(tz);
  const from = clock.seconds(firstTime.micros).slice(0, -3);
  const to = clock.seconds(lastTime.micros).slice(0, -3);
  return from.slice(0, 10) === to.slice(0, 10) ? `${from} to ${to.slice(11)}` : `${from} to ${to}`;
}

function coverageText({ sessions, agreeing, withoutMetrics, withoutEvents }: ReportFooter): string {
  if (sessions === 0) return "";
  const lacking = [
    withoutMetrics === 0 ? "" : `${withoutMetrics} without metrics`,
    withoutEvents === 0 ? "" : `${withoutEvents} without events`,
  ].filter((part) => part !== "");
  const why = lacking.length === 0 ? "" : ` (${lacking.join(", ")})`;
  return `events and metrics agree in ${agreeing} of ${counted(sessions, "session")}${why}`;
}

/** `2 requests without a price: $0.0052 at list price, $0.50 by metrics` */
function unpricedText({ unpriced }: ReportFooter): string {
  if (unpriced === null) return "";
  const { requests, listed, listCostUsd, metricCostUsd } = unpriced;
  const known = listed === requests ? "" : ` for ${listed} of them`;
  const amounts = [
    listCostUsd === null ? "" : `${compactUsd(Number(listCostUsd))} at list price${known}`,
    Number(metricCostUsd) > 0 ? `${compactUsd(Number(metricCostUsd))} by metrics` : "",
  ].filter((part) => part !== "");
  const worth = amounts.length === 0 ? "" : `: ${amounts.join(", ")}`;
  return `${counted(requests, "request")} without a price${worth}`;
}

function uncountedText({ uncountedPoints }: ReportFooter): string {
  const points = uncountedPoints ?? 0;
  if (points === 0) return "";
  return `${counted(points, "point")} of metrics not counted in full, see report coverage`;
}

/** Tags that are named, the most used first. */
const MOST_TAGS = 12;

/** Which tags there are on what has none of the kind asked for, and how to use them. */
export function tagsText({ untagged, tags }: ReportFooter): readonly string[] {
  const [first] = tags;
  if (!untagged || first === undefined) return [];
  const named = [...tags.slice(0, MOST_TAGS), ...(tags.length > MOST_TAGS ? ["…"] : [])];
  return [
    `tags there are: ${named.join(", ")}; --by tag:${first} splits by one, and settings.json makes one stand for workflow, stage, task or agent`,
  ];
}
