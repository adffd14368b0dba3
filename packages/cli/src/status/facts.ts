import type { StoreStatus, Value } from "@cctelemetry/core";
import {
  compactBytes,
  compactCount,
  compactDuration,
  compactUsd,
  type Instant,
  type SheetColumn,
  type SheetRow,
  zonedClock,
} from "@cctelemetry/core/light";

/** The columns of the facts about the database as a whole. */
export const factColumns: readonly SheetColumn[] = [
  { name: "what", type: "VARCHAR" },
  { name: "value", type: "VARCHAR", overflow: "wrap" },
];

/** What a database knows, how fresh and complete it is, and how it is itself; `now` in milliseconds. */
export function factRows(
  status: StoreStatus,
  timeZone: string | undefined,
  now: number,
): readonly SheetRow[] {
  const { database, totals, files } = status;
  const oddTimes = oddTimesText(status);
  const number = (name: string): number => Number(totals[name] ?? 0);
  const counted = (name: string, one: string): string =>
    `${compactCount(number(name))} ${number(name) === 1 ? one : `${one}s`}`;
  return [
    ["database", database.path],
    ["size", compactBytes(database.sizeBytes)],
    ["state", conditionText(database)],
    ["files", String(files.length)],
    [
      "records",
      [
        counted("log_records", "log record"),
        counted("metric_points", "metric point"),
        counted("spans", "span"),
      ].join(" · "),
    ],
    [
      "usage",
      [
        counted("sessions", "session"),
        counted("requests", "request"),
        counted("tokens", "token"),
        compactUsd(number("cost_usd")),
      ].join(" · "),
    ],
    ["first", timeText(totals["first_time"], timeZone, now)],
    ["latest", timeText(totals["last_time"], timeZone, now)],
    ...(oddTimes === null ? [] : [["odd times", oddTimes]]),
    ["complete", completeText(totals)],
    ["rejected", counted("rejected_lines", "line")],
  ];
}

/** `ok, 12 GB free on its disk`; what is wrong, where something is, with the next step. */
export function conditionText({ path, condition, freeBytes }: StoreStatus["database"]): string {
  const free = freeBytes === undefined ? "" : `, ${compactBytes(freeBytes)} free on its disk`;
  const texts = {
    ok: `ok${free}`,
    missing: `${path} is gone`,
    "read-only": "read-only: what is stored can be asked, nothing can be added",
    "disk nearly full": `its disk is nearly full${free}`,
    "disk full": `its disk is full${free}: nothing can be stored until there is space`,
  } satisfies Record<typeof condition, string>;
  return texts[condition];
}

/** `3 records before 2020 · 1 record later than now: cctelemetry doctor`; null if there are none. */
export function oddTimesText({ oddTimes: { early, late } }: StoreStatus): string | null {
  const counted = (count: number, when: string): readonly string[] =>
    count === 0 ? [] : [`${compactCount(count)} ${count === 1 ? "record" : "records"} ${when}`];
  const texts = [...counted(early, "before 2020"), ...counted(late, "later than now")];
  return texts.length === 0 ? null : `${texts.join(" · ")} (cctelemetry doctor says what to do)`;
}

function timeText(
  value: Value | undefined,
  timeZone: string | undefined,
  now: number,
): string | null {
  if (!isInstant(value)) return null;
  const ago = now - Number(value.micros / 1000n);
  const shown = zonedClock(timeZone).seconds(value.micros);
  return ago < 0 ? shown : `${shown} (${compactDuration(ago)} ago)`;
}

function isInstant(value: Value | undefined): value is Instant {
  return typeof value === "object" && value !== null && "micros" in value;
}

function completeText(totals: StoreStatus["totals"]): string | null {
  const compared = Number(totals["compared_sessions"] ?? 0);
  if (compared === 0) return null;
  const agreeing = Number(totals["agreeing_sessions"] ?? 0);
  const causes = totals["likely_causes"];
  const why = Array.isArray(causes) && causes.length > 0 ? ` (else: ${causes.join(", ")})` : "";
  return `events and metrics agree in ${agreeing} of ${compared} sessions${why}`;
}
